"""What a probe is held against: the words alone, and labels that mean nothing."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Int64

from milan.errors import BadSetting, DataError

__all__ = ["control_labels", "majority_of_word"]


def majority_of_word(
    train_words: Sequence[str], train_labels: Int64[np.ndarray, " token"], words: Sequence[str]
) -> Int64[np.ndarray, " other"]:
    """The most frequent label of each word in training, or of all tokens for a word not seen there.

    Of equally frequent ones the lowest. A probe below this knows less than a dictionary; published ones are
    (Dalvi et al., AAAI 2019: French morphology 88.0 against 89.5 %). DataError for no or unlike lengths.
    """
    if len(train_words) != len(train_labels) or not len(train_labels):
        raise DataError(f"{len(train_words)} words and {len(train_labels)} labels: give each word its label")
    n_classes = int(train_labels.max()) + 1
    number: dict[str, int] = {}
    of_token = np.array([number.setdefault(word, len(number)) for word in train_words])
    counts = np.zeros((len(number) + 1, n_classes), np.int64)
    np.add.at(counts, (of_token, train_labels), 1)
    counts[-1] = counts.sum(0)  # the row of words not seen
    best: Int64[np.ndarray, " word"] = counts.argmax(1)
    found: Int64[np.ndarray, " other"] = best[[number.get(word, -1) for word in words]]
    return found


def control_labels(
    words: Sequence[str],
    labels: Int64[np.ndarray, " token"],
    *,
    distribution: Literal["same", "uniform"] = "same",
    seed: int = 0,
) -> Int64[np.ndarray, " token"]:
    """A control task (Hewitt and Liang, EMNLP 2019): every word is given one label by chance, for good.

    Labels are drawn as often as in `labels` or all alike. A probe that learns the control as well as the
    task has learnt words by heart: selectivity is its accuracy on the task less that on the control. Give
    all words at once, of training and of test, so that a word has one label; words differ by case.
    """
    if len(words) != len(labels) or not len(labels):
        raise DataError(f"{len(words)} words and {len(labels)} labels: give each word its label")
    if distribution not in ("same", "uniform"):
        raise BadSetting(f"control labels are drawn from 'same' or 'uniform', got {distribution!r}")
    counts = np.bincount(labels)
    shares = counts / counts.sum() if distribution == "same" else np.full(len(counts), 1 / len(counts))
    rng = np.random.default_rng(seed)
    drawn: dict[str, int] = {}
    choices = iter(rng.choice(len(counts), len(set(words)), p=shares))
    for word in words:
        if word not in drawn:
            drawn[word] = int(next(choices))
    return np.array([drawn[word] for word in words])
