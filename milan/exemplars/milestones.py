"""How far a pass must be to be looked at while it goes on."""

import numpy as np
from jaxtyping import Bool

__all__ = ["Milestones"]

_SHARES = (0.01, 0.03, 0.1, 0.3)
"""Each three times the one before, so that intervals shrink visibly and looking costs little of the whole."""


class Milestones:
    """1, 3, 10 and 30 % of the batches, each told once.

    >>> reached = Milestones().reached
    >>> [reached(np.arange(200) < n_done) for n_done in (1, 2, 3, 20, 21, 200)]
    [False, True, False, True, False, False]
    """

    def __init__(self) -> None:
        self._ahead = list(_SHARES)

    def reached(self, done: Bool[np.ndarray, " batch"]) -> bool:
        """Whether a share has been reached since the last call; the end of the pass is none."""
        share = float(done.mean())
        passed = [ahead for ahead in self._ahead if ahead <= share]
        self._ahead = self._ahead[len(passed) :]
        return bool(passed) and share < 1
