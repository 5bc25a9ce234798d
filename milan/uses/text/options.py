"""What can be chosen when a text's units are described, and what a run says of itself."""

from dataclasses import asdict, dataclass, field
from typing import Any

from milan.describe.text import TextSettings
from milan.exemplars import SpanSettings
from milan.explainers import ExplainSettings, LanguageModel

__all__ = ["TextOptions", "TextSummary"]


@dataclass(frozen=True, slots=True)
class TextOptions:
    """Choices of one run; the defaults are those of `milan describe --texts`."""

    layers: tuple[str, ...] = ()
    """All without names."""
    units: frozenset[int] | None = None
    """Describe these units of each layer; None means all."""
    spans: SpanSettings = field(default_factory=SpanSettings)
    words: TextSettings | None = field(default_factory=TextSettings)
    """How phrases are chosen; None finds exemplars only."""
    explainer: LanguageModel | None = None
    """Who writes free text beside the phrases; asks for `words`."""
    free_text: ExplainSettings = field(default_factory=ExplainSettings)
    """How it is asked."""
    fresh: bool = False
    """Forget what the catalog holds."""


@dataclass(frozen=True, slots=True)
class TextSummary:
    """What a run did."""

    network: str
    catalog: str
    n_sentences: int
    n_words: int
    """That have activations."""
    n_dropped: int
    """Words of the text that have none."""
    n_measured: int
    """Words that measured what was said."""
    n_units: int
    statuses: dict[str, int]
    """Units by status."""

    @property
    def n_failed(self) -> int:
        """Units that could not be measured."""
        return self.statuses.get("failed", 0)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for `--json`."""
        return asdict(self)

    def lines(self) -> list[str]:
        """What a person reads at the end."""
        found = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in self.statuses.items())
        said = [
            f"{self.network}: {self.n_units} units ({found}) from {self.n_words} words of "
            f"{self.n_sentences} sentences -> {self.catalog}"
        ]
        if self.n_dropped:
            said.append(f"{self.n_dropped} words have no activations: they are neither shown nor measured")
        return said
