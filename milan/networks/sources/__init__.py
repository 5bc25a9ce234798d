"""Where networks come from: one file a kind of spec.

Schemes (`builtin:`, `torchvision:`, `timm:`, `hf:`) are registered by importing their file, which
loads no library; the library is loaded when a spec asks for it. Exported programs and factories are
recognised by the shape of the spec, so their functions are named here.
"""

from milan.networks.sources import builtin, timm, torchvision, transformers
from milan.networks.sources.exported import open_exported
from milan.networks.sources.factory import LOOKED_FOR, input_channels, modules_beside, open_factory

__all__ = [
    "LOOKED_FOR",
    "builtin",
    "input_channels",
    "modules_beside",
    "open_exported",
    "open_factory",
    "timm",
    "torchvision",
    "transformers",
]
