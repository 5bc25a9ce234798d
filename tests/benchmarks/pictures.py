"""Pictures for measurements that need no real ones."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_pictures(folder: Path, n: int, suffix: str = ".png", size: int = 256) -> Path:
    """Coloured noise with a 1/f spectrum and flat shapes: the second-order statistics of photos."""
    falloff = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    falloff[0, 0] = 1
    for index in range(n):
        rng = np.random.default_rng(index)
        spectrum = np.fft.rfft2(rng.normal(size=(3, size, size))) / falloff ** rng.uniform(0.8, 1.4)
        waves = np.fft.irfft2(spectrum, (size, size))
        mixed = np.einsum("ij,jhw->hwi", rng.normal(size=(3, 3)), waves / waves.std())
        pixels = np.clip(rng.uniform(60, 190, 3) + mixed * rng.uniform(15, 50), 0, 255).astype(np.uint8)
        for _ in range(rng.integers(1, 6)):
            top, left = rng.integers(0, size - 20, 2)
            height, width = rng.integers(10, 140, 2)
            pixels[top : top + height, left : left + width] = rng.integers(0, 256, 3)
        Image.fromarray(pixels).save(folder / f"{index:05}{suffix}")
    return folder
