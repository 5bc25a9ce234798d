"""The results of each study of text units, unit by unit: what a catalog keeps of them.

studied = probe_study("upos", tagged, options, probed)
keep_study(Path("units.db"), StudiedNetwork.of_activations(folder, None, None), studied)
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from milan.ablation.text import Removed
from milan.records import Finding, Study, StudyKind, content_key
from milan.texts import Tagged
from milan.texts.activations import Unit
from milan.translation import Parallel
from milan.uses.text.ablating import Ablated, AblateOptions
from milan.uses.text.comparing import Compared
from milan.uses.text.control import ControlReport
from milan.uses.text.deciding import Decided, DistanceOptions
from milan.uses.text.probing import Probed, ProbeOptions

__all__ = [
    "Found",
    "Studied",
    "ablate_study",
    "control_study",
    "correlate_study",
    "distance_study",
    "probe_study",
]

Found = Iterator[tuple[Unit, Finding]]

_SURE = 0.05
"""Chance at which a unit counts as one that decides a pair."""


class Studied(NamedTuple):
    """A study with all that it found."""

    study: Study
    layers: tuple[str, ...]
    """That it looked at: what it had found there before is forgotten."""
    found: Found


def probe_study(subject: str, tagged: Tagged, options: ProbeOptions, probed: Probed) -> Studied:
    """Of each unit that the probe chose: place in the ranking, weights, rate of false findings."""
    settings = {
        **asdict(options),
        "penalty": probed.probe.penalty._asdict(),
        "text": content_key([tagged.sentences.words, tagged.tags]),
    }
    figures = {
        "accuracy": probed.accuracy,
        "most frequent tag of the word": probed.majority,
        "selectivity": probed.selectivity,
    }
    study = Study(StudyKind.PROBE, subject, settings, figures)
    return Studied(study, _layers(probed.units), _by_probe(study, probed))


def distance_study(subject: str, tagged: Tagged, options: DistanceOptions, decided: Decided) -> Studied:
    """Of each unit the pairs that it decides (p <= .05 over all units), beside what shuffled outputs give."""
    settings = {**asdict(options), "text": content_key([tagged.sentences.words, tagged.tags])}
    study = Study(StudyKind.DISTANCES, subject, settings)
    return Studied(study, _layers(decided.units), _by_deciding(study, decided))


def correlate_study(compared: Compared) -> Studied:
    """Of each unit its closest one in every other network, and what its variance goes with."""
    others = sorted(compared.directions)
    settings = {"networks": {name: list(_layers(units)) for name, units in compared.units.items()}}
    study = Study(StudyKind.CORRELATE, f"against {', '.join(others)}", settings)
    return Studied(study, _layers(compared.units[compared.network]), _by_comparing(study, compared))


def ablate_study(options: AblateOptions, text: Sequence[Sequence[str]], ablated: Ablated) -> Studied:
    """Of each unit that went as one of the first or the last, what the smallest such set cost.

    The text has the sentences that were measured on, or (parallel text) the two sides of them. By chance is
    what as many random units cost. Directions that were projected out are no units, and leave nothing.
    """
    settings = {**asdict(options), "text": content_key(list(text))}
    study = Study(StudyKind.ABLATE, f"by {options.by}", settings, dict(ablated.removed[0].quality))
    found = _by_ablation(study, options.layer, ablated.order, ablated.removed, ablated.n_sentences)
    return Studied(study, (options.layer,), found)


def control_study(text: Parallel, report: ControlReport) -> Studied:
    """Of each unit that was set: success and cost, which are those of the whole set; beside random units."""
    settings = {**asdict(report.options), "text": content_key([text.source, text.target])}
    figures = {"BLEU without control": report.bleu, "agreement of the rules": report.agreement}
    study = Study(StudyKind.CONTROL, "number", settings, figures)
    return Studied(study, (report.options.layer,), _by_control(study, report))


def _layers(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.layer for unit in units))


def _by_probe(study: Study, probed: Probed) -> Found:
    n_words, n_units = probed.n_words[0], len(probed.units)
    names, weights = probed.classes.names, probed.probe.weights
    for place, number in enumerate(probed.ranking.order[: probed.ranking.n_ranked].tolist()):
        unit, own = probed.units[number], weights[:, number]
        if not own.any():
            continue
        yield unit, Finding(study, "all tags", f"place among {n_units}", place + 1, n_words)
        if probed.false_discovery is not None:
            rate = probed.false_discovery[number]
            yield unit, Finding(study, "all tags", "false discovery rate", rate, n_words)
        for tag in np.argsort(-np.abs(own), kind="stable")[: np.count_nonzero(own)].tolist():
            yield unit, Finding(study, names[tag], "weight", float(own[tag]), n_words)


def _by_deciding(study: Study, decided: Decided) -> Found:
    table = decided.table
    expected, chance = table.expected, table.chance
    for number, unit in enumerate(decided.units):
        for pair in table.pairs_of(number).tolist():
            if chance[pair, number] > _SURE:
                continue
            read, told = decided.symbols[pair]
            n = int(table.n_is[pair] + table.n_other[pair])
            distance, usual = float(table.distance[pair, number]), float(expected[pair, number])
            about = f"{read} → {told}"
            yield unit, Finding(study, about, "Hellinger distance", distance, n, by_chance=usual)


def _by_comparing(study: Study, compared: Compared) -> Found:
    matches, n = compared.matches, compared.n_words
    for number, unit in enumerate(compared.units[compared.network]):
        for row, name in enumerate(matches.networks):
            partner = compared.units[name][int(matches.partner[row, number])]
            r, fit = float(matches.correlation[row, number]), float(compared.fit[row, number])
            yield unit, Finding(study, f"{name} {partner}", "correlation", r, n)
            yield unit, Finding(study, name, "share of variance (LinReg)", fit, n)
        for about, explained in (("position", compared.by_position), ("word", compared.by_token)):
            yield unit, Finding(study, about, "share of variance", float(explained.adjusted[number]), n)


def _by_ablation(
    study: Study, layer: str, order: Sequence[int], removed: Sequence[Removed], n_sentences: int
) -> Found:
    at_random = {one.n: one.lost for one in removed if one.which == "random"}
    told: set[int] = set()
    for one in sorted(removed, key=lambda one: one.n):
        if one.which not in ("top", "bottom") or not order:
            continue
        gone, end = (order[: one.n], "first") if one.which == "top" else (order[-one.n :], "last")
        about = f"{end} {one.n} switched off"
        for number in gone:
            if number not in told:
                told.add(number)
                for name, lost in one.lost.items():
                    chance = at_random[one.n][name].value
                    measured = (lost.value, n_sentences, lost.low, lost.high, chance)
                    yield Unit(layer, number), Finding(study, about, f"{name} lost", *measured)


def _by_control(study: Study, report: ControlReport) -> Found:
    chosen, random, n = report.chosen, report.random, sum(report.n_nouns.values())
    about = f"first {chosen.n_units}, {report.options.way}, b = {chosen.b:g}"
    for number in report.first_units:
        for measure, own, chance in (
            ("nouns changed", chosen.success, random.success),
            ("nouns lost", chosen.lost, random.lost),
            ("BLEU lost", chosen.bleu_lost, random.bleu_lost),
        ):
            measured = (own.value, n, own.low, own.high, chance.value)
            yield Unit(report.options.layer, number), Finding(study, about, measure, *measured)
