"""Where networks come from: one file a kind of spec, each registered by its decorator."""

from milan.networks.sources import builtin, exported, factory, timm, torchvision, transformers

__all__ = ["builtin", "exported", "factory", "timm", "torchvision", "transformers"]
