"""What made a result, and the key under which it is kept."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

__all__ = ["Provenance", "content_key"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Enough to make a result again: contents and settings, never names alone."""

    network_spec: str
    """How the network was asked for, such as `torchvision:resnet50`."""
    weights_hash: str
    """sha256 over names, shapes and bytes of all parameters and buffers."""
    preprocessing: dict[str, Any]
    """Geometry and arithmetic from picture to network input."""
    dataset_hash: str
    """sha256 over relative paths and content hashes of all images."""
    settings: dict[str, Any]
    """Options that change the result (never workers, device or paths)."""
    versions: dict[str, str] = field(default_factory=dict)
    """Packages whose arithmetic took part."""

    def for_layer(self, layer: str) -> Self:
        """The provenance of one layer of a pass: equal, whichever other layers the pass looked at."""
        settings = {**self.settings, "layers": [layer]}
        directions = settings.pop("directions", {})
        if layer in directions:
            settings["directions"] = {layer: directions[layer]}
        return replace(self, settings=settings)

    def as_preview(self, n_images: int) -> Self:
        """The provenance of what a pass has found when it has seen so many images."""
        return replace(self, settings={**self.settings, "preview": n_images})

    @property
    def is_preview(self) -> bool:
        """Whether a pass has not ended here."""
        return "preview" in self.settings

    def key(self) -> str:
        """The cache key: equal contents and settings, equal key; versions do not take part."""
        known = asdict(self)
        for said_only in ("network_spec", "versions"):
            known.pop(said_only)
        return content_key(known)


def content_key(value: Any) -> str:
    """Hash any JSON value to a short stable key.

    >>> content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
