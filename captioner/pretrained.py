"""Opens captioners and encoders by name, and keeps heads in folders.

A head is a projector and a decoder on one backbone; an encoder alone has no decoder. Its folder holds
`config.json`, `model.safetensors` (see `quantised`), `card.json` (data, licence, figures, command), of a
head `tokenizer.json` and `words.txt` (the words that may be said), and what it knows of drawings, if it does
(see `drawings`).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from captioner.backbone import open_backbone
from captioner.classes import ClassKnowledge
from captioner.decoder import DecoderShape, PhraseDecoder
from captioner.drawings import Drawings
from captioner.dual import DualEncoder, ProjectorShape, RegionProjector
from captioner.errors import NoOtherHead, UnknownCaptioner, WeightsError
from captioner.files import data_file
from captioner.own import OwnCaptioner
from captioner.protocols import Captioner, RegionEncoder
from captioner.quantised import packed, unpacked
from captioner.sentences import sentence_encoder
from captioner.words import Words

__all__ = [
    "ENCODERS",
    "HEADS",
    "open_captioner",
    "open_encoder",
    "open_head",
    "open_simulator",
    "save_encoder",
    "save_head",
]

HEADS = ("lite1", "lite0")
"""Heads that ship, the preferred one first; each is named after its backbone."""
ENCODERS = ("lite2", "lite0", "lite1")
"""Encoders that ship, in the order in which they are taken to measure what another said."""

_Looks = TypeVar("_Looks", bound=Captioner | RegionEncoder)

_FORMAT = 2
_READ = (1, 2)
"""In the first format all numbers are in half precision, which `unpacked` takes as they are."""


def open_captioner(name: str = "default", avoid: frozenset[str] = frozenset()) -> Captioner:
    """Open a captioner: `default`, a head's name, a folder of `save_pretrained`, or `hf:ID`.

    `avoid` holds the tensor hashes of the network that is described (`captioner.fingerprint`): a network is
    never described through its own eyes, so `default` takes the first head that shares none of them.
    NoOtherHead is raised when the head asked for by name shares some. UnknownCaptioner: there is no such
    name.
    """
    if name.startswith("hf:"):
        from captioner.hub import open_hub_captioner

        return _other_eyes(name, open_hub_captioner(name.removeprefix("hf:")), avoid)
    return _other_eyes(name, _read_head(_folder(name, HEADS, avoid)), avoid)


def open_encoder(name: str = "default", avoid: frozenset[str] = frozenset()) -> RegionEncoder:
    """Open the encoder of the same name; with a captioner's name it shares that captioner's reader."""
    if name.startswith("hf:"):
        from captioner.hub import open_hub_encoder

        return _other_eyes(name, open_hub_encoder(name.removeprefix("hf:")), avoid)
    return _other_eyes(name, _encoder(_folder(name, HEADS, avoid)), avoid)


def open_simulator(name: str = "default", avoid: frozenset[str] = frozenset()) -> RegionEncoder:
    """Open an encoder that measures words: never on a backbone of `avoid`.

    So neither on the network's own nor on that of whoever chose the words.
    """
    if name != "default":
        return open_encoder(name, avoid)
    return _encoder(_folder(name, ENCODERS, avoid, option="--simulator"))


def open_head(source: str | Path = "default") -> OwnCaptioner:
    """Open one of our own: what `OwnCaptioner.from_pretrained` does."""
    name = str(source)
    if name.startswith("hf:"):
        raise UnknownCaptioner(f"{name} is not one of our own: captioner.pretrained.open_captioner opens it")
    return _read_head(_folder(name, HEADS, frozenset()))


def save_head(captioner: OwnCaptioner, folder: Path) -> None:
    """Write one of our own: what `OwnCaptioner.save_pretrained` does."""
    tensors = _modules(captioner.encoder, captioner.decoder).state_dict()
    tensors.pop("decoder.language.lm_head.weight")  # the same tensor as the word embedding
    _save(folder, captioner.encoder, asdict(captioner.decoder.shape), tensors)
    captioner.words.save(folder / "tokenizer.json")


def save_encoder(encoder: DualEncoder, folder: Path) -> None:
    """Write an encoder without a decoder; `open_encoder` and `open_simulator` read it back."""
    _save(folder, encoder, None, _modules(encoder).state_dict())


def _read_head(folder: Path) -> OwnCaptioner:
    """Open a head from its folder; WeightsError says what is missing or does not fit."""
    config = _read_config(folder, "tokenizer.json")
    shape = config["decoder"] | {"depths": tuple(config["decoder"]["depths"])}
    encoder, decoder = _empty_encoder(config, folder), PhraseDecoder(DecoderShape(**shape))
    _load(_modules(encoder, decoder), folder / "model.safetensors")
    return OwnCaptioner(config["backbone"], encoder, decoder, Words.open(folder / "tokenizer.json"))


def _encoder(folder: Path) -> DualEncoder:
    """The encoder of a head, or one alone."""
    config = _read_config(folder)
    if config["decoder"] is not None:
        return _read_head(folder).encoder
    encoder = _empty_encoder(config, folder)
    _load(_modules(encoder), folder / "model.safetensors")
    return encoder


def _empty_encoder(config: dict[str, Any], folder: Path) -> DualEncoder:
    """An encoder whose projector is still to be filled."""
    reader, shape = open_backbone(config["backbone"]), ProjectorShape(**config["projector"])
    classes = None
    if shape.n_classes:
        vectors = torch.zeros(shape.n_classes, shape.dim)
        classes = ClassKnowledge(reader.module.get_submodule("classifier"), vectors)
    projector = RegionProjector(shape, classes)
    return DualEncoder(config["backbone"], reader, projector, sentence_encoder(), Drawings.load(folder))


def _save(
    folder: Path, encoder: DualEncoder, decoder: dict[str, Any] | None, tensors: dict[str, torch.Tensor]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "format": _FORMAT,
        "backbone": encoder.reader.name,
        "projector": asdict(encoder.projector.shape),
        "decoder": decoder,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf8")
    weights = folder / "model.safetensors"
    save_file(packed(tensors), weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # safetensors makes it readable for its owner alone
    if encoder.drawings is not None:
        encoder.drawings.save(folder)


def _read_config(folder: Path, *others: str) -> dict[str, Any]:
    """A head's config; all files that it needs are there."""
    wanted = ("config.json", "model.safetensors", *others)
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        raise WeightsError(f"{folder} holds no captioner: {', '.join(missing)} missing")
    file = folder / "config.json"
    try:
        config = json.loads(file.read_text(encoding="utf8"))
    except json.JSONDecodeError as wrong:
        raise WeightsError(f"{file} is damaged: {wrong}") from wrong
    if not isinstance(config, dict):
        raise WeightsError(f"{file} is not a captioner's config.json")
    if config.get("format") not in _READ:
        raise WeightsError(f"{folder} has format {config.get('format')!r}, this version reads {_FORMAT}")
    return config


