"""`milan text probe`: which units know a property of words, and how sure that is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from milan.errors import DataError
from milan.probes import (
    ElasticNet,
    Kept,
    Labelled,
    Probe,
    Ranking,
    Split,
    Tried,
    classes_with_signal,
    control_labels,
    majority_of_word,
    masking_table,
    permutation_null,
    ranker,
    search_penalty,
    units_at_mass,
)
from milan.records import Figure
from milan.statistics.paired import paired_difference, share
from milan.texts import Activations, Classes, Tagged
from milan.texts.activations import Unit
from milan.uses.text.splitting import split_words

__all__ = ["ProbeOptions", "Probed", "probe_words"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """What to probe, and how."""

    layers: tuple[str, ...] = ()
    """Layers to join; all without names."""
    least: int = 20
    """Words that a tag must have, or it is left out."""
    l1: float | None = None
    """Strength of the elastic net; None to choose it on held-out sentences."""
    l2: float = 0.2
    retrain: bool = False
    """Whether the table of kept units trains anew, too."""
    permutations: int = 0
    """How often to train on permuted labels, for rates of false findings; 20 or more, or none."""
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Probed:
    """What was found."""

    classes: Classes
    units: list[Unit]
    n_words: tuple[int, int, int]
    """To learn from, to choose with, to measure on."""
    probe: Probe
    ranking: Ranking
    tried: list[Tried]
    accuracy: Figure
    """On sentences that chose nothing."""
    majority: Figure
    """Of the most frequent tag of each word, on the same ones."""
    over_majority: Figure
    selectivity: Figure
    """Accuracy less that of a probe of random labels for words, token by token."""
    kept: list[Kept]
    with_signal: tuple[bool, ...]
    """Classes that score above the rest on the sentences that chose the penalty."""
    false_discovery: list[float] | None
    """Of each unit; None when not asked for."""

    def best_of_class(self, number: int, n: int = 10) -> list[Unit]:
        """The first units of a quarter of a class's weight."""
        return [self.units[unit] for unit in units_at_mass(self.probe.weights)[number][:n]]

    def n_at_quarter(self) -> list[int]:
        """How many units make up a quarter of each class's weight: few for a focused class."""
        return [len(units) for units in units_at_mass(self.probe.weights)]


def probe_words(
    activations: Activations, tagged: Tagged, options: ProbeOptions, progress: Progress | None = None
) -> Probed:
    """Train, rank and hold against baselines; DataError for tags and words that do not line up."""
    tell = progress or (lambda stage, done, total: None)
    data = _prepared(activations, tagged, options)
    train, dev, test = data.train, data.dev, data.test
    penalty, tried = (
        search_penalty(train, dev, l2=options.l2, progress=lambda done, total: tell("penalty", done, total))
        if options.l1 is None
        else (ElasticNet(options.l1, options.l2), [])
    )
    probe = Probe.train(train, penalty)
    signal = classes_with_signal(probe, dev)
    ranking = probe.ranking(signal)
    right = probe.right(test)
    by_word = majority_of_word(data.train_words, train.labels, data.test_words) == test.labels
    rates = None
    if options.permutations:
        null = permutation_null(
            ranker("lca", penalty),
            train,
            repeats=options.permutations,
            seed=options.seed,
            progress=lambda done, total: tell("permutations", done, total),
        )
        rates = null.false_discovery(np.abs(probe.weights)).tolist()
    return Probed(
        data.classes,
        activations.units(options.layers),
        (len(train), len(dev), len(test)),
        probe,
        ranking,
        tried,
        share(right),
        share(by_word),
        paired_difference(right, by_word),
        paired_difference(right, _right_in_control(data, penalty, options.seed)),
        masking_table(probe, ranking, Split(train, test), retrain=options.retrain, seed=options.seed),
        tuple(signal.tolist()),
        rates,
    )


class _Prepared(NamedTuple):
    classes: Classes
    train: Labelled
    dev: Labelled
    test: Labelled
    train_words: list[str]
    test_words: list[str]


def _prepared(activations: Activations, tagged: Tagged, options: ProbeOptions) -> _Prepared:
    """Words that have both a tag and activations, on their sides."""
    classes = Classes.of(tagged.tags, options.least)
    rows = activations.rows_of(tagged.sentences)
    used = np.flatnonzero((rows >= 0) & (classes.labels >= 0))
    sides = split_words(tagged.sentences, used, options.seed)
    train, dev, test = (
        Labelled(activations.matrix(options.layers, rows[side]), classes.labels[side], len(classes.names))
        for side in sides
    )
    missing = np.flatnonzero(np.bincount(train.labels, minlength=train.n_classes) == 0)
    if len(missing):
        raise DataError(
            f"tag {classes.names[missing[0]]!r} stands in no sentence to learn from: raise --least"
        )
    train_words, test_words = (
        [tagged.sentences.words[word] for word in side] for side in (sides.train, sides.test)
    )
    return _Prepared(classes, train, dev, test, train_words, test_words)


def _right_in_control(data: _Prepared, penalty: ElasticNet, seed: int) -> Bool[np.ndarray, " token"]:
    """What a probe of random labels for words gets right on the words that are measured on."""
    labels = np.concatenate([data.train.labels, data.test.labels])
    control = control_labels(data.train_words + data.test_words, labels, seed=seed)
    known, of_train = np.unique(control[: len(data.train)], return_inverse=True)
    if len(known) < 2:
        raise DataError(f"{len(set(data.train_words))} different words are too few for a control task")
    probe = Probe.train(Labelled(data.train.matrix, of_train, len(known)), penalty)
    found: Bool[np.ndarray, " token"] = known[probe.predict(data.test.matrix)] == control[len(data.train) :]
    return found
