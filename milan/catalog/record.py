"""One unit as a record for other programs: what a line of the export says."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from milan.catalog.unit import Unit
from milan.records import (
    Band,
    Candidate,
    CounterExemplar,
    Description,
    Exemplar,
    Faithfulness,
    Figure,
    Finding,
    FreeText,
    TextScores,
    TextSpan,
)

__all__ = ["Language", "Record", "unit_record"]

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Language:
    """Another language for descriptions; English stays beside it, and in its place where there is no name."""

    code: str
    translate: Callable[[str], str | None]


def unit_record(unit: Unit, language: Language | None = None) -> Record:
    """One line of the JSON-lines export.

    Keys come in this order. Activations are float32: numbers are written with six significant digits, and
    what is not finite is null. `score` and its parts are those of the phrase that was said, null unless
    described. `downward` is empty unless exemplars were found with `--signed`; then the lowest activations
    have words and a figure of their own, `downward_description` and `downward_faithfulness`.

    `faithfulness` (the correlation with the mean activation, with its 95 % interval), `faithfulness_peak`,
    `auprc` and `f1` are those of the best candidate, said or not, over `n_measured` images, all of them null
    where nothing is stated. `clusters` is empty unless the unit has several meanings; `bands` are levels of
    activation, between two shares of the images, and what sets each apart from the weaker ones. `language` is
    that of `description`: "en" where another one has no name for it; `description_en` is always English.
    Of a text unit `image` is where a passage stands, beside its strongest `word` and its `text`. `free_text`
    is what a language model writes of it (null without `--explainer`): its figures are [value, low, high],
    each beside that of a phrase written for another unit, and `description` is the correlation of the unit's
    own description over the same words. `findings` are what `milan text probe`, `distances`, `correlate`,
    `ablate` and `control` measured of the unit.
    """
    best = unit.best
    translated = language.translate(unit.phrase) if language is not None and unit.phrase is not None else None
    return {
        "unit": str(unit.id),
        "network": unit.id.network,
        "layer": unit.id.layer,
        "index": unit.id.index,
        "status": str(unit.status),
        "description": translated or unit.phrase,
        "score": _number(best.score) if best else None,
        "log_p_given": _number(best.log_p_given) if best else None,
        "log_p_prior": _number(best.log_p_prior) if best else None,
        "lambda": _number(unit.description.lambda_) if unit.description else None,
        "threshold": _number(unit.threshold),
        "candidates": [_candidate(candidate) for candidate in unit.candidates],
        "exemplars": [_exemplar(exemplar) for exemplar in unit.exemplars],
        "downward": [_exemplar(exemplar) for exemplar in unit.downward],
        **_figures(unit.faithfulness),
        **_explanation(unit.description),
        **_downward(unit.downward_description, language),
        "free_text": _free_text(unit.free_text),
        "downward_free_text": _free_text(unit.downward_free_text),
        "language": language.code if language is not None and translated else "en",
        "description_en": unit.phrase,
        "findings": [_finding(finding) for finding in unit.findings],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "phrase": candidate.phrase,
        "score": _number(candidate.score),
        "log_p_given": _number(candidate.log_p_given),
        "log_p_prior": _number(candidate.log_p_prior),
        "source": candidate.source,
    }


def _exemplar(exemplar: Exemplar) -> dict[str, Any]:
    span = exemplar.region
    spoken = (
        {"word": span.words[span.peak], "text": " ".join(span.words)} if isinstance(span, TextSpan) else {}
    )
    return {
        "image": exemplar.source,
        "rank": exemplar.rank,
        "activation": _number(exemplar.activation),
        **spoken,
    }


def _figures(stated: Faithfulness | None) -> dict[str, Any]:
    return {
        "faithfulness": _number(stated.mean.value) if stated else None,
        "faithfulness_low": _number(stated.mean.low) if stated else None,
        "faithfulness_high": _number(stated.mean.high) if stated else None,
        "n_measured": stated.n_measured if stated else None,
        "faithfulness_peak": _number(stated.peak.value) if stated else None,
        "auprc": _number(stated.auprc.value) if stated else None,
        "f1": _number(stated.f1.value) if stated else None,
    }


def _explanation(said: Description | None) -> dict[str, Any]:
    explained, stated = (said.explanation, said.explanation_faithfulness) if said else (None, None)
    return {
        "explanation": [
            {"phrase": term.phrase, "weight": _number(term.weight)}
            for term in (explained.terms if explained else ())
        ],
        "explanation_text": explained.sentence if explained else None,
        "explanation_faithfulness": _number(stated.mean.value) if stated else None,
        "clusters": [
            {"phrase": meaning.phrase, "ranks": list(meaning.ranks)}
            for meaning in (said.meanings if said else ())
        ],
        "bands": [_band(band) for band in (said.bands if said else ())],
        "top_words": [top.word for top in (said.top_words if said else ())],
        "counter_exemplars": [_counter(counter) for counter in (said.counter_exemplars if said else ())],
    }


def _downward(said: Description | None, language: Language | None) -> dict[str, Any]:
    phrase = said.phrase if said else None
    translated = language.translate(phrase) if language is not None and phrase is not None else None
    stated = said.faithfulness if said else None
    return {
        "downward_description": translated or phrase,
        "downward_faithfulness": _number(stated.mean.value) if stated else None,
        "downward_top_words": [top.word for top in (said.top_words if said else ())],
    }


def _free_text(written: FreeText | None) -> dict[str, Any] | None:
    if written is None:
        return None
    return {
        "phrase": written.phrase,
        "explainer": written.explainer,
        "candidates": [_candidate(candidate) for candidate in written.candidates],
        "n_passages": written.n_passages,
        **_scores("", written.scores),
        **_scores("shuffled_", written.shuffled),
        "description": _bounds(written.description),
    }


def _scores(before: str, scores: TextScores | None) -> dict[str, Any]:
    return {
        f"{before}{name}": _bounds(getattr(scores, name) if scores else None)
        for name in ("simulation", "detection", "auc")
    }


def _bounds(figure: Figure | None) -> list[float | None] | None:
    return None if figure is None else [_number(bound) for bound in figure]


def _band(band: Band) -> dict[str, Any]:
    return {
        "low": band.low,
        "high": band.high,
        "phrase": band.phrase,
        "difference": _number(band.difference),
    }


def _counter(counter: CounterExemplar) -> dict[str, Any]:
    return {
        "image": counter.image,
        "kind": str(counter.kind),
        "activation": _number(counter.activation),
        "presence": _number(counter.presence),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    bounds = {name: getattr(finding, name) for name in ("low", "high", "by_chance")}
    return {
        "study": str(finding.study.kind),
        "subject": finding.study.subject,
        "about": finding.about,
        "measure": finding.measure,
        "value": _number(finding.value),
        **{name: None if bound is None else _number(bound) for name, bound in bounds.items()},
        "n": finding.n,
    }


def _number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return float(f"{value:.6g}") + 0.0  # + 0.0 writes -0.0 as 0.0
