"""BLEU, as sacrebleu defines it, in counts that add up over sentences."""

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from jaxtyping import Float, Float64

from milan.errors import DataError, MilanError

__all__ = ["BLEU_SIGNATURE", "bleu", "bleu_counts", "bleu_of"]

BLEU_SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp"
"""What sacrebleu calls these settings; its version belongs to it."""

_ORDERS = 4


def bleu(translations: Sequence[str], references: Sequence[str]) -> float:
    """BLEU of a text (Papineni et al., 2002), 0 to 100."""
    return bleu_of(bleu_counts(translations, references).sum(0))


def bleu_counts(
    translations: Sequence[str], references: Sequence[str]
) -> Float64[np.ndarray, "sentence count"]:
    """Of each sentence: both lengths, n-grams of one to four words that are right, and all of them."""
    if len(translations) != len(references):
        raise DataError(f"{len(translations)} translations for {len(references)} references: give one each")
    metric = _sacrebleu().BLEU(effective_order=True)
    rows = []
    for translation, reference in zip(translations, references, strict=True):
        found = metric.sentence_score(translation, [reference])
        rows.append([found.sys_len, found.ref_len, *found.counts, *found.totals])
    return np.array(rows, np.float64).reshape(-1, 2 + 2 * _ORDERS)


def bleu_of(sums: Float[np.ndarray, " count"]) -> float:
    """BLEU of counts that were summed over sentences."""
    translated, wanted = int(sums[0]), int(sums[1])
    right, total = (sums[at : at + _ORDERS].astype(int).tolist() for at in (2, 2 + _ORDERS))
    return float(_sacrebleu().BLEU.compute_bleu(right, total, translated, wanted, smooth_method="exp").score)


def _sacrebleu() -> ModuleType:
    try:
        import sacrebleu
    except ImportError as problem:
        raise MilanError("BLEU needs sacrebleu: pip install 'milan-neurons[text]'") from problem
    module: ModuleType = sacrebleu
    return module
