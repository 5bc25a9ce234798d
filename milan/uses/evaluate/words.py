"""What a catalog says of a layer's units, and what it states of how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from milan.catalog import Catalog, DescriptionVersion, KeptLayer
from milan.records import Description, Faithfulness, LayerEvaluation, Predictor, UnitStatus, WordsOf
from milan.statistics import average

__all__ = ["LayerWords"]


@dataclass(frozen=True, slots=True)
class LayerWords:
    """The live units of a layer: those that have a candidate, said or held back."""

    layer: KeptLayer
    units: tuple[int, ...]
    """Their indices; the other fields stand in the same order."""
    descriptions: tuple[Description, ...]
    top_images: tuple[str, ...]
    """Each unit's strongest image."""

    @classmethod
    def read(cls, store: Catalog, layer: KeptLayer) -> Self:
        """Read the version that is shown."""
        live = [
            (unit.id.index, unit.description, unit.exemplars[0].source)
            for unit in store.units(layer.network, layer.name)
            if unit.description is not None and unit.candidates
        ]
        units, descriptions, images = zip(*live, strict=True) if live else ((), (), ())
        return cls(layer, units, descriptions, images)

    @property
    def version(self) -> DescriptionVersion:
        """The version of the descriptions."""
        return self.layer.versions[0]

    @property
    def voice(self) -> dict[str, str]:
        """Who spoke: its identity; empty where words came from elsewhere."""
        return dict(self.version.settings.get("voice", {}))

    @property
    def is_of_text(self) -> bool:
        """Whether they were described from a text."""
        return self.version.is_of_text

    @property
    def measured_by(self) -> dict[str, str] | None:
        """Who measured: its identity, or None."""
        identity = self.version.settings.get("simulator")
        return None if identity is None else dict(identity)

    @property
    def phrases(self) -> list[str]:
        """Each unit's best candidate."""
        return [description.candidates[0].phrase for description in self.descriptions]

    def stated(self, seed: int) -> LayerEvaluation:
        """What is known without a picture, of a layer that has words for some unit."""
        silent = [float(own.status is UnitStatus.INCONSISTENT) for own in self.descriptions]
        of_phrases = [own.faithfulness for own in self.descriptions]
        of_explanations = [own.explanation_faithfulness for own in self.descriptions]
        rows = (
            _predictor(WordsOf.PHRASE, of_phrases, seed),
            _predictor(WordsOf.EXPLANATION, of_explanations, seed),
        )
        return LayerEvaluation(
            network=self.layer.network,
            layer=self.layer.name,
            n_units=len(self.units),
            n_images=max((own.n_measured for own in of_phrases if own is not None), default=0),
            abstained=average(silent, seed),
            distinct=len(set(self.phrases)) / len(self.units),
            measured_in="words" if self.is_of_text else "images",
            simulator=None if self.measured_by is None else self.measured_by["simulator"],
            predictors=tuple(row for row in rows if row is not None),
        )


def _predictor(words: WordsOf, figures: Sequence[Faithfulness | None], seed: int) -> Predictor | None:
    """A row of stated figures; a unit without such words is not predicted at all, which counts as 0."""
    if not any(figures):
        return None
    mean = average([own.mean.value if own else 0.0 for own in figures], seed)
    peak = average([own.peak.value if own else 0.0 for own in figures], seed)
    return Predictor(words, len(figures), mean, peak)
