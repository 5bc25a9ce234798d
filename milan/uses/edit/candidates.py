"""Units that may go: those whose descriptions say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from milan.ablation import SetTo
from milan.catalog import Answer, Catalog, SaidUnits, answering
from milan.describe import embed_phrases
from milan.errors import BadSetting, DataError, NetworkError, UnknownName
from milan.networks import Network, bake
from milan.records import Concept, Edit, UnitId
from milan.uses.edit.options import EditOptions

__all__ = ["Candidates", "find_candidates", "writable_layers"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """What descriptions alone decide."""

    answers: tuple[Answer, ...]
    """Units whose words answer to a query, with the words; the surest match of each."""
    pool: tuple[UnitId, ...]
    """All units of the layers that were looked at, described or not: what controls draw from."""

    @property
    def units(self) -> tuple[UnitId, ...]:
        """The candidates."""
        return tuple(answer.unit for answer in self.answers)


def find_candidates(catalog: Catalog, network: str, options: EditOptions) -> Candidates:
    """Ask the catalog which units of a network answer to a query.

    DataError when none does (with the nearest descriptions), or all that are described do: then nothing would
    be left to hold them against. UnknownName for a layer that is not in the catalog, BadSetting when more
    units are to go than there are.
    """
    said = catalog.said(network)
    known = [layer.name for layer in said.layers if "@" not in layer.name]  # directions have no weights
    for layer in options.layers:
        if layer not in known:
            raise UnknownName("described layer", layer, known, "Describe it first, or leave --layer out.")
    wanted = set(options.layers or known)
    pool = tuple(unit for unit in map(said.unit, range(len(said))) if unit.layer in wanted)
    if options.max_units is not None and options.max_units > len(pool):
        raise BadSetting(
            f"asked to switch off up to {options.max_units} units, but only {len(pool)} are in "
            f"{', '.join(layer for layer in known if layer in wanted)}: lower --max-units"
        )
    surest: dict[UnitId, Answer] = {}
    for query in options.queries:
        for answer in answering(said, Concept.of_query(query), embed_phrases, held_back=options.held_back):
            if answer.unit.layer in wanted:
                surest[answer.unit] = max(answer, surest.get(answer.unit, answer), key=_sureness)
    asked = " or ".join(repr(query) for query in options.queries)
    n_described = _n_described(said, wanted, options.held_back)
    if not surest:
        raise DataError(
            f"none of {n_described} described units of {network} answers to {asked}; "
            f"the nearest: {_nearest(said, options.queries)}. Look: milan search {catalog.place} WORDS"
        )
    if len(surest) == n_described:
        raise DataError(
            f"all {n_described} described units of {network} answer to {asked}: ask for something narrower"
        )
    return Candidates(tuple(surest[unit] for unit in sorted(surest)), pool)


def writable_layers(
    network: Network,
    layers: Sequence[str],
    inputs: torch.Tensor,
    set_to: SetTo,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, str | None]:
    """For each layer why units switched off in it cannot be written into the weights; None where they can.

    Zero can be written where units are made or where they are read; any other value needs a bias or a norm
    that makes them, with nothing but a ReLU or the like behind it.
    """
    tried = 0.0 if set_to is SetTo.ZERO else 1.0
    found: dict[str, str | None] = {}
    for done, layer in enumerate(layers, start=1):
        try:
            bake(network, [Edit.to_value(layer, [0], tried)], inputs)
            found[layer] = None
        except NetworkError as why:
            found[layer] = str(why)
        progress(done, len(layers))
    return found


def _sureness(answer: Answer) -> tuple[bool, float, float]:
    return answer.how == "word", answer.score, answer.faithfulness or 0.0


def _n_described(said: SaidUnits, layers: set[str], held_back: bool) -> int:
    asked = [said.layers[place].name in layers for place in said.layer]
    words = said.phrase >= 0 if held_back else said.is_said
    return int(sum(has and of for has, of in zip(words.tolist(), asked, strict=True)))


def _nearest(said: SaidUnits, queries: Sequence[str]) -> str:
    if not said.phrases:
        return "nothing is described"
    likeness = (embed_phrases(list(said.phrases)) @ embed_phrases(list(queries)).T).max(1)
    return ", ".join(repr(said.phrases[int(at)]) for at in likeness.argsort()[::-1][:3])
