from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from jaxtyping import Float64

from milan.explainers import FEWEST_PASSAGES, LanguageModel, Trial, detect, simulate
from milan.explainers.prompts import YES
from milan.records import TextScores


class KnowsDays:
    """Answers as one would who understands the phrase "days" and nothing else."""

    def answers(
        self, prompt: str, texts: Sequence[Sequence[str]], options: Sequence[str]
    ) -> list[Float64[np.ndarray, "piece option"]]:
        found = []
        for pieces in texts:
            asks = prompt if options[0] != YES else pieces[-1]
            knows = "days\n" in asks.rpartition("Phrase" if options[0] == YES else "A unit")[2]
            fits = [knows and "Monday" in piece for piece in pieces]
            shares = np.zeros((len(pieces), len(options)))
            shares[:, -1 if options[0] != YES else 0] = fits
            shares[:, 0 if options[0] != YES else -1] = np.logical_not(fits)
            found.append(shares)
        return found


def model() -> LanguageModel:
    return cast(LanguageModel, KnowsDays())


def held_out(n: int = 40) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Passages of 30 words, every second one with a Monday, to which the unit answers."""
    words = [
        "Monday" if at % 2 == 0 and word == 3 + at % 20 else f"word{word}"
        for at in range(n)
        for word in range(30)
    ]
    active = np.array([word == "Monday" for word in words], np.float32)
    noise = np.random.default_rng(0).normal(0, 0.05, len(words)).astype(np.float32)
    return active + noise, np.repeat(np.arange(n), 30), words


def test_one_who_understands_the_phrase_tells_passages_and_words() -> None:
    activations, passage, words = held_out()
    trial = Trial.of(activations, passage, words, threshold=0.5, n=8)
    assert trial is not None
    assert len(trial.passages) == 16
    assert trial.active.sum() == 8
    scores = trial.score(model(), "days")
    assert scores.detection.value == scores.auc.value == 1
    assert scores.simulation.value > 0.9
    assert scores.simulation.low <= scores.simulation.value <= scores.simulation.high


def test_a_phrase_that_says_nothing_scores_chance() -> None:
    activations, passage, words = held_out()
    trial = Trial.of(activations, passage, words, threshold=0.5, n=8)
    assert trial is not None
    scores = trial.score(model(), "cars")
    assert isinstance(scores, TextScores)
    assert scores.detection.value == 0.5
    assert scores.auc.value == 0.5
    assert scores.simulation.value == 0


def test_passages_are_cut_to_the_stretch_in_which_the_unit_is_strongest() -> None:
    activations, passage, words = held_out()
    activations[29] = 5.0  # the first passage's last word
    trial = Trial.of(activations, passage, words, threshold=0.5, n=8)
    assert trial is not None
    assert trial.passages[0] == tuple(words[24:30])
    assert all(len(own) <= 24 for own in trial.passages)
    np.testing.assert_array_equal(trial.activations, activations[trial.rows])


def test_with_fewer_passages_than_a_figure_needs_there_is_no_trial() -> None:
    activations, passage, words = held_out(2 * FEWEST_PASSAGES)
    assert Trial.of(activations, passage, words, threshold=0.5) is not None
    short = passage < 2 * FEWEST_PASSAGES - 2
    cut = activations[short], passage[short], [word for word, kept in zip(words, short, strict=True) if kept]
    assert Trial.of(*cut, threshold=0.5) is None


def test_the_same_seed_draws_the_same_passages() -> None:
    activations, passage, words = held_out()
    first, second, other = (
        Trial.of(activations, passage, words, threshold=0.5, n=5, seed=seed) for seed in (1, 1, 2)
    )
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.rows.tolist() == second.rows.tolist() != other.rows.tolist()


def test_the_random_model_answers_every_word_within_the_levels(writer: LanguageModel) -> None:
    passages = [("the", "dogs"), ("cats",), ("past", "words", "the", "no")]
    sure = detect(writer, "the past", passages)
    assert sure.shape == (3,)
    assert ((sure > 0) & (sure < 1)).all()
    guessed = simulate(writer, "the past", passages)
    assert [len(own) for own in guessed] == [2, 1, 4]
    assert all(((own >= 0) & (own <= 9)).all() for own in guessed)
    assert simulate(writer, "the past", passages[2:])[0] == pytest.approx(guessed[2], abs=1e-5)