def _folder(name: str, shipped: Sequence[str], avoid: frozenset[str], option: str = "--captioner") -> Path:
    """Where a head or an encoder lies; `default` is the first that ships and looks with other eyes."""
    if name == "default":
        for head in shipped:
            if not open_backbone(head).tensor_hashes & avoid:
                return data_file(f"captioner/{head}")
        raise NoOtherHead(f"all that ships shares weights with the network that is described: give {option}")
    if name in ENCODERS:
        return data_file(f"captioner/{name}")
    if not Path(name).is_dir():
        raise UnknownCaptioner(
            f"no captioner {name!r}: say default, {', '.join(HEADS)}, hf:ID or a folder of save_pretrained"
        )
    return Path(name)


def _other_eyes(name: str, opened: _Looks, avoid: frozenset[str]) -> _Looks:
    if opened.reader.tensor_hashes & avoid:
        raise NoOtherHead(f"{name!r} reads with the network that is described: take another, or default")
    return opened


def _modules(encoder: DualEncoder, decoder: PhraseDecoder | None = None) -> nn.Module:
    modules: dict[str, nn.Module] = {"projector": encoder.projector}
    return nn.ModuleDict(modules if decoder is None else modules | {"decoder": decoder})


def _load(modules: nn.Module, file: Path) -> None:
    try:
        tensors = unpacked(load_file(file))
    except SafetensorError as wrong:
        raise WeightsError(f"{file} is damaged: {wrong}") from wrong
    if "decoder.language.transformer.wte.weight" in tensors:
        tensors["decoder.language.lm_head.weight"] = tensors["decoder.language.transformer.wte.weight"]
    try:
        modules.load_state_dict(tensors, strict=True)
    except RuntimeError as wrong:
        raise WeightsError(f"{file} does not fit its config.json: {wrong}") from wrong
