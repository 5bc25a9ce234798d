"""Lines of a text in three parts that share nothing: what repeats a sentence in other words stays with it."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

__all__ = ["Parts", "group_alike", "split_lines"]

_STEM = 5
"""Letters of a word that are compared: endings differ between two ways to say the same."""
_RARE = 60
"""Stems of more lines than this say nothing about which lines are alike."""
_RARE_SHARED = 3
_OVERLAP = 0.5
_OVERLAP_BESIDE = 0.4
"""Suffices for neighbours: a corpus of paraphrases has them one after another."""
_TRAIN, _VALIDATION = 0.65, 0.05


class Parts(NamedTuple):
    """A corpus split by groups of alike lines, in the corpus' order."""

    train: list[str]
    validation: list[str]
    test: list[str]


def split_lines(lines: Sequence[str]) -> Parts:
    """65 % to learn from, 5 % to choose with, 30 % to measure and to study on.

    The side of a line depends on its group's content alone, never on order or on a seed.
    """
    parts = Parts([], [], [])
    groups = group_alike(lines)
    first: dict[int, str] = {}
    for line, group in zip(lines, groups, strict=True):
        first[group] = min(first.get(group, line), line)
    for line, group in zip(lines, groups, strict=True):
        digest = hashlib.sha256(first[group].encode()).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        side = 0 if place < _TRAIN else 1 if place < _TRAIN + _VALIDATION else 2
        parts[side].append(line)
    return parts


def group_alike(lines: Sequence[str]) -> list[int]:
    """The group of each line: paraphrases and versions of a sentence are in one.

    Two lines are alike if at least half of the shorter one's word stems are the other's too, three or more of
    them rare in the corpus; of neighbours, two fifths suffice.

    >>> group_alike(["the cat sat quietly upstairs", "Upstairs the cat quietly slept", "a dog"])
    [0, 0, 2]
    """
    stems = [{word[:_STEM] for word in re.findall(r"\w+", line.lower())} for line in lines]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(stems):
        for stem in own:
            holders[stem].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for having in holders.values():
        if len(having) <= _RARE:
            shared.update(combinations(having, 2))
    group = list(range(len(lines)))
    seen: dict[str, int] = {}
    pairs = [(seen.setdefault(line, number), number) for number, line in enumerate(lines)]  # equal lines
    pairs += [pair for pair in pairwise(range(len(lines))) if _overlap(stems, pair) >= _OVERLAP_BESIDE]
    pairs += [
        pair
        for pair, n_shared in shared.items()
        if n_shared >= _RARE_SHARED and _overlap(stems, pair) >= _OVERLAP
    ]
    for one, other in pairs:
        low, high = sorted((_root(group, one), _root(group, other)))
        group[high] = low
    return [_root(group, number) for number in range(len(lines))]


def _overlap(stems: Sequence[set[str]], pair: tuple[int, int]) -> float:
    one, other = (stems[number] for number in pair)
    return len(one & other) / max(1, min(len(one), len(other)))


def _root(group: list[int], number: int) -> int:
    while group[number] != number:
        group[number] = group[group[number]]
        number = group[number]
    return number
