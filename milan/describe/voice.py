"""The captioner and encoder that speak about one network, never seen through its own eyes."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import torch

from captioner.bank import PhraseBank, open_bank, read_phrases
from captioner.fingerprint import tensor_hashes
from captioner.pretrained import open_captioner, open_encoder
from captioner.pretrained import open_simulator as open_encoder_to_measure
from captioner.protocols import Captioner, RegionEncoder
from milan.errors import CatalogError
from milan.records import content_key

__all__ = ["Simulator", "Voice", "open_simulator", "open_voice", "reopen_simulator"]


_PROBES = ("a dog", "red", "a wheel")


@dataclass(frozen=True, slots=True)
class Voice:
    """What speaks about a network's units."""

    captioner: Captioner
    """Proposes phrases and says how likely they are."""
    encoder: RegionEncoder
    """Finds phrases and units that lie near a region."""
    bank: PhraseBank
    """Phrases to choose from."""

    @property
    def identity(self) -> dict[str, str]:
        """What tells one voice from another, for a catalog's settings."""
        return {
            "captioner": self.captioner.name,
            "encoder": self.encoder.name,
            "bank": content_key(self.bank.phrases),
            "milan": version("milan-neurons"),
        }

    @property
    def name(self) -> str:
        """The names of its parts, to be said aloud."""
        return " and ".join(dict.fromkeys((self.captioner.name, self.encoder.name)))


@dataclass(frozen=True, slots=True)
class Simulator:
    """Another pair of eyes, which measures what was said."""

    encoder: RegionEncoder
    bank: PhraseBank
    """The same phrases, in this encoder's space."""

    @property
    def identity(self) -> dict[str, str]:
        """What tells one simulator from another: fixed before any description is made."""
        return {
            "simulator": self.encoder.name,
            "weights": content_key(sorted(self.encoder.reader.tensor_hashes)),
            "space": content_key(self.encoder.embed_phrases(_PROBES).round(3).tolist()),
        }


def open_simulator(name: str, network: torch.nn.Module, voice: Voice) -> Simulator:
    """Open an encoder whose backbone is neither the network's nor one that chose the words."""
    avoid = tensor_hashes(network) | voice.encoder.reader.tensor_hashes | voice.captioner.reader.tensor_hashes
    encoder = open_encoder_to_measure(name, avoid=avoid)
    return Simulator(encoder, voice.bank.embedded_by(encoder))


def reopen_simulator(
    identity: Mapping[str, str], bank: str, *, name: str | None = None, phrases: Path | None = None
) -> Simulator:
    """Open the simulator that measured a catalog once more.

    `identity` is its own and `bank` that of its phrases, as the catalog's settings hold them; `name` says
    where to look when the catalog's own name for it is not enough (a trained folder). CatalogError when
    another one answers, or when the phrases that compete are others: two simulators' figures do not compare.
    """
    called = name or identity["simulator"]
    encoder = open_encoder_to_measure(called)
    competing = open_bank(encoder)
    if phrases is not None:
        competing = competing.extended_with(read_phrases(phrases), encoder.embed_phrases)
    opened = Simulator(encoder, competing)
    if opened.identity != identity:
        raise CatalogError(
            f"{called!r} is not the simulator {identity['simulator']!r} that measured the catalog: "
            "give that one's folder with --simulator, or describe the network again"
        )
    if content_key(competing.phrases) != bank:
        raise CatalogError(
            "the catalog was described with other phrases than these: "
            "give the file of --phrases that it was described with, or describe the network again"
        )
    return opened


def open_voice(
    captioner: str,
    network: torch.nn.Module,
    *,
    encoder: str = "default",
    phrases: Path | None = None,
) -> Voice:
    """Open a captioner and an encoder that do not share a backbone with the network described.

    A network described by its own backbone would be explained by the very numbers that are to be explained.
    The backbone is recognised by the content of its tensors, so a renamed or partly fine-tuned copy is too.
    """
    own = tensor_hashes(network)
    region_encoder = open_encoder(encoder, avoid=own)
    bank = open_bank(region_encoder)
    if phrases is not None:
        bank = bank.extended_with(read_phrases(phrases), region_encoder.embed_phrases)
    return Voice(open_captioner(captioner, avoid=own), region_encoder, bank)
