import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.datasets import UnreadableImage, open_picture, open_sent_picture
from milan.errors import DataError


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned a quarter
    Image.new("RGB", (20, 10)).save(tmp_path / "turned.jpg", exif=exif)
    assert open_picture(tmp_path / "turned.jpg").size == (10, 20)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "red.jpg")
    picture = open_picture(tmp_path / "red.jpg")
    red, green, blue = picture.getpixel((4, 4))
    assert picture.mode == "RGB"
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_are_brought_to_eight_by_their_range(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 0x8000, np.uint16)).save(tmp_path / "deep.png")
    assert np.asarray(open_picture(tmp_path / "deep.png")).tolist() == [[[128] * 3] * 4] * 4


def test_floats_in_the_unit_range_are_read_and_others_refused(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 0.5, np.float32)).save(tmp_path / "half.tiff")
    assert open_picture(tmp_path / "half.tiff", channels=1).getpixel((0, 0)) == 128
    Image.fromarray(np.full((4, 4), 500.0, np.float32)).save(tmp_path / "metres.tiff")
    with pytest.raises(UnreadableImage, match="outside 0"):
        open_picture(tmp_path / "metres.tiff")


def test_an_animation_shows_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert open_picture(tmp_path / "moving.gif").getpixel((3, 3)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_over_white(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (4, 4), 0).save(tmp_path / "clear.png")
    assert open_picture(tmp_path / "clear.png").getpixel((0, 0)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_lies_over_white(tmp_path: Path) -> None:
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([0, 0, 0, 9, 9, 9])
    picture.save(tmp_path / "palette.png", transparency=0)
    assert open_picture(tmp_path / "palette.png").getpixel((0, 0)) == (255, 255, 255)


def test_a_network_that_takes_transparency_gets_it(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (1, 2, 3, 4)).save(tmp_path / "clear.png")
    assert open_picture(tmp_path / "clear.png", channels=4).getpixel((0, 0)) == (1, 2, 3, 4)


@pytest.mark.parametrize("size", [(1, 300), (20_000, 3), (1, 1)])
def test_extreme_shapes_are_read(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size).save(tmp_path / "extreme.png")
    assert open_picture(tmp_path / "extreme.png").size == size


def test_a_truncated_image_says_so(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jpg"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(whole)
    (tmp_path / "half.jpg").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(UnreadableImage, match="truncated"):
        open_picture(tmp_path / "half.jpg")


@pytest.mark.parametrize("content", [b"", b"<html>404</html>"])
def test_a_file_that_is_no_image_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "none.jpg").write_bytes(content)
    with pytest.raises(UnreadableImage, match="not an image"):
        open_picture(tmp_path / "none.jpg")


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    parts = struct.pack(">I", len(header)), chunk, struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts) + b"\0\0\0\1IDAT")
    with pytest.raises(UnreadableImage, match="decompression bomb"):
        open_picture(tmp_path / "bomb.png")


def test_arrays_of_many_channels_come_as_stored(tmp_path: Path) -> None:
    bands = np.random.default_rng(0).integers(0, 4096, (5, 6, 8)).astype(np.uint16)
    np.save(tmp_path / "bands.npy", bands)
    assert (open_picture(tmp_path / "bands.npy", channels=8) == bands).all()


def test_pictures_of_many_bands_are_read(tmp_path: Path) -> None:
    from skimage.io import imsave

    bands = np.random.default_rng(0).integers(0, 255, (9, 12, 6)).astype(np.uint8)
    imsave(tmp_path / "bands.tif", bands, check_contrast=False)
    assert np.shape(open_picture(tmp_path / "bands.tif", channels=6)) == (9, 12, 6)


@pytest.mark.parametrize("values", [np.zeros(7), np.zeros((0, 4, 3)), np.array({"a": 1}, dtype=object)])
def test_arrays_that_are_no_picture_are_refused(tmp_path: Path, values: np.ndarray) -> None:
    np.save(tmp_path / "odd.npy", values, allow_pickle=True)
    with pytest.raises(UnreadableImage):
        open_picture(tmp_path / "odd.npy")


def sent(width: int, height: int, form: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, form)
    file.seek(0)
    return file


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_sent_picture_of_a_form_of_the_web_is_decoded(form: str) -> None:
    picture = open_sent_picture(sent(8, 6, form))
    assert (picture.size, picture.mode) == ((8, 6), "RGB")
    assert open_sent_picture(sent(8, 6, form), 1).mode == "L"


def test_a_sent_picture_of_too_many_pixels_is_refused_by_its_header() -> None:
    header = bytearray(sent(8, 6).getvalue())
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(UnreadableImage, match=r"60,000 x 60,000 pixels|decompression bomb"):
        open_sent_picture(io.BytesIO(header))
    with pytest.raises(UnreadableImage, match="7,000 x 6,000 pixels"):
        open_sent_picture(sent(7000, 6000, "GIF"))


@pytest.mark.parametrize(
    "content",
    [b"", b"a text", b"%!PS-Adobe-3.0 EPSF-3.0", sent(8, 6, "TIFF").getvalue(), sent(8, 6).getvalue()[:50]],
)
def test_what_is_sent_and_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableImage):
        open_sent_picture(io.BytesIO(content))


def test_a_network_of_many_channels_is_sent_no_picture() -> None:
    with pytest.raises(DataError, match="6 channels"):
        open_sent_picture(sent(8, 6), 6)
