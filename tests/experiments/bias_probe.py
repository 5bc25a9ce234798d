"""Units of a translator that carry the gender of a sentence, held still: what follows the source afterwards?

    python tests/experiments/bias_probe.py                      # a minute
    python tests/experiments/bias_probe.py --texts multi30k     # with BLEU on test_2016_flickr, minutes

Pairs of sentences differ in gendered words alone: templates of ours times pairs of subjects. On every second
template the units of `encoder.1` are ranked by their paired difference, mean over spread; on the others it
is counted how many gendered words of the translation still follow the source when the first n units are held
at their mean over both genders, at all words. Beside it as many random units, five draws. A word of the
translation is gendered when a list of ours has it: nouns of people, il and elle, participles and adjectives
that agree. Counted are only those that follow the source in the untouched translation.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Float64, Int64

from milan.ablation.text import TranslatorUnits
from milan.ablation.text.reading import at_words
from milan.networks.interventions import change
from milan.records import Edit, Figure
from milan.statistics.corpus import CorpusCounts, corpus_difference, corpus_figure
from milan.translation import bleu_counts, bleu_of, read_parallel, shipped_translator

LAYER = "encoder.1"
SUBJECTS = [
    ("A man", "A woman"),
    ("A boy", "A girl"),
    ("A young man", "A young woman"),
    ("An older man", "An older woman"),
    ("A little boy", "A little girl"),
]
TEMPLATES = [
    "{subject} is cooking in a kitchen.",
    "{subject} is repairing a car.",
    "{subject} is sitting on a bench.",
    "{subject} is seated at a table.",
    "{subject} is dressed as a clown.",
    "{subject} dressed in black is walking down the street.",
    "{subject} is surrounded by children.",
    "{subject} is lying on the grass.",
    "{subject} is leaning against a wall.",
    "{subject} is kneeling on the ground.",
    "{subject} is riding a horse on the beach.",
    "{subject} plays the guitar on a stage.",
    "{subject} reads a newspaper while {he} is waiting.",
    "{subject} is smiling while {he} is dancing.",
    "{subject} holds a baby in {his} arms.",
    "{subject} is walking {his} dog in the park.",
    "{subject} is sitting on a chair with a book in {his} hands.",
    "{subject} is sitting at a table with {his} laptop.",
    "{subject} looks at the camera as {he} is eating.",
    "{subject} talks on the phone while {he} is driving.",
    "{subject} sitting on a rock looks at the lake.",
    "{subject} lying on a couch is sleeping.",
    "{subject} is dressed in white.",
    "{subject} dressed in a costume is singing.",
    "{subject} is standing in front of a store.",
    "{subject} is cleaning a window.",
    "{subject} is seated on a motorcycle.",
    "{subject} seated in a boat is fishing.",
    "{subject} jumps into the water.",
    "{subject} throws a ball.",
    "{subject} is climbing a rock.",
    "{subject} is working in a laboratory.",
]
_AGREEING = "assis habillé vêtu entouré allongé appuyé agenouillé couché adossé penché âgé petit"
MARKS = {
    "nouns": ({"homme", "garçon", "monsieur"}, {"femme", "fille", "fillette", "dame"}),
    "pronouns": ({"il"}, {"elle"}),
    "agreeing": (
        {"vieil", "vieux", *_AGREEING.split()},
        {"vieille", *(f"{word}e" for word in _AGREEING.split())},
    ),
}
"""Words of each gender, by kind; participles and adjectives agree."""
_GENDERED = re.compile(
    r"\b(m[ae]n|wom[ae]n|boys?|girls?|guys?|lad(y|ies)|(fe)?male|father|mother|s?he|his|hers?|him(self)?|herself)\b",
    re.IGNORECASE,
)
"""English captions with one of these are no fair measure of what holding a gender still costs."""

Counts = Float64[np.ndarray, "draw template count"]


class Known(NamedTuple):
    """What the learning half says of the layer's units."""

    order: Int64[np.ndarray, " unit"]
    strength: Float64[np.ndarray, " unit"]
    """Mean of the paired differences, feminine less masculine, over their spread."""
    means: Float64[np.ndarray, " unit"]
    """Over all words of both genders."""

    def held(self, chosen: Sequence[int]) -> Edit:
        """The units at their means."""
        return Edit.to_value(LAYER, chosen, self.means[list(chosen)].tolist())


def written(templates: Sequence[str], gender: int) -> list[str]:
    """Every template with every subject; gender 0 is masculine."""
    he, his = ("he", "she")[gender], ("his", "her")[gender]
    return [text.format(subject=pair[gender], he=he, his=his) for text in templates for pair in SUBJECTS]


def learn(units: TranslatorUnits, templates: Sequence[str]) -> Known:
    """Rank by the paired difference of a sentence's mean: both sentences of a pair have as many words."""
    sides = [written(templates, gender) for gender in (0, 1)]
    source = units.translator.source
    n_words = [len(source.words(source.tokens(sentence))) for sentence in sides[0]]
    masculine, feminine = (at_words(units, side, LAYER).astype(np.float64) for side in sides)
    starts = np.cumsum([0, *n_words[:-1]])
    apart = np.add.reduceat(feminine - masculine, starts) / np.array(n_words)[:, None]
    strength = apart.mean(0) / apart.std(0)
    means = (masculine.mean(0) + feminine.mean(0)) / 2
    return Known(np.argsort(-np.abs(strength), kind="stable"), strength, means)


