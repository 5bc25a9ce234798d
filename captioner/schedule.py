"""How the rate of learning goes over a training."""

import math

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

__all__ = ["warm_then_cosine"]


def warm_then_cosine(optimiser: Optimizer, steps: int) -> LambdaLR:
    """From a tenth of the rate to all of it over a twelfth of the steps, then down to nothing by a cosine."""
    warm = max(1, steps // 12)

    def share(step: int) -> float:
        if step < warm:
            return 0.1 + 0.9 * step / warm
        return 0.5 + 0.5 * math.cos(math.pi * (step - warm) / max(1, steps - warm))

    return LambdaLR(optimiser, share)
