"""The phrase bank: what ships, searching it, adding to it, and carrying it into another space."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from captioner.bank import PhraseBank, open_bank, read_phrases
from captioner.bank_sources.decency import is_decent
from captioner.errors import CaptionerError
from captioner.files import data_file
from captioner.sentences import sentence_encoder


def vectors_of(phrases: Sequence[str], dim: int = 8) -> np.ndarray:
    """A toy space: each phrase has its own direction."""
    rows = [np.random.default_rng(sum(map(ord, phrase)) * len(phrase)).normal(size=dim) for phrase in phrases]
    found = np.array(rows, np.float32).reshape(-1, dim)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


class ToyReader:
    tensor_hashes = frozenset({"toy"})

    def read(self, pictures: Sequence[np.ndarray], masks: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [np.zeros((len(held), 1), np.float32) for held in masks]


class ToyEncoder:
    """Counts what it embeds."""

    def __init__(self, dim: int = 8, name: str = "toy") -> None:
        self.name, self.reader, self.dim, self.n_embedded = name, ToyReader(), dim, 0

    def embed_regions(self, features: np.ndarray) -> np.ndarray:
        return vectors_of(["region"] * len(features), self.dim)

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        self.n_embedded += len(phrases)
        return vectors_of(phrases, self.dim)


@pytest.fixture
def bank() -> PhraseBank:
    phrases = tuple(
        f"a {colour} {noun}" for colour in ("red", "blue", "green") for noun in ("bus", "dog", "cat")
    )
    return PhraseBank(phrases, ("coloured",) * len(phrases), vectors_of(phrases))


@pytest.fixture(scope="module")
def shipped() -> PhraseBank:
    return open_bank()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))


def test_nearest_agrees_with_comparing_all_pairs(bank: PhraseBank) -> None:
    queries = vectors_of(["one", "another"])
    found = bank.nearest(queries, 4)
    cosine = queries @ bank.vectors.T
    np.testing.assert_array_equal(found.indices, np.argsort(-cosine, axis=1)[:, :4])
    np.testing.assert_allclose(found.similarities, -np.sort(-cosine, axis=1)[:, :4], atol=1e-6)


def test_asking_for_more_than_there_are_gives_all(bank: PhraseBank) -> None:
    assert bank.nearest(vectors_of(["one"]), 100).indices.shape == (1, 9)


def test_queries_of_another_space_are_refused(bank: PhraseBank) -> None:
    with pytest.raises(CaptionerError, match="queries have 5 numbers, the bank's vectors 8"):
        bank.nearest(vectors_of(["one"], dim=5), 2)


def test_own_phrases_are_added_once_and_known_ones_not_at_all(bank: PhraseBank) -> None:
    more = bank.extended_with(["a red bus", "a cracked solar cell", "a cracked solar cell"], vectors_of)
    assert more.phrases == (*bank.phrases, "a cracked solar cell")
    assert more.kinds[-1] == "own"
    assert more.nearest(vectors_of(["a cracked solar cell"]), 1).indices.tolist() == [[9]]
    assert bank.extended_with(["a red bus"], vectors_of) is bank


def test_a_saved_bank_comes_back_almost_unchanged(bank: PhraseBank, tmp_path: Path) -> None:
    bank.save(tmp_path / "bank")
    again = PhraseBank.load(tmp_path / "bank")
    assert (again.phrases, again.kinds) == (bank.phrases, bank.kinds)
    assert (again.vectors * bank.vectors).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("lost", ["bank.tsv", "bank.safetensors"])
def test_half_a_bank_is_refused(bank: PhraseBank, tmp_path: Path, lost: str) -> None:
    bank.save(tmp_path / "bank")
    (tmp_path / lost).unlink()
    with pytest.raises(CaptionerError, match="bank"):
        PhraseBank.load(tmp_path / "bank")


def test_an_encoder_of_the_same_space_takes_the_vectors_at_hand(bank: PhraseBank) -> None:
    encoder = ToyEncoder()
    assert bank.embedded_by(encoder) is bank
    assert encoder.n_embedded == len(bank)  # nine phrases are their own probes


def test_an_encoder_with_a_space_of_its_own_embeds_the_bank_once(bank: PhraseBank) -> None:
    encoder = ToyEncoder(dim=6)
    first = bank.embedded_by(encoder)
    embedded = encoder.n_embedded
    second = bank.embedded_by(encoder)
    assert encoder.n_embedded - embedded == len(bank)  # probes alone
    assert first.vectors.shape == (9, 6)
    assert (first.vectors * second.vectors).sum(axis=1).min() > 0.999


def test_vectors_of_another_model_under_the_same_name_are_not_taken_from_the_cache(bank: PhraseBank) -> None:
    bank.embedded_by(ToyEncoder(dim=6))

    class Retrained(ToyEncoder):
        def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
            return -super().embed_phrases(phrases)

    again = bank.embedded_by(Retrained(dim=6))
    np.testing.assert_allclose(again.vectors, -vectors_of(bank.phrases, 6), atol=1e-6)


def test_a_damaged_cache_is_made_anew(bank: PhraseBank, tmp_path: Path) -> None:
    bank.embedded_by(ToyEncoder(dim=6))
    for kept in (tmp_path / "cache").rglob("*.safetensors"):
        kept.write_bytes(b"not a tensor")
    assert bank.embedded_by(ToyEncoder(dim=6)).vectors.shape == (9, 6)


def test_phrases_are_read_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text(
        "\ufeff# my words\nA Cracked  Solar Cell\n\n  a hot spot \na hot spot\r\nein Fleck\n",
        encoding="utf-8",
    )
    assert read_phrases(file) == ("a cracked solar cell", "a hot spot", "ein fleck")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a dog\n---\n", "line 2: '---' is no phrase"),
        (b"a dog\na \xff cat\n", "line 2: not UTF-8 text"),
        (b"a dog\n" + b"word " * 21, "line 2: 21 words; a phrase has at most 20"),
        (b"# only this\n\n", "holds no phrase"),
    ],
)
def test_a_line_that_is_no_phrase_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "phrases.txt"
    file.write_bytes(content)
    with pytest.raises(CaptionerError, match=said) as error:
        read_phrases(file)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CaptionerError, match=r"cannot read phrases from .*none\.txt: No such file"):
        read_phrases(tmp_path / "none.txt")


def test_what_ships_holds_the_vectors_of_the_packaged_sentence_encoder(shipped: PhraseBank) -> None:
    some = range(0, len(shipped), len(shipped) // 20)
    truth = sentence_encoder().embed([shipped.phrases[i] for i in some])
    assert (shipped.vectors[list(some)] * truth).sum(axis=1).min() > 0.999


def test_what_ships_covers_what_pictures_show(shipped: PhraseBank) -> None:
    wanted = """
        a red bus, a dog, a german shepherd, a striped pattern, the wheel of a car, the left ear of a dog,
        a face, hands, a beach, a watermark, text, a diagonal line, wood, blue, a cloudy sky,
        a person riding a horse, a dog running, a cup on a table, two cats, a person holding a book,
        the left half of a cup, a foggy road, the texture of wood, a blue and white vase,
        a bird with a red head
    """
    missing = {" ".join(phrase.split()) for phrase in wanted.split(",")} - set(shipped.phrases)
    assert not missing
    assert 19_000 <= len(shipped) <= 22_000


def test_what_ships_is_small_and_says_where_it_comes_from(shipped: PhraseBank) -> None:
    files = [data_file(f"captioner/bank.{ending}") for ending in ("tsv", "safetensors", "json")]
    assert sum(file.stat().st_size for file in files) <= 9 * 1024**2
    card = json.loads(files[2].read_text(encoding="utf-8"))
    assert card["phrases"] == len(shipped)
    assert all(source["licence"] for source in card["sources"])


def test_what_ships_is_in_one_style(shipped: PhraseBank) -> None:
    assert len(set(shipped.phrases)) == len(shipped.phrases)
    for phrase in shipped.phrases:
        assert phrase == " ".join(phrase.lower().split())
        assert len(phrase.split()) <= 8


def test_what_ships_has_no_rude_word(shipped: PhraseBank) -> None:
    assert [phrase for phrase in shipped.phrases if not is_decent(phrase)] == []
