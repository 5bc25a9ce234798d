"""Free text for units of a catalog: written from exemplars, measured on held-out passages, stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from milan.catalog import Catalog
from milan.describe.text import TextDescriber
from milan.explainers import ExplainSettings, LanguageModel, Trial, explainer_key, write_phrases
from milan.records import Figure, FreeText, LayerExemplars, TextSpan, UnitId
from milan.uses.evaluate.baselines import shuffled

__all__ = ["End", "FreeTexts"]


class End(NamedTuple):
    """One end of the range of a layer's units."""

    exemplars: LayerExemplars
    measured: Float32[np.ndarray, "word unit"]
    """Activations at the words that measure, negated for the lower end."""
    is_lower: bool

    @property
    def name(self) -> str:
        """For progress and notes."""
        return f"{self.exemplars.layer}{' downward' if self.is_lower else ''}"


@dataclass(frozen=True, slots=True, eq=False)
class FreeTexts:
    """Writes and measures what a language model says of units; each is stored as soon as it is known.

    A run that was cut off goes on: what the same model wrote, asked the same, is not asked again.
    """

    store: Catalog
    network: str
    describer: TextDescriber
    words: Sequence[str]
    """Those that measure."""
    model: LanguageModel
    settings: ExplainSettings
    progress: Callable[[str, int, int], None]
    say: Callable[[str], None]

    def explain(self, end: End, units: Sequence[int]) -> None:
        """Write of all units, then measure each beside what was written of another one."""
        written = self._write(end, units)
        if silent := len(units) - len(written):
            self.say(f"{end.name}: {self.model.spec} wrote nothing of {silent} units")
        others, stage = self._others(written), f"measuring free text, {end.name}"
        for done, (unit, own) in enumerate(written.items()):
            self.progress(stage, done, len(written))
            if not own.n_passages and (measured := self._measure(end, own, others[unit])):
                self._keep(end, measured)
        self.progress(stage, len(written), len(written))

    def _write(self, end: End, units: Sequence[int]) -> dict[int, FreeText]:
        key = explainer_key(self.model, self.settings)
        kept = self.store.free_texts(self.network, end.exemplars.layer, downward=end.is_lower)
        written = {unit: kept[unit] for unit in units if unit in kept and kept[unit].key == key}
        stage = f"writing free text, {end.name}"
        for done, unit in enumerate(units):
            self.progress(stage, done, len(units))
            if unit not in written:
                phrases = write_phrases(self.model, self._spans(end, unit), self.settings)
                if phrases:
                    written[unit] = FreeText(unit, self.model.spec, key, phrases)
                    self._keep(end, written[unit])
        self.progress(stage, len(units), len(units))
        return dict(sorted(written.items()))

    def _measure(self, end: End, own: FreeText, other: str | None) -> FreeText | None:
        """With its figures; None where too few passages drive the unit."""
        trial = Trial.of(
            end.measured[:, own.unit_index],
            self.describer.samples.passage,
            self.words,
            float(end.exemplars.thresholds[own.unit_index]),
            self.settings.n_told,
            self.settings.seed,
        )
        if trial is None:
            return None
        return replace(
            own,
            n_passages=len(trial.active),
            scores=trial.score(self.model, own.phrase),
            shuffled=None if other is None else trial.score(self.model, other),
            description=self._description(end, own.unit_index, trial),
        )

    def _description(self, end: End, unit: int, trial: Trial) -> Figure | None:
        """How well the unit's own description follows it over the words of the trial."""
        known = self.store.unit(UnitId(self.network, end.exemplars.layer, unit))
        said = known.downward_description if end.is_lower else known.description
        if said is None or not said.candidates:
            return None
        present = self.describer.measurer.named([said.candidates[0].phrase])[:, 0]
        return trial.followed_by(present[trial.rows])

    def _spans(self, end: End, unit: int) -> list[TextSpan]:
        """Passages that drive the unit most."""
        known = self.store.unit(UnitId(self.network, end.exemplars.layer, unit))
        shown = (own.region for own in (known.downward if end.is_lower else known.exemplars))
        return [span for span in shown if isinstance(span, TextSpan)]

    def _others(self, written: Mapping[int, FreeText]) -> dict[int, str | None]:
        """For each unit what was written of another one."""
        rng = np.random.default_rng(self.settings.seed)
        given = shuffled([own.phrase for own in written.values()], rng)
        return dict(zip(written, given, strict=True))

    def _keep(self, end: End, own: FreeText) -> None:
        self.store.store_free_text(self.network, end.exemplars.layer, own, downward=end.is_lower)