def marks(translation: str) -> Int64[np.ndarray, "kind 2"]:
    """How many words of each kind and gender there are."""
    words = re.findall(r"\w+", translation.lower())
    return np.array([[sum(word in side for word in words) for side in sides] for sides in MARKS.values()])


def followed(before: Sequence[str], after: Sequence[str], n_templates: int) -> Float64[np.ndarray, "t c"]:
    """Of each template, for each gender of the source and kind: still followed, turned, and all that did.

    `before` and `after` have the masculine sentences first.
    """
    counts = np.zeros((2, n_templates, len(MARKS), 3))
    for at, (was, now) in enumerate(zip(before, after, strict=True)):
        gender, place = divmod(at, len(before) // 2)
        old, new = marks(was), marks(now)
        own = (old[:, gender] > 0) & (old[:, 1 - gender] == 0)
        turned = own & (new[:, 1 - gender] > 0)
        kept = own & (new[:, gender] > 0) & ~turned
        counts[gender, place // len(SUBJECTS)] += np.stack([kept, turned, own], 1)
    return counts.transpose(1, 0, 2, 3).reshape(n_templates, -1)


def shown(counts: Counts, genders: Sequence[int], kinds: Sequence[int], column: int = 0) -> str:
    """A share with its interval, over templates and draws drawn anew."""
    parts = counts.reshape(*counts.shape[:2], 2, len(MARKS), 3)[:, :, list(genders)][:, :, :, list(kinds)]
    pairs = np.stack([parts[..., column].sum((2, 3)), parts[..., 2].sum((2, 3))], -1)
    return _of(corpus_figure(CorpusCounts(pairs, _share)), 2)


def _share(sums: Float[np.ndarray, " count"]) -> float:
    return float(sums[0] / sums[1]) if sums[1] else 0.0


def _of(figure: Figure, digits: int) -> str:
    return f"{figure.value:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--texts", type=Path, help="folder with test_2016_flickr.en and .fr, for BLEU")
    parser.add_argument("--counts", type=int, nargs="+", default=[5, 20, 60, 128], help="units held")
    parser.add_argument("--draws", type=int, default=5, help="of random units")
    parser.add_argument("--captions", type=int, default=1000, help="first captions that BLEU is taken of")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    units = TranslatorUnits(shipped_translator())
    known = learn(units, TEMPLATES[::2])
    print("feminine less masculine, mean over spread:")
    print(", ".join(f"{unit} {known.strength[unit]:+.1f}" for unit in known.order[:20].tolist()), flush=True)
    templates = TEMPLATES[1::2]
    sentences = [*written(templates, 0), *written(templates, 1)]
    captions: list[str] = []
    references: list[str] = []
    if asked.texts is not None:
        text = read_parallel(*(asked.texts / f"test_2016_flickr.{side}" for side in ("en", "fr")))
        captions, references = list(text.source[: asked.captions]), list(text.target[: asked.captions])

    def run(edits: Sequence[Edit]) -> tuple[list[str], Float64[np.ndarray, "sentence count"]]:
        with change(units, edits):
            said = [one.text for one in units.translator.translate([*sentences, *captions])]
        return said[: len(sentences)], bleu_counts(said[len(sentences) :], references)

    before, quality = run([])
    own = followed(before, before, len(templates))[None]
    n_own = own.reshape(-1, 2, len(MARKS), 3)[..., 2].sum(0).astype(int).tolist()
    print(f"{len(sentences)} sentences; words that follow untouched, of {list(MARKS)}: {n_own}")
    plain = np.array([_GENDERED.search(caption) is None for caption in captions], bool)
    if captions:
        untouched = corpus_figure(CorpusCounts(quality[None], bleu_of))
        print(f"BLEU of {len(captions)} captions {_of(untouched, 1)}, {plain.sum()} without gender")
    rng = np.random.default_rng(0)
    drawn: list[Int64[np.ndarray, " unit"]] = [rng.permutation(len(known.order)) for _ in range(asked.draws)]
    ways: dict[str, list[Int64[np.ndarray, " unit"]]] = {"first": [known.order], "random": drawn}
    for n in asked.counts:
        for name, orders in ways.items():
            runs = [run([known.held(order[:n].tolist())]) for order in orders]
            counts = np.stack([followed(before, said, len(templates)) for said, _ in runs])
            every = range(len(MARKS))
            print(f"{n} {name}: follow {shown(counts, (0, 1), every)}, masculine {shown(counts, [0], every)}")
            print(f"  feminine {shown(counts, [1], every)}, turned masculine {shown(counts, [1], every, 1)}")
            for kind, label in enumerate(MARKS):
                kept, turned, own = (
                    counts.reshape(len(runs), -1, 2, len(MARKS), 3)[:, :, 1, kind].sum(1).mean(0)
                )
                print(f"  feminine {label}: {kept:.1f} of {own:.0f} follow, {turned:.1f} turned")
            if captions:
                left = np.stack([found for _, found in runs])
                for label, rows in (("all", np.full(len(plain), True)), ("without gender", plain)):
                    intact, held = (CorpusCounts(each[:, rows], bleu_of) for each in (quality[None], left))
                    print(f"  BLEU lost, {label}: {_of(corpus_difference(intact, held), 1)}")
            print(end="", flush=True)


if __name__ == "__main__":
    main()
