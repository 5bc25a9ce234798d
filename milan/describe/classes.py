"""What a packaged backbone's own classifier calls pictures: a baseline that descriptions must beat."""

from collections.abc import Callable, Iterable

from captioner.backbone import BACKBONES, open_backbone
from captioner.classes import likeliest_class
from captioner.protocols import Picture

__all__ = ["name_pictures"]


def name_pictures(
    encoder: str, images: Iterable[str], open_view: Callable[[str], Picture]
) -> dict[str, str] | None:
    """Name each image by the likeliest of the classes that the encoder's backbone was trained to tell apart.

    `encoder` is the name of a `RegionEncoder`. None where its backbone is not one of those that ship: then
    its classes, if it has any, are not known.
    """
    if encoder not in BACKBONES:
        return None
    reader = open_backbone(encoder)
    return {image: likeliest_class(reader, open_view(image)) for image in images}
