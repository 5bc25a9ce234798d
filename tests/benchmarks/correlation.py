"""What networks have in common, streamed: memory by units, never by words, and numpy's figures.

    python tests/benchmarks/correlation.py

Words are drawn batch by batch: two networks that share half of their directions. Peaks are of what numpy and
Python allocate (tracemalloc). On the smallest text everything is compared with numpy on the whole matrix:
correlations with corrcoef, LinReg with lstsq, SVCCA with the singular values of orthonormal bases.
Bars: the peak does not grow with words, and is at most 24 matrices [unit, unit] of both networks together;
equal to 1e-9.
"""

import argparse
import time
import tracemalloc
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float64

from milan.correlation import JointMoments, best_matches, linear_fit, shared_directions

BATCH = 1024

Words = dict[str, Float64[np.ndarray, "word unit"]]


def batches(n_words: int, n_units: int) -> Iterator[Words]:
    """The same words for the same numbers."""
    mixing = np.random.default_rng(0).normal(size=(2, n_units, n_units)) / np.sqrt(n_units)
    rng = np.random.default_rng(1)
    for start in range(0, n_words, BATCH):
        shape = (min(BATCH, n_words - start), n_units)
        shared, own = rng.normal(size=shape), rng.normal(size=(2, *shape))
        own[:, :, : n_units // 2] = shared[:, : n_units // 2]
        yield {"one": own[0] @ mixing[0] + 3, "two": own[1] @ mixing[1]}


def compared(n_words: int, n_units: int) -> tuple[JointMoments, dict[str, np.ndarray]]:
    """Everything that is told of two networks."""
    moments = JointMoments({"one": n_units, "two": n_units})
    for words in batches(n_words, n_units):
        moments.add(words)
    return moments, {
        "MaxCorr": np.abs(best_matches(moments, "one").correlation[0]),
        "LinReg": linear_fit(moments, "one")[0],
        "SVCCA": shared_directions(moments, "one", "two").correlation,
    }


def by_numpy(n_words: int, n_units: int) -> dict[str, np.ndarray]:
    """The same from whole matrices."""
    parts = list(batches(n_words, n_units))
    one, two = (np.concatenate([part[name] for part in parts]) for name in ("one", "two"))
    one, two = one - one.mean(0), two - two.mean(0)
    left = one - two @ np.linalg.lstsq(two, one, rcond=None)[0]
    share = 1 - np.square(left).sum(0) / np.square(one).sum(0)
    bases = []
    for matrix in (one, two):
        basis, sizes, _ = np.linalg.svd(matrix, full_matrices=False)
        kept = np.cumsum(np.square(sizes)) / np.square(sizes).sum()
        bases.append(basis[:, : int(np.searchsorted(kept, 0.99)) + 1])
    return {
        "MaxCorr": np.abs(np.corrcoef(one.T, two.T)[:n_units, n_units:]).max(1),
        "LinReg": 1 - (1 - share) * (n_words - 1) / (n_words - 1 - n_units),
        "SVCCA": np.linalg.svd(bases[0].T @ bases[1], compute_uv=False),
    }


def main() -> None:
    """Measure memory, then agreement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", type=int, default=256)
    parser.add_argument("--words", type=int, nargs="+", default=[4_000, 16_000, 64_000])
    asked = parser.parse_args()
    square = (2 * asked.units) ** 2 * 8
    for n_words in asked.words:
        tracemalloc.start()
        start = time.process_time()
        compared(n_words, asked.units)
        taken, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(
            f"{n_words:,} words, 2 x {asked.units} units: peak {peak / 2**20:.1f} MiB = {peak / square:.1f} "
            f"matrices; all words at once {n_words * 2 * asked.units * 8 / 2**20:.0f} MiB; {taken:.1f} s"
        )
    found, expected = compared(asked.words[0], asked.units)[1], by_numpy(asked.words[0], asked.units)
    for name, values in expected.items():
        print(f"{name}: apart from numpy {np.abs(found[name] - values).max():.1e} (bar 1e-9)")


if __name__ == "__main__":
    main()
