"""Fetch pretrained parts: from this machine first, else from the model hub, else one clear line."""

import os
from pathlib import Path
from typing import Any

from captioner.errors import CaptionerError

__all__ = ["default_device", "fetch", "hub_name", "is_offline"]

_YES = frozenset({"1", "on", "true", "yes"})


def fetch(loader: Any, source: str, **options: Any) -> Any:
    """Call `loader.from_pretrained(source)` without the network, and with it when that fails.

    A folder, or an offline setting, never touches the network. Raises CaptionerError.
    """
    try:
        return loader.from_pretrained(source, local_files_only=True, **options)
    except ImportError as error:
        raise CaptionerError(f"hf:{source} needs a package: {_first_line(error)}") from error
    except (OSError, ValueError) as error:
        if Path(source).is_dir():
            raise CaptionerError(f"{source} cannot be opened: {_first_line(error)}") from error
        if is_offline():
            raise CaptionerError(
                f"hf:{source} is not on this machine, and MILAN_OFFLINE or HF_HUB_OFFLINE is set: "
                "unset it, or give the folder of a downloaded model"
            ) from error
    try:
        return loader.from_pretrained(source, **options)
    except ImportError as error:
        raise CaptionerError(f"hf:{source} needs a package: {_first_line(error)}") from error
    except (OSError, ValueError) as error:
        raise CaptionerError(
            f"hf:{source} is neither on this machine nor to be had from the model hub: {_first_line(error)}"
        ) from error


def is_offline() -> bool:
    """Whether the user has said that nothing may be fetched (`MILAN_OFFLINE`, `HF_HUB_OFFLINE`)."""
    return any(os.environ.get(name, "").lower() in _YES for name in ("MILAN_OFFLINE", "HF_HUB_OFFLINE"))


def hub_name(source: str) -> str:
    """The name in results: `hf:ID`; of a folder the last part, for paths differ by machine."""
    return f"hf:{Path(source).resolve().name if Path(source).is_dir() else source}"


def default_device() -> str:
    """`MILAN_DEVICE`, else the first GPU, else the CPU."""
    import torch

    return os.environ.get("MILAN_DEVICE") or ("cuda" if torch.cuda.is_available() else "cpu")


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
