"""Latents: drawn, read, and found again by the picture they made."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from milan.errors import BadSetting, DataError
from milan.networks import Latents


def values(n: int = 5, size: int = 4) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((n, size), np.float32)


def test_more_latents_begin_with_those_of_fewer_and_a_seed_gives_the_same_again() -> None:
    few, many = Latents.drawn(3, (2, 4), seed=7), Latents.drawn(9, (2, 4), seed=7)
    np.testing.assert_array_equal(many.values[:3], few.values)
    assert many.first(3).hash == few.hash
    assert Latents.drawn(3, (2, 4), seed=8).hash != few.hash
    assert abs(float(Latents.drawn(4000, (8,), seed=0).values.std()) - 1) < 0.02


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_file_of_any_floating_type_is_read(tmp_path: Path, dtype: type) -> None:
    np.save(tmp_path / "z.npy", values().astype(dtype))
    save_file({"latents": values().astype(dtype), "labels": np.zeros(5)}, tmp_path / "named.safetensors")
    save_file({"z": values().astype(dtype)}, tmp_path / "alone.safetensors")
    for name in ("z.npy", "named.safetensors", "alone.safetensors"):
        read = Latents.read(tmp_path / name)
        assert read.values.dtype == np.float32
        np.testing.assert_array_equal(read.values, values().astype(dtype).astype(np.float32))


def test_a_picture_leads_back_to_the_latent_that_made_it() -> None:
    latents = Latents(values())
    names = [latents.picture_name(index) for index in range(len(latents))]
    assert names == sorted(names)
    np.testing.assert_array_equal(latents.of_picture(names[3]), values()[3])
    for other in (names[3].replace("000003", "000002"), "000099-00000000.png", "photo.jpg"):
        with pytest.raises(DataError, match="none of the latents made this picture"):
            latents.of_picture(other)


def test_what_holds_no_latents_is_refused_in_one_line(tmp_path: Path) -> None:
    holes = values()
    holes[2, 1], holes[4, 0] = np.nan, np.inf
    np.save(tmp_path / "holes.npy", holes)
    np.save(tmp_path / "whole.npy", np.arange(8).reshape(2, 4))
    np.save(tmp_path / "flat.npy", values()[0])
    np.save(tmp_path / "none.npy", values()[:0])
    save_file({"a": values(), "b": values()}, tmp_path / "two.safetensors")
    (tmp_path / "broken.npy").write_bytes(b"not numpy")
    (tmp_path / "broken.safetensors").write_bytes(b"not tensors")
    (tmp_path / "notes.txt").write_text("z")
    for name, said in {
        "holes.npy": "2 of 5 latents hold values that are not finite, the first is number 2",
        "whole.npy": "int64",
        "flat.npy": r"shape \(4,\)",
        "none.npy": r"shape \(0, 4\)",
        "two.safetensors": r"several tensors \(a, b\): call one of them 'latents'",
        "broken.npy": "cannot be read as latents",
        "broken.safetensors": "cannot be read as latents",
        "notes.txt": "a .npy or .safetensors file",
        "missing.npy": "no file of latents",
    }.items():
        with pytest.raises(DataError, match=said) as refused:
            Latents.read(tmp_path / name)
        assert "\n" not in str(refused.value)
    with pytest.raises(BadSetting, match="at least 1, got 0"):
        Latents.drawn(0, (4,), seed=0)
