"""Opens captioners and encoders by name, and keeps heads in folders.

A head is a projector and a decoder on one backbone. Its folder holds `config.json`, `model.safetensors`
(half precision), `tokenizer.json`, `words.txt` (the words that may be said) and `card.json` (data, licence,
figures, command).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from captioner.backbone import open_backbone
from captioner.decoder import DecoderShape, PhraseDecoder
from captioner.dual import DualEncoder, ProjectorShape, RegionProjector
from captioner.errors import NoOtherHead, UnknownCaptioner, WeightsError
from captioner.files import data_file
from captioner.own import OwnCaptioner
from captioner.protocols import Captioner, Reader, RegionEncoder
from captioner.sentences import sentence_encoder
from captioner.words import Words

__all__ = ["HEADS", "from_pretrained", "open_captioner", "open_encoder", "save_pretrained"]

HEADS = ("lite1", "lite0")
"""Heads that ship, the preferred one first; each is named after its backbone."""

_FORMAT = 1


def open_captioner(name: str = "default", avoid: frozenset[str] = frozenset()) -> Captioner:
    """Open a captioner: `default`, a head's name, a folder of `save_pretrained`, or `hf:ID`.

    `avoid` holds the tensor hashes of the network that is described (`captioner.fingerprint`): a network is
    never described through its own eyes, so `default` takes the first head that shares none of them.
    NoOtherHead is raised when the head asked for by name shares some. UnknownCaptioner: there is no such
    name.
    """
    if name.startswith("hf:"):
        from captioner.hub import open_hub_captioner

        captioner = open_hub_captioner(name.removeprefix("hf:"))
        _check_other_eyes(name, captioner.reader, avoid)
        return captioner
    return _open_own(name, avoid)


def open_encoder(name: str = "default", avoid: frozenset[str] = frozenset()) -> RegionEncoder:
    """Open the encoder of the same name; with a captioner's name it shares that captioner's reader."""
    if name.startswith("hf:"):
        from captioner.hub import open_hub_encoder

        encoder = open_hub_encoder(name.removeprefix("hf:"))
        _check_other_eyes(name, encoder.reader, avoid)
        return encoder
    return _open_own(name, avoid).encoder


def save_pretrained(captioner: OwnCaptioner, folder: Path) -> None:
    """Write a head that `from_pretrained` reads back."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "format": _FORMAT,
        "backbone": captioner.reader.name,
        "projector": asdict(captioner.encoder.projector.shape),
        "decoder": asdict(captioner.decoder.shape),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf8")
    tensors = {
        key: value.to(torch.float16).contiguous() for key, value in _modules(captioner).state_dict().items()
    }
    tensors.pop("decoder.language.lm_head.weight")  # the same tensor as the word embedding
    weights = folder / "model.safetensors"
    save_file(tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # safetensors makes it readable for its owner alone
    captioner.words.save(folder / "tokenizer.json")


def from_pretrained(folder: Path) -> OwnCaptioner:
    """Open a head from its folder; WeightsError says what is missing or does not fit."""
    missing = [
        name
        for name in ("config.json", "model.safetensors", "tokenizer.json")
        if not (folder / name).is_file()
    ]
    if missing:
        raise WeightsError(f"{folder} holds no captioner: {', '.join(missing)} missing")
    config = _read_config(folder / "config.json")
    if config.get("format") != _FORMAT:
        raise WeightsError(f"{folder} has format {config.get('format')!r}, this version reads {_FORMAT}")
    shape = config["decoder"] | {"depths": tuple(config["decoder"]["depths"])}
    encoder = DualEncoder(
        config["backbone"],
        open_backbone(config["backbone"]),
        RegionProjector(ProjectorShape(**config["projector"])),
        sentence_encoder(),
    )
    captioner = OwnCaptioner(
        config["backbone"],
        encoder,
        PhraseDecoder(DecoderShape(**shape)),
        Words.open(folder / "tokenizer.json"),
    )
    _load(_modules(captioner), folder / "model.safetensors")
    return captioner


def _read_config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf8"))
    except json.JSONDecodeError as wrong:
        raise WeightsError(f"{file} is damaged: {wrong}") from wrong
    if not isinstance(config, dict):
        raise WeightsError(f"{file} is not a captioner's config.json")
    return config


def _open_own(name: str, avoid: frozenset[str]) -> OwnCaptioner:
    if name == "default":
        return _first_other(HEADS, avoid)
    folder = data_file(f"captioner/{name}") if name in HEADS else Path(name)
    if name not in HEADS and not folder.is_dir():
        raise UnknownCaptioner(
            f"no captioner {name!r}: say default, {', '.join(HEADS)}, hf:ID or a folder of save_pretrained"
        )
    captioner = from_pretrained(folder)
    _check_other_eyes(name, captioner.reader, avoid)
    return captioner


def _check_other_eyes(name: str, reader: Reader, avoid: frozenset[str]) -> None:
    if reader.tensor_hashes & avoid:
        raise NoOtherHead(f"{name!r} reads with the network that is described: take another, or default")


def _first_other(names: Iterable[str], avoid: frozenset[str]) -> OwnCaptioner:
    for name in names:
        if not open_backbone(name).tensor_hashes & avoid:
            return from_pretrained(data_file(f"captioner/{name}"))
    raise NoOtherHead(
        "every shipped captioner shares weights with the network that is described: give --captioner"
    )


def _modules(captioner: OwnCaptioner) -> nn.Module:
    return nn.ModuleDict({"projector": captioner.encoder.projector, "decoder": captioner.decoder})


def _load(modules: nn.Module, file: Path) -> None:
    try:
        tensors = load_file(file)
    except SafetensorError as wrong:
        raise WeightsError(f"{file} is damaged: {wrong}") from wrong
    if "decoder.language.transformer.wte.weight" in tensors:
        tensors["decoder.language.lm_head.weight"] = tensors["decoder.language.transformer.wte.weight"]
    try:
        modules.load_state_dict({key: value.float() for key, value in tensors.items()}, strict=True)
    except RuntimeError as wrong:
        raise WeightsError(f"{file} does not fit its config.json: {wrong}") from wrong
