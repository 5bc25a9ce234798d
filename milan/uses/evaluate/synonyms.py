"""Make the tables of the planted benchmark: `python -m milan.uses.evaluate.synonyms --wordnet DIR --out DIR`.

DIR of WordNet is the folder of `data.noun` and `index.noun` (Debian package `wordnet-base`). Each concept
gets the other words of the first meaning of its name that fits its kind (a bat among animals is no club).
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from captioner.bank_sources.wordnet import Synset, read_nouns
from milan.scenes import Concept, concepts, is_seen

__all__ = ["main", "synonym_rows"]

_SHARE_SEEN = 0.9
_ANIMALS = frozenset({"mammal", "bird", "bug", "sea animal", "reptile", "amphibian"})
_EDIBLE = frozenset({"food", "fruit", "vegetable", "sweet food", "drink"})
_GROWING = frozenset({"plant", "flower"})
_THINGS = frozenset({"artifact", "object", "body", "phenomenon", "substance", "food", "plant", "shape"})
_NO_THING = frozenset(
    {
        "athlete", "cat face", "face", "fantasy creature", "fantasy figure", "hand", "monkey face", "person",
        "statue", "warning sign", "yellow face",
    }
)  # fmt: skip
"""What these are called is a matter of taste: they get no synonyms and become no planted concept."""

_OTHER_SENSE = frozenset({"emoji:black_cat", "emoji:ice"})
"""WordNet knows these words as a marten and as icing."""

_OWN: Mapping[str, Sequence[str]] = {
    "background:blurred": ("blur", "blurred area", "blurry background", "out of focus background"),
    "background:buildings": ("building", "city", "city building", "cityscape", "skyline", "skyscraper"),
    "background:grass": ("field", "green grass", "lawn", "meadow", "grassy field"),
    "background:night_sky": ("starry sky", "sky at night", "starry night"),
    "background:sea": ("ocean", "water", "waves"),
    "background:sky": ("blue sky", "clouds", "cloudy sky"),
    "shape:circle": ("disc", "disk", "round shape"),
    "shape:crescent": ("crescent moon", "half-moon"),
    "shape:cross": ("plus", "plus sign"),
    "shape:diamond": ("lozenge", "rhomb", "rhombus"),
    "shape:heart": ("heart shape",),
    "shape:oval": ("ellipse",),
    "shape:ring": ("annulus", "hoop"),
    "shape:star": ("five-pointed star", "star shape"),
    "texture:bricks": ("brick", "brick wall", "brickwork"),
    "texture:checks": ("check", "checkerboard", "checkered", "checkered pattern", "chequered", "chessboard"),
    "texture:concentric_rings": ("concentric circles", "rings", "concentric"),
    "texture:diagonal_stripes": ("diagonal lines", "slanted stripes"),
    "texture:grid_lines": ("grid", "grid pattern", "lattice", "mesh", "squares of a grid"),
    "texture:horizontal_stripes": ("horizontal lines", "horizontally striped"),
    "texture:polka_dots": ("dots", "dotted", "polka dot", "polka dotted", "spots", "spotted"),
    "texture:scales": ("fish scales", "scaly", "scale pattern"),
    "texture:vertical_stripes": ("vertical lines", "vertically striped"),
    "texture:waves": ("wavy", "wavy lines", "wavy stripes"),
    "texture:zigzags": ("zigzag", "zigzagged", "chevron", "zigzag lines"),
}
"""What CLDR and WordNet do not know, since we drew it ourselves."""


def synonym_rows(wordnet: Path) -> Iterator[tuple[str, str, str]]:
    """Concept key, name and source (`name`, `emoji`, `wordnet`, `own`), each name once a concept."""
    synsets = read_nouns(wordnet / "data.noun")
    senses = _senses(wordnet / "index.noun")
    for key, concept in concepts().items():
        rows = [(concept.name, "name"), *((name, "emoji") for name in concept.synonyms)]
        rows += [(name, "own") for name in _OWN.get(key, ())]
        if concept.kind == "emoji" and key not in _OTHER_SENSE and not _NO_THING.intersection(concept.kinds):
            rows += [(name, "wordnet") for name in _words(concept, synsets, senses)]
        said: dict[str, str] = {}
        for name, source in rows:  # WordNet's own mark is kept: it tells which concepts have a noun
            if name in concept.kinds and name != concept.name:
                continue  # to WordNet a blossom is a flower; to the renderer it is a kind of flower
            if said.get(name.lower()) is None or source == "wordnet":
                said[name.lower()] = source
        yield from ((key, name, source) for name, source in said.items())


def _words(concept: Concept, synsets: Mapping[int, Synset], senses: Mapping[str, list[int]]) -> list[str]:
    """The words of the concept's meaning, or none when WordNet has no such noun."""
    lexnames = _lexnames(concept.kinds)
    for name in (concept.name, concept.name.removesuffix(" face"), *concept.synonyms):
        for offset in senses.get(name.lower(), ()):
            if synsets[offset].lexname in lexnames:
                return [name, *synsets[offset].words]
    return []


def _lexnames(kinds: Sequence[str]) -> frozenset[str]:
    for members, lexnames in ((_ANIMALS, {"animal"}), (_EDIBLE, {"food", "plant"}), (_GROWING, {"plant"})):
        if members.intersection(kinds):
            return frozenset(lexnames)
    return _THINGS


def _senses(index: Path) -> dict[str, list[int]]:
    """Each noun's meanings, commonest first, from `index.noun`."""
    found: dict[str, list[int]] = {}
    for line in index.read_text(encoding="ascii").splitlines():
        if not line.startswith("  "):
            fields = line.split()
            found[fields[0].replace("_", " ")] = [int(offset) for offset in fields[-int(fields[2]) :]]
    return found


def main() -> None:
    """Write `synonyms.tsv` and `unseen.txt`."""
    parser = argparse.ArgumentParser(description="Make the tables of the planted benchmark.")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder of data.noun and index.noun")
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    head = (
        "# Names that count as the truth of a planted concept: key, name, source.\n"
        "# name, emoji: Unicode CLDR (Unicode-3.0) and the package emoji (BSD-3-Clause);\n"
        "# wordnet: WordNet 3.0 (WordNet License, copyright 2006 by Princeton University, see\n"
        "# ../captioner/bank.wordnet-license.txt); own: Apache-2.0.\n"
        "# Made by python -m milan.uses.evaluate.synonyms\n"
    )
    rows = "".join("\t".join(row) + "\n" for row in synonym_rows(options.wordnet))
    (options.out / "synonyms.tsv").write_text(head + rows, encoding="utf-8")
    unseen = [key for key in concepts() if key.startswith("emoji:") and not is_seen(key, _SHARE_SEEN)]
    head = "# Emoji that no captioner is trained on: a tenth of all, by a hash of the key\n"
    (options.out / "unseen.txt").write_text(head + "".join(f"{key}\n" for key in unseen), encoding="utf-8")


if __name__ == "__main__":
    main()
