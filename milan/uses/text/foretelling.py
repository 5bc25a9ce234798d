"""`milan text ablate MODEL`: what a language model foretells as units of a ranking are switched off."""

from collections.abc import Callable, Sequence

import numpy as np

from milan.ablation.text import DirectionSet, LanguageTask, projected_out, removal_curve
from milan.errors import BadSetting
from milan.networks.text import TextNetwork
from milan.probes import Labelled, ranker
from milan.texts import Classes, Tagged
from milan.uses.text.ablating import SHARED, Ablated, AblateOptions
from milan.uses.text.comparing import compare_networks
from milan.uses.text.sources import read_by

__all__ = ["ablate_language_model"]

Progress = Callable[[str, int, int], None]

_SHARES = (0.02, 0.05, 0.10, 0.25)
"""Of a layer's units, where no numbers are asked for."""


def ablate_language_model(
    network: TextNetwork,
    learn: Tagged,
    text: Sequence[Sequence[str]],
    options: AblateOptions,
    against: TextNetwork | None = None,
    progress: Progress | None = None,
) -> Ablated:
    """Rank a layer's units on words that are tagged, then measure on sentences of other words.

    A ranker of `milan.probes` ranks by the tags, an order of `SHARED` by the same layer of another network.
    With no counts, 2, 5, 10 and 25 % of the units go. BadSetting where the other network is missing, or not
    asked for; NetworkError for a network that foretells nothing.
    """
    if options.by in SHARED and against is None:
        raise BadSetting(f"{options.by} holds the network against another training: name it with --against")
    if options.by not in SHARED and against is not None:
        raise BadSetting(f"{options.by} ranks by tags: another network is for {', '.join(SHARED)}")
    if against is not None and against.weights_hash == network.weights_hash:
        raise BadSetting(f"{against.spec} has the very weights of {network.spec}: give another training")
    tell = progress or (lambda stage, done, total: None)
    n_units = network.layer(options.layer).n_units
    counts = options.counts or tuple(max(1, round(share * n_units)) for share in _SHARES)
    task = LanguageTask.of(network, text)
    chosen = (
        _ranked(network, learn, options, tell)
        if against is None
        else _shared(network, against, learn, options, tell)
    )

    def sets(done: int, total: int) -> None:
        tell("sets", done, total)

    if isinstance(chosen, DirectionSet):
        return Ablated(
            (),
            projected_out(task, chosen, counts, n_random=options.n_random, seed=options.seed, progress=sets),
            len(task.sentences),
        )
    removed = removal_curve(
        task, options.layer, chosen, counts, n_random=options.n_random, seed=options.seed, progress=sets
    )
    return Ablated(tuple(chosen), removed, len(task.sentences))


def _ranked(network: TextNetwork, learn: Tagged, options: AblateOptions, tell: Progress) -> list[int]:
    rank = ranker(options.by)
    classes = Classes.of(learn.tags, least=2)
    with read_by(network, learn.sentences, (options.layer,), _reading(tell)) as source:
        rows = source.activations.rows_of(learn.sentences)
        used = np.flatnonzero((rows >= 0) & (classes.labels >= 0))
        matrix = source.activations.matrix((options.layer,), rows[used])
        order: list[int] = rank(
            Labelled(matrix, classes.labels[used], len(classes.names))
        ).ranking.order.tolist()
    return order


def _shared(
    network: TextNetwork, against: TextNetwork, learn: Tagged, options: AblateOptions, tell: Progress
) -> list[int] | DirectionSet:
    layers = (options.layer,)
    with (
        read_by(network, learn.sentences, layers, _reading(tell)) as own,
        read_by(against, learn.sentences, layers, _reading(tell)) as other,
    ):
        compared = compare_networks({"own": own.activations, "other": other.activations}, layers)
        if options.by == "svcca":
            mean = own.activations.matrix(layers).mean(0, dtype=np.float64)
            return DirectionSet(options.layer, compared.directions["other"].first, mean)
    # of one other network MaxCorr and MinCorr are the same order
    score = compared.fit[0] if options.by == "linreg" else np.abs(compared.matches.correlation[0])
    order: list[int] = np.argsort(-score, kind="stable").tolist()
    return order


def _reading(tell: Progress) -> Callable[[int, int], None]:
    return lambda done, total: tell("sentences", done, total)
