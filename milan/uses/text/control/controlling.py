"""`milan text control`: learn values on one text, choose the setting on a second, measure it on a third."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from milan.ablation.text import TranslatorUnits
from milan.errors import BadSetting
from milan.records import Figure
from milan.translation import Parallel
from milan.uses.text.control.judging import Controlled, Judge
from milan.uses.text.control.nouns import nouns_of
from milan.uses.text.control.values import NumberUnits, Setting, Way
from milan.uses.text.number import Number

__all__ = ["ControlOptions", "ControlReport", "control_number"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ControlOptions:
    """What to set, and how much it may cost."""

    layer: str = "encoder.1"
    ranker: str = "gaussian"
    """One of `milan.probes.RANKERS`; the paper's is `gaussian`."""
    way: Way = "shift"
    """`set` to the values, as the paper does, or `shift` by as much."""
    phrase: bool = True
    """Whether the words of a noun's phrase before it are changed too."""
    counts: tuple[int, ...] = (5, 20, 50, 100, 256)
    """Numbers of units to try, the first of the ranking."""
    factors: tuple[float, ...] = (0.0, 1.0, 2.0)
    """Values of b to try."""
    most_lost: float = 2.0
    """BLEU that the chosen setting may lose on the validation text."""
    n_random: int = 3
    """Draws of as many random units."""
    seed: int = 0

    def at(self, b: float) -> Setting:
        """The setting with one of the factors."""
        return Setting(b, self.way, self.phrase)


@dataclass(frozen=True, slots=True, eq=False)
class ControlReport:
    """Success and quality, side by side."""

    options: ControlOptions
    first_units: tuple[int, ...]
    """The chosen units, best first."""
    agreement: Figure
    """How often the rules for French and English give a noun of the references the same number."""
    n_nouns: dict[Number, int]
    """Nouns of the test text that are set, by their own number."""
    bleu: Figure
    """Of the test text, without control."""
    tried: list[Controlled]
    """On the validation text."""
    chosen: Controlled
    """On the test text."""
    random: Controlled
    """As many random units, with the same b, on the test text."""


def control_number(
    units: TranslatorUnits,
    sentences: Sequence[str],
    validation: Parallel,
    test: Parallel,
    options: ControlOptions,
    progress: Progress | None = None,
) -> ControlReport:
    """Learn means and ranking on sentences, choose n and b on the validation text, measure on the test text.

    Chosen is the setting of most success among those that lose no more BLEU than asked, or the one that loses
    least when all lose more. BadSetting for a number of units that the layer has not.
    """
    n_units = units.layer(options.layer).n_units
    if options.way not in ("set", "shift"):
        raise BadSetting(f"units are controlled by set or shift, got {options.way!r}")
    if not options.counts or min(options.counts) < 1 or max(options.counts) > n_units:
        raise BadSetting(f"{options.layer} has {n_units} units: ask for 1 to {n_units}, got {options.counts}")
    tell = progress or (lambda done, total: None)
    settings = [(n, b) for n in options.counts for b in options.factors]
    known = NumberUnits.of(
        units, sentences, nouns_of(units.translator, sentences), options.layer, options.ranker
    )
    judge = Judge(units, validation)
    tried = []
    for number, (n, b) in enumerate(settings):
        tried.append(judge.judge(known, [known.order[:n].tolist()], options.at(b)))
        tell(number + 1, len(settings) + 2)
    best = _best(tried, options.most_lost)
    judge = Judge(units, test)
    first = known.order[: best.n_units].tolist()
    chosen = judge.judge(known, [first], options.at(best.b))
    tell(len(settings) + 1, len(settings) + 2)
    rng = np.random.default_rng(options.seed)
    drawn = [rng.choice(n_units, best.n_units, replace=False).tolist() for _ in range(options.n_random)]
    random = judge.judge(known, drawn, options.at(best.b))
    tell(len(settings) + 2, len(settings) + 2)
    return ControlReport(
        options, tuple(first), judge.agreement(), judge.n_nouns(), judge.bleu, tried, chosen, random
    )


def _best(tried: Sequence[Controlled], most_lost: float) -> Controlled:
    fair = [one for one in tried if one.bleu_lost.value <= most_lost]
    if not fair:
        return min(tried, key=lambda one: one.bleu_lost.value)
    return max(fair, key=lambda one: one.success.value)
