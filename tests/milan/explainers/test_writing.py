from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from milan.errors import BadSetting
from milan.explainers import ExplainSettings, LanguageModel, explainer_key, write_phrases
from milan.explainers.language_model import Likelihood
from milan.records import TextSpan


class Writes:
    """Writes what it is told to, and finds some of it likely without any passage."""

    def __init__(self, written: Sequence[str], likely: str = "") -> None:
        self.prompts: list[str] = []
        self._written = list(written)
        self._likely = likely

    def write(self, prompt: str, n: int, seed: int = 0) -> list[str]:
        self.prompts.append(prompt)
        return self._written

    def likelihoods(self, prompt: str, texts: Sequence[str]) -> list[Likelihood]:
        shown = prompt == self.prompts[0]
        return [Likelihood(-4.0 if shown or text.strip() == self._likely else -16.0, 4) for text in texts]


def span(*words: str, peak: int = 0) -> TextSpan:
    activations = np.zeros(len(words), np.float32)
    activations[peak] = 2.0
    return TextSpan("sentence 1", words, activations, 1.0)


def write(model: Writes, *spans: TextSpan, **settings: float) -> list[str]:
    asked = ExplainSettings(**settings)  # type: ignore[arg-type]
    return [own.phrase for own in write_phrases(cast(LanguageModel, model), spans, asked)]


def test_what_is_likely_without_passages_comes_last() -> None:
    model = Writes(["days of the week", "kinds of fish"], likely="days of the week")
    assert write(model, span("cod")) == ["kinds of fish", "days of the week"]
    assert write(model, span("cod"), lambda_=0) == ["days of the week", "kinds of fish"]  # a tie: by letters


def test_scores_are_the_difference_of_normalised_likelihoods() -> None:
    (found,) = write_phrases(cast(LanguageModel, Writes(["fish"])), [span("cod")])
    assert (found.log_p_given, found.log_p_prior) == (-2.0, -8.0)
    assert found.score == -2.0 + 0.5 * 8.0
    assert found.source == "explainer"


def test_empty_double_and_endless_lines_are_no_phrases() -> None:
    assert write(Writes(["", " . ", "fish.", '"fish"', "x" * 81]), span("cod")) == ["fish"]
    assert write(Writes([""]), span("cod")) == []


def test_the_words_that_drive_the_unit_are_marked_around_the_strongest() -> None:
    model = Writes(["fish"])
    write(model, span("eat", "cod", "today", peak=1), span(*"abcdefghijklmnopqrstuvwxyz", peak=15))
    assert "- eat <<cod>> today\n" in model.prompts[0]
    assert "- d e f g h i j k l m n o <<p>> q r s t u v\n" in model.prompts[0]


def test_only_the_strongest_passages_are_shown() -> None:
    model = Writes(["fish"])
    write(model, *[span(f"word{at}") for at in range(9)], n_shown=2)
    assert "word1" in model.prompts[0]
    assert "word2" not in model.prompts[0]


@pytest.mark.parametrize("wrong", [{"lambda_": 2}, {"n_written": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadSetting):
        ExplainSettings(**wrong)  # type: ignore[arg-type]


def test_other_settings_have_another_key(writer: LanguageModel) -> None:
    keys = {explainer_key(writer, ExplainSettings(seed=seed)) for seed in (0, 0, 1)}
    assert len(keys) == 2
