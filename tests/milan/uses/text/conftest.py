"""A text whose tags three units know, with activations in a folder as extraction writes it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from milan.texts import Sentences, Tagged

N_SENTENCES = 120


@pytest.fixture(scope="session")
def tagged() -> Tagged:
    """Five words a sentence, of 90 kinds; a kind is a noun, a verb or neither, and two words are `X`."""
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 90, (N_SENTENCES, 5))
    sentences = Sentences.of([[f"w{kind}" for kind in row] for row in kinds])
    tags: list[str | None] = [("N", "V", "P")[kind % 3] for kind in kinds.ravel().tolist()]
    tags[10] = tags[11] = "X"
    tags[20] = None
    return Tagged(sentences, tuple(tags))


@pytest.fixture(scope="session")
def write_activations(tagged: Tagged) -> Callable[[Path, int], Path]:
    """Two layers of 20 units; units 3, 4 and 5 of the first follow N, V and P, unit 7 the position."""

    def write(folder: Path, seed: int) -> Path:
        folder.mkdir()
        rng = np.random.default_rng(seed)
        low, high = rng.normal(size=(2, len(tagged.tags), 20)).astype(np.float32)
        for unit, tag in ((3, "N"), (4, "V"), (5, "P")):
            low[:, unit] += [3.0 * (own == tag) for own in tagged.tags]
        low[:, 7] = tagged.sentences.position + 0.1 * low[:, 7]
        np.save(folder / "low.npy", low)
        np.save(folder / "high.npy", high)
        np.save(folder / "places.npy", np.stack([tagged.sentences.sentence, tagged.sentences.position], 1))
        (folder / "words.txt").write_text("".join(f"{word}\n" for word in tagged.sentences.words))
        record = {"n_sentences": N_SENTENCES, "layers": ["low", "high"]}
        (folder / "extraction.json").write_text(json.dumps(record))
        return folder

    return write


@pytest.fixture(scope="session")
def activations(
    tmp_path_factory: pytest.TempPathFactory, write_activations: Callable[[Path, int], Path]
) -> Path:
    return write_activations(tmp_path_factory.mktemp("text") / "first", 0)


@pytest.fixture(scope="session")
def tag_file(tmp_path_factory: pytest.TempPathFactory, tagged: Tagged) -> Path:
    """The same tags as lines of word and tag; the word without one has a tag of its own."""
    path = tmp_path_factory.mktemp("tags") / "tags.tsv"
    lines, before = [], 0
    for word, tag, sentence in zip(
        tagged.sentences.words, tagged.tags, tagged.sentences.sentence.tolist(), strict=True
    ):
        lines += [""] * (sentence != before) + [f"{word}\t{tag or 'none'}"]
        before = sentence
    path.write_text("\n".join(lines) + "\n")
    return path
