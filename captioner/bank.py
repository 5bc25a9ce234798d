"""The phrase bank: thousands of phrases in the sentence encoder's space, searched by likeness.

A bank proposes what a decoder would not say by itself. It ships with vectors of the packaged sentence
encoder, one byte a number, and takes up a user's own words (`--phrases FILE`). An encoder with a space of its
own, such as CLIP, gets the same phrases embedded anew, once, in the cache:

    bank = open_bank(encoder).extended_with(read_phrases(path), encoder.embed_phrases)
    found = bank.nearest(encoder.embed_regions(features), k=20)
    [bank.phrases[i] for i in found.indices[0]]
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from jaxtyping import Float32, Int64
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from captioner.errors import CaptionerError
from captioner.files import cache_folder, data_file
from captioner.protocols import RegionEncoder

__all__ = ["PHRASE_TABLE", "Neighbours", "PhraseBank", "open_bank", "read_phrases", "read_table"]

Embed = Callable[[Sequence[str]], Float32[np.ndarray, "phrase dim"]]

PHRASE_TABLE = "captioner/bank.tsv"
"""The table that ships, see `captioner.files.data_file`: a phrase and its kind a line."""
_OWN_KIND = "own"
_N_PROBES = 16
_SAME = 0.99  # cosine; one byte a number keeps it above .9999, another model's space is near 0


class Neighbours(NamedTuple):
    """The phrases nearest to each query, nearest first."""

    indices: Int64[np.ndarray, "query k"]
    """Positions in the bank."""
    similarities: Float32[np.ndarray, "query k"]
    """Cosine of query and phrase."""


@dataclass(frozen=True, eq=False)
class PhraseBank:
    """Phrases with vectors of unit length, in the order in which the vectors stand."""

    phrases: tuple[str, ...]
    """Lower case, each once."""
    kinds: tuple[str, ...]
    """Where each phrase comes from: `imagenet`, `part`, `colour`, ..., or `own` for a user's."""
    vectors: Float32[np.ndarray, "phrase dim"]
    """One row a phrase, unit length."""

    def __len__(self) -> int:
        return len(self.phrases)

    def nearest(self, queries: Float32[np.ndarray, "query dim"], k: int) -> Neighbours:
        """Find the k phrases (all, if there are fewer) with the highest cosine to each unit-length query."""
        if queries.shape[1] != self.vectors.shape[1]:
            raise CaptionerError(
                f"queries have {queries.shape[1]} numbers, the bank's vectors {self.vectors.shape[1]}: "
                "embed the bank with the same encoder first, see PhraseBank.embedded_by"
            )
        rows = np.ascontiguousarray(queries, np.float32)
        similarities, indices = self._index.search(rows, min(k, len(self)))
        return Neighbours(indices, similarities)

    def extended_with(self, phrases: Sequence[str], embed: Embed) -> Self:
        """Add phrases that the bank does not have; `embed` must give vectors of the bank's own space."""
        known = set(self.phrases)
        new = tuple(phrase for phrase in dict.fromkeys(phrases) if phrase not in known)
        if not new:
            return self
        vectors = np.concatenate([self.vectors, embed(new)])
        return type(self)(self.phrases + new, self.kinds + (_OWN_KIND,) * len(new), vectors)

    def embedded_by(self, encoder: RegionEncoder) -> Self:
        """The same phrases in an encoder's space.

        A few phrases tell whether the vectors at hand, or those in the cache, are this encoder's. Only else
        is everything embedded, and kept in the cache.
        """
        probes = np.unique(np.linspace(0, len(self) - 1, _N_PROBES).astype(int))
        truth = encoder.embed_phrases([self.phrases[i] for i in probes])
        if _agree(self.vectors, probes, truth):
            return self
        kept = cache_folder("banks") / f"{self._key(encoder)}.safetensors"
        vectors = _read_vectors(kept)
        if vectors is None or len(vectors) != len(self) or not _agree(vectors, probes, truth):
            vectors = encoder.embed_phrases(self.phrases)
            _write_vectors(kept, vectors)
        return type(self)(self.phrases, self.kinds, vectors)

    def save(self, stem: Path) -> None:
        """Write `stem.tsv` (phrase, kind) and `stem.safetensors` (vectors as bytes, a scale a row)."""
        lines = [f"{phrase}\t{kind}\n" for phrase, kind in zip(self.phrases, self.kinds, strict=True)]
        stem.with_suffix(".tsv").write_text("".join(lines), encoding="utf-8")
        _write_vectors(stem.with_suffix(".safetensors"), self.vectors)

    @classmethod
    def load(cls, stem: Path) -> Self:
        """Read what `save` wrote; CaptionerError when a file is missing or does not belong to the other."""
        table = stem.with_suffix(".tsv")
        if not table.is_file():
            raise CaptionerError(f"no phrase bank at {table}")
        rows = read_table(table)
        vectors = _read_vectors(stem.with_suffix(".safetensors"))
        if vectors is None or len(vectors) != len(rows):
            raise CaptionerError(
                f"{stem.with_suffix('.safetensors')} does not hold the vectors of {table.name}"
            )
        return cls(tuple(phrase for phrase, _ in rows), tuple(kind for _, kind in rows), vectors)

    @cached_property
    def _index(self) -> Any:
        import faiss

        index = faiss.IndexFlatIP(self.vectors.shape[1])
        index.add(np.ascontiguousarray(self.vectors, np.float32))
        return index

    def _key(self, encoder: RegionEncoder) -> str:
        content = [encoder.name, *sorted(encoder.reader.tensor_hashes), *self.phrases]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:24]


