"""From a picture to a network's input, in two steps: geometry, then arithmetic.

`view` resizes and crops: what comes out is an 8-bit picture of exactly what the network sees, and masks
and thumbnails live on it. `to_input` scales and normalises the view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

import numpy as np
from jaxtyping import Float32, Shaped, UInt8
from PIL import Image

from milan.errors import BadSetting, DataError

__all__ = ["IMAGENET_MEAN", "IMAGENET_STD", "Interpolation", "Preprocessing"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
_PIL_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How one network wants its pictures.

    >>> Preprocessing.from_size((64, 64)).view(Image.new("RGB", (200, 100))).shape
    (64, 64, 3)
    """

    size: tuple[int, int]
    """Height and width of the view, pixels."""
    resize: tuple[int, int]
    """Height and width that the picture is resized to cover (or is squashed to) before the centre crop."""
    squash: bool = False
    """Whether resizing ignores the picture's proportions."""
    interpolation: Interpolation = "bicubic"
    """Pillow's filter, which averages over all pixels when it makes a picture smaller."""
    mean: tuple[float, ...] = IMAGENET_MEAN
    """Subtracted from each channel, on the scale 0..1."""
    std: tuple[float, ...] = IMAGENET_STD
    """Divides each channel afterwards."""
    bgr: bool = False
    """Whether the network takes its channels in reverse order."""

    def __post_init__(self) -> None:
        if min(*self.size, *self.resize) < 1:
            raise BadSetting(f"an input's height and width are at least 1 pixel, got {self.size}")
        if any(part < whole for part, whole in zip(self.resize, self.size, strict=True)):
            raise BadSetting(f"a picture resized to {self.resize} has no crop of {self.size}")
        if not self.mean or len(self.mean) != len(self.std):
            raise BadSetting(
                f"mean and std name each channel once, got {len(self.mean)} and {len(self.std)} values"
            )
        if min(self.std) <= 0:
            raise BadSetting(f"std is above 0, got {self.std}")

    @classmethod
    def from_size(
        cls,
        size: tuple[int, int] = (224, 224),
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
        channels: int = 3,
    ) -> Self:
        """Cover the size, crop the centre, normalise as ImageNet unless told otherwise.

        With other than three channels the default is the average of ImageNet's values, in each channel.
        """
        mean = mean or (IMAGENET_MEAN if channels == 3 else (float(np.mean(IMAGENET_MEAN)),) * channels)
        std = std or (IMAGENET_STD if channels == 3 else (float(np.mean(IMAGENET_STD)),) * channels)
        return cls(size, size, mean=tuple(mean), std=tuple(std))

    def changed(
        self,
        size: tuple[int, int] | None = None,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> Self:
        """The same with other values; a new size keeps the share of the picture that the crop shows."""
        new = self
        if size is not None:
            grown = tuple(
                max(side, round(side * whole / part))
                for side, whole, part in zip(size, self.resize, self.size, strict=True)
            )
            new = replace(new, size=size, resize=(grown[0], grown[1]))
        return replace(new, mean=tuple(mean or self.mean), std=tuple(std or self.std))

    @property
    def channels(self) -> int:
        """How many channels the network takes."""
        return len(self.mean)

    def view(
        self, picture: Image.Image | Shaped[np.ndarray, "height width *channels"]
    ) -> UInt8[np.ndarray, "height width channels"]:
        """What the network sees of a picture, 8 bits a channel, before any normalising.

        A Pillow picture is converted to gray, colour or colour with opacity for 1, 3 or 4 channels. An
        array [height, width] or [height, width, channels] may have any number of channels: whole numbers are
        read on their type's whole range, floats on 0..1 and True as white. Raises DataError for channels
        that do not fit and for floats outside 0..1.
        """
        planes = self._planes(picture)
        width, height = planes[0].size
        box = self._source_box(height, width)
        filter_ = Image.Resampling[self.interpolation.upper()]
        shown = [np.asarray(plane.resize(self.size[::-1], filter_, box=box)) for plane in planes]
        return np.dstack(shown)

    def to_input(
        self, view: UInt8[np.ndarray, "*image height width channels"]
    ) -> Float32[np.ndarray, "*image channels height width"]:
        """The network's input for a view, or for several stacked ones."""
        mean, std = np.asarray(self.mean), np.asarray(self.std)
        scale = (1 / (255 * std)).astype(np.float32)
        shift = (-mean / std).astype(np.float32)
        ordered = view[..., ::-1] if self.bgr else view
        first = np.moveaxis(ordered, -1, -3).astype(np.float32, order="C")
        first *= scale[:, None, None]
        first += shift[:, None, None]
        return first

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON values, for provenance."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `as_dict` wrote.

        >>> prepared = Preprocessing.from_size((64, 64))
        >>> Preprocessing.from_dict(prepared.as_dict()) == prepared
        True
        """
        as_written: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**as_written)

    def _source_box(self, height: int, width: int) -> tuple[float, float, float, float]:
        """The part of the picture that the crop shows, in the picture's own pixels.

        Resizing this box alone gives the pixels of resize-then-crop (but for rounding between Pillow's two
        passes) without ever holding the resized whole: a picture 20,000 pixels wide and 1 high would
        otherwise grow to gigabytes.
        """
        tall, wide = self.resize
        if not self.squash:  # as torchvision: the short side exactly, the long one rounded down
            if wide * height >= tall * width:
                tall = max(tall, int(wide * height / width))
            else:
                wide = max(wide, int(tall * width / height))
        top = round((tall - self.size[0]) / 2)
        left = round((wide - self.size[1]) / 2)
        y_scale, x_scale = height / tall, width / wide
        return (
            left * x_scale,
            top * y_scale,
            min((left + self.size[1]) * x_scale, width),
            min((top + self.size[0]) * y_scale, height),
        )

    def _planes(self, picture: Image.Image | np.ndarray[Any, Any]) -> list[Image.Image]:
        """The picture as images that Pillow can resize: one, or one a channel."""
        if isinstance(picture, np.ndarray):
            eight_bit = _eight_bit(picture)
            n_channels = 1 if eight_bit.ndim == 2 else eight_bit.shape[2]
            if n_channels == self.channels:
                return [Image.fromarray(plane) for plane in np.moveaxis(np.atleast_3d(eight_bit), -1, 0)]
            if n_channels not in _PIL_MODES or self.channels not in _PIL_MODES:
                raise DataError(
                    f"the network takes {self.channels} channels, the picture has {n_channels}: "
                    "give arrays with as many channels as the network"
                )
            picture = Image.fromarray(eight_bit if n_channels > 1 else np.atleast_3d(eight_bit)[:, :, 0])
        mode = _PIL_MODES.get(self.channels)
        if mode is None:
            raise DataError(
                f"the network takes {self.channels} channels and a picture has at most 4: "
                "give arrays (.npy) with as many channels as the network"
            )
        return [picture if picture.mode == mode else picture.convert(mode)]


def _eight_bit(array: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise DataError(f"a picture is [height, width] or [height, width, channels], got shape {array.shape}")
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if np.issubdtype(array.dtype, np.integer):
        limits = np.iinfo(array.dtype)
        shared = (array.astype(np.float64) - limits.min) / (float(limits.max) - limits.min)
    elif np.issubdtype(array.dtype, np.floating):
        low, high = float(array.min()), float(array.max())
        if not (low >= 0 and high <= 1):
            raise DataError(
                f"an array of floats is read on the scale 0..1, got {low:g}..{high:g}: rescale it first"
            )
        shared = array.astype(np.float64)
    else:
        raise DataError(f"a picture holds numbers, got {array.dtype}")
    return np.rint(shared * 255).astype(np.uint8)
