"""Phrases in free words for a unit, from the passages that drive it most."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from milan.errors import BadSetting
from milan.explainers.language_model import LanguageModel
from milan.explainers.prompts import explain_prompt, fits_prompt, levels_prompt
from milan.records import Candidate, TextSpan, content_key

__all__ = ["ExplainSettings", "explainer_key", "write_phrases"]

_BEFORE, _AFTER = 12, 6
"""Words shown around a passage's strongest one."""
_LONGEST = 80
"""Letters of a phrase that are kept: what is longer is no phrase."""


@dataclass(frozen=True, slots=True)
class ExplainSettings:
    """How units get free words and are measured; the defaults are those of `milan describe --explainer`."""

    lambda_: float = 0.5
    """Weight of the prior, 0 to 1, as for all other phrases."""
    length_power: float = 0.5
    """Log-likelihoods are divided by tokens ** power."""
    n_written: int = 5
    """Phrases asked for, a unit; the likeliest, and others drawn."""
    n_shown: int = 10
    """Strongest passages that are shown."""
    n_told: int = 12
    """Held-out passages that drive the unit, and as many others, on which phrases are measured."""
    seed: int = 0
    """Of draws and bootstraps."""

    def __post_init__(self) -> None:
        if not 0 <= self.lambda_ <= 1:
            raise BadSetting(f"--lambda is between 0 and 1, got {self.lambda_}")
        if min(self.n_written, self.n_shown, self.n_told) < 1:
            raise BadSetting("n_written, n_shown and n_told are 1 at least")

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a key."""
        return asdict(self)


def explainer_key(model: LanguageModel, settings: ExplainSettings) -> str:
    """A hash of all that decides what is written and how it is measured."""
    asked = [explain_prompt(()), fits_prompt(), levels_prompt("")]
    return content_key([model.weights_hash, settings.as_dict(), asked])


def write_phrases(
    model: LanguageModel, spans: Sequence[TextSpan], settings: ExplainSettings | None = None
) -> tuple[Candidate, ...]:
    """What a model writes of a unit's passages, best first; nothing where all it writes is empty.

    Ranked as all phrases are, by log p(d|E) - lambda log p(d), both by the model itself: E are the passages,
    and p(d) is what it would write after the worked examples of any unit. So a phrase that is copied from an
    example gains nothing. `spans` are a unit's strongest passages, strongest first.
    """
    settings = settings or ExplainSettings()
    shown, none = explain_prompt([_marked(span) for span in spans[: settings.n_shown]]), explain_prompt(())
    written = (phrase.strip(" .\"'<>") for phrase in model.write(shown, settings.n_written, settings.seed))
    phrases = list(dict.fromkeys(phrase for phrase in written if phrase and len(phrase) <= _LONGEST))
    texts = [f" {phrase}" for phrase in phrases]
    given, prior = (
        [found.log_p / found.n_tokens**settings.length_power for found in model.likelihoods(prompt, texts)]
        for prompt in (shown, none)
    )
    candidates = (
        Candidate(phrase, log_given - settings.lambda_ * log_prior, log_given, log_prior, "explainer")
        for phrase, log_given, log_prior in zip(phrases, given, prior, strict=True)
    )
    return tuple(sorted(candidates, key=lambda candidate: (-candidate.score, candidate.phrase)))


def _marked(span: TextSpan) -> str:
    """The words around a passage's strongest one, those that drive the unit marked."""
    shown = range(max(0, span.peak - _BEFORE), min(len(span.words), span.peak + _AFTER + 1))
    level = span.level
    return " ".join(
        f"<<{span.words[at]}>>" if at == span.peak or span.activations[at] > level else span.words[at]
        for at in shown
    )
