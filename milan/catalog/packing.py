"""Arrays and names as compressed bytes, and back."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float32

from milan.records import Histogram

__all__ = [
    "pack_array",
    "pack_columns",
    "pack_histogram",
    "pack_names",
    "unpack_array",
    "unpack_columns",
    "unpack_histogram",
    "unpack_names",
]

Array = np.ndarray[Any, Any]


def pack_array(array: Array, dtype: str) -> bytes:
    """An array as one kind of number."""
    return zlib.compress(np.ascontiguousarray(array, np.dtype(dtype)).tobytes(), 1)


def unpack_array(blob: bytes, dtype: str, shape: tuple[int, ...]) -> Array:
    """The array again, in the machine's byte order."""
    return _native(np.frombuffer(zlib.decompress(blob), dtype).reshape(shape))


def pack_columns(array: Float32[np.ndarray, "row column"]) -> bytes:
    """A float32 scale a column, then the values as float16 parts of their column's scale.

    The scale is the column's largest finite magnitude: what comes back is within 2^-12 of it, and values
    above 6e-5 of it are within 2^-11 of themselves (5e-4). What is not finite comes back as it was. Packing
    what was unpacked gives the same bytes.
    """
    scales = np.max(np.abs(array), axis=0, initial=0, where=np.isfinite(array)).astype("<f4")
    parts = array / np.where(scales > 0, scales, np.float32(1))
    return zlib.compress(scales.tobytes() + parts.astype("<f2").tobytes(), 1)


def unpack_columns(blob: bytes, n_rows: int, n_columns: int) -> Float32[np.ndarray, "row column"]:
    """The values, as near as `pack_columns` says."""
    content = zlib.decompress(blob)
    scales = _native(np.frombuffer(content, "<f4", n_columns))
    parts = np.frombuffer(content, "<f2", offset=scales.nbytes).reshape(n_rows, n_columns)
    values: Float32[np.ndarray, "row column"] = parts.astype(np.float32) * np.where(scales > 0, scales, 1)
    return values


def pack_histogram(histogram: Histogram | None) -> bytes | None:
    """The two ends as float32, then the counts as 64-bit integers, which shrink well."""
    if histogram is None:
        return None
    ends = np.array([histogram.low, histogram.high], "<f4").tobytes()
    return zlib.compress(ends + np.array(histogram.counts, "<i8").tobytes(), 1)


def unpack_histogram(blob: bytes | None) -> Histogram | None:
    """The histogram again."""
    if blob is None:
        return None
    content = zlib.decompress(blob)
    low, high = np.frombuffer(content, "<f4", 2).tolist()
    return Histogram(low, high, tuple(np.frombuffer(content, "<i8", offset=8).tolist()))


def pack_names(names: Sequence[str]) -> bytes:
    """Names in their order."""
    return zlib.compress(json.dumps(list(names)).encode(), 1)


def unpack_names(blob: bytes) -> tuple[str, ...]:
    """The names again."""
    return tuple(json.loads(zlib.decompress(blob)))


def _native(array: Array) -> Array:
    return array.astype(array.dtype.newbyteorder("="))
