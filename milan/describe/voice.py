"""The captioner and encoder that speak about one network, never seen through its own eyes."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float32

from captioner.bank import PhraseBank, open_bank, read_phrases
from captioner.fingerprint import tensor_hashes
from captioner.pretrained import open_captioner, open_encoder
from captioner.protocols import Captioner, RegionEncoder
from captioner.sentences import sentence_encoder
from milan.records import content_key

__all__ = ["Voice", "embed_phrases", "open_voice"]


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


def embed_phrases(phrases: list[str]) -> Float32[np.ndarray, "phrase dim"]:
    """Where the packaged sentence encoder puts phrases, for search by meaning; unit length."""
    return sentence_encoder().embed(phrases)
