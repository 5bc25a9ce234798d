"""A card for people: what was done to a network, what it changed, how to undo it."""

from collections.abc import Iterator
from pathlib import Path

from milan.records import Figure
from milan.uses.edit.options import Rule
from milan.uses.edit.report import EditReport, TestedSet

__all__ = ["card_of"]


def card_of(report: EditReport, folder: Path) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(report, folder)) + "\n"


def _lines(report: EditReport, folder: Path) -> Iterator[str]:
    chosen, network = report.chosen, report.network
    queries = ", ".join(f"“{query}”" for query in report.options["queries"])
    yield f"# {network['name']}, edited"
    yield ""
    held = {"mean": "held at their mean", "zero": "set to zero"}[report.options["set_to"]]
    yield f"{len(chosen.units)} units of `{network['spec']}` are {held}, of {chosen.n_candidates} whose"
    yield f"descriptions answer to {queries}. Weights before: sha256 `{network['weights_hash']}`."
    yield ""
    yield f"    milan describe edited:{folder} ...      # it opens like any network"
    yield f"    milan undo {folder} -o original.safetensors"
    yield ""
    yield "## What was decided, and by what"
    yield ""
    rule = Rule(report.options["rule"]).says(chosen.n_shown)
    yield f"- Candidates: by descriptions alone. Order: validation images, {rule}."
    yield f"- Number: the largest that loses at most {report.options['loss']:.1%} of the clean validation"
    yield f"  images: {_figure(chosen.clean_before)} before, {_figure(chosen.clean_after)} after."
    yield "- Test images decided nothing."
    yield from (f"- {line}." for line in report.notes)
    yield ""
    yield "## Accuracy, with 95 % intervals"
    for tested in report.sets:
        yield ""
        yield from _of_set(tested)
    yield ""
    yield "## Units"
    yield ""
    yield "| unit | description | faithfulness | validation images lost without it |"
    yield "|---|---|---|---|"
    for unit in chosen.units:
        answer = chosen.answers[unit]
        stated = "" if answer.faithfulness is None else f"{answer.faithfulness:.2f}"
        phrase = answer.phrase.replace("|", "\\|")
        yield f"| {unit} | {phrase} | {stated} | {chosen.validation_drop[unit]:+.1%} |"


def _of_set(tested: TestedSet) -> Iterator[str]:
    yield f"**{tested.name}**, {len(tested.paths)} images: {_figure(tested.before)} before, "
    yield f"{_figure(tested.after)} after, change {_figure(tested.change, sign=True)}."
    yield ""
    yield "| switched off | units | accuracy | this edit, as many units, is better by |"
    yield "|---|---|---|---|"
    for arm in tested.arms:
        better = "" if arm.difference is None else _figure(arm.difference, sign=True)
        yield f"| {arm.name} | {arm.n_units} | {_figure(arm.accuracy)} | {better} |"
    if tested.retrained is not None:
        fitted = f"last layer fitted to {tested.retrained.n_images} clean images (DFR)"
        yield f"| nothing; {fitted} | | {_figure(tested.retrained.accuracy)} | |"


def _figure(figure: Figure, *, sign: bool = False) -> str:
    form = "{:+.1%} [{:+.1%}, {:+.1%}]" if sign else "{:.1%} [{:.1%}, {:.1%}]"
    return form.format(figure.value, figure.low, figure.high)
