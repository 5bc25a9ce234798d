"""From one picture's likelihoods and proposals to those of a unit with several regions."""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from captioner.protocols import LogLikelihood

__all__ = ["N_SHOWN", "clean", "mean_over_regions", "rank", "token_sums"]

N_SHOWN = 3
"""Regions, the strongest first, that a model captions for proposals; all take part in judging."""


def mean_over_regions(given: Sequence[LogLikelihood]) -> LogLikelihood:
    """log p(d|E) of a unit from log p(d|region) of each of its regions: their mean.

    That is the geometric mean of the probabilities. A unit's regions are many views of one cause, so a phrase
    must fit each of them; the arithmetic mean would let one lucky region decide. Against their product, the
    mean stays on the scale of a single picture: the weight of the prior means the same for a unit with 3
    regions and one with 15.
    """
    totals = np.stack([one.total for one in given])
    return LogLikelihood(totals.mean(axis=0), given[0].n_tokens)


def token_sums(
    logits: Float[Tensor, "row token vocabulary"],
    targets: Int[Tensor, "row token"],
    counted: Bool[Tensor, "row token"],
) -> Float[Tensor, " row"]:
    """Sum log p over the counted tokens; `logits[:, i]` are those that predict `targets[:, i]`."""
    log_p = torch.log_softmax(logits.float(), dim=-1)
    chosen = log_p.gather(-1, targets[..., None])[..., 0].double()
    return (chosen * counted).sum(dim=-1)


def clean(text: str) -> str:
    """A model's answer in the bank's style.

    >>> clean(" A red  Bus.\\n")
    'a red bus'
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    return re.sub(r"\s+", " ", first).strip(" .,;:!?\"'").lower()


def rank(proposals: Iterable[str], judge: Callable[[Sequence[str]], LogLikelihood], n: int) -> list[str]:
    """Proposals of several regions as one list: each phrase once, likeliest first under all regions shown."""
    phrases = list(dict.fromkeys(filter(None, map(clean, proposals))))
    if not phrases:
        return []
    total = judge(phrases).total
    order = sorted(range(len(phrases)), key=lambda i: (-total[i], phrases[i]))
    return [phrases[i] for i in order[:n]]