def open_bank(encoder: RegionEncoder | None = None) -> PhraseBank:
    """Open the bank that ships, in the encoder's space (default: the packaged sentence encoder's, 384-d)."""
    bank = PhraseBank.load(data_file(PHRASE_TABLE).with_suffix(""))
    return bank if encoder is None else bank.embedded_by(encoder)


def read_table(path: Path) -> list[tuple[str, str]]:
    """Phrases with their kinds, as `PhraseBank.save` writes them."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(phrase, kind) for phrase, kind in rows]


def read_phrases(path: Path) -> tuple[str, ...]:
    """Read a user's phrases: UTF-8, one a line; empty lines and lines that start with # are skipped.

    Phrases are put in the bank's style (lower case, single spaces) and kept once. Raises CaptionerError with
    the line's number for a line that is no phrase, and for a file with none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CaptionerError(f"cannot read phrases from {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        broken = error.object[: error.start].count(b"\n") + 1
        raise CaptionerError(f"{path}, line {broken}: not UTF-8 text; save the file as UTF-8") from error
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found[_one_phrase(line, f"{path}, line {number}")] = None
    if not found:
        raise CaptionerError(f"{path} holds no phrase; write one a line, such as: a red bus")
    return tuple(found)


def _one_phrase(line: str, where: str) -> str:
    phrase = " ".join(line.lower().split())
    if not phrase.isprintable() or not any(letter.isalnum() for letter in phrase):
        raise CaptionerError(f"{where}: {phrase[:40]!r} is no phrase; write words, such as: a red bus")
    if len(phrase.split()) > _MOST_WORDS:
        raise CaptionerError(
            f"{where}: {len(phrase.split())} words; a phrase has at most {_MOST_WORDS}, one phrase a line"
        )
    return phrase


_MOST_WORDS = 20


def _agree(
    vectors: Float32[np.ndarray, "phrase dim"],
    probes: Int64[np.ndarray, " probe"],
    truth: Float32[np.ndarray, "probe dim_of_encoder"],
) -> bool:
    if vectors.shape[1] != truth.shape[1]:
        return False
    return bool(((vectors[probes] * truth).sum(axis=1) > _SAME).all())


def _write_vectors(path: Path, vectors: Float32[np.ndarray, "phrase dim"]) -> None:
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    whole = np.rint(vectors / scales).astype(np.int8)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    aside.write_bytes(save({"vectors": whole, "scales": scales.astype(np.float32)}))
    aside.replace(path)


def _read_vectors(path: Path) -> Float32[np.ndarray, "phrase dim"] | None:
    """Unit-length rows, or None for a file that is absent or damaged."""
    if not path.is_file():
        return None
    try:
        held = load_file(path)
    except SafetensorError:
        return None
    rough = held["vectors"].astype(np.float32) * held["scales"]
    vectors: Float32[np.ndarray, "phrase dim"] = rough / np.linalg.norm(rough, axis=1, keepdims=True)
    return vectors
