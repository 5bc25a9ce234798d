"""Vectors of descriptions: kept in the catalog, and asked for the phrases closest in meaning."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection, select

from milan.catalog.backends import put_rows
from milan.catalog.shown import ShownLayer, shown_layers
from milan.catalog.tables import CandidateRow, DescriptionRow, PhraseVectorRow

__all__ = [
    "ENCODER",
    "Embed",
    "Meanings",
    "phrases_without_vectors",
    "read_meanings",
    "read_vector",
    "shown_versions",
    "store_vectors",
    "unit_length",
]

Embed = Callable[[list[str]], np.ndarray[Any, Any]]
"""Phrases to vectors, float [phrase, dim], of any length but zero."""

ENCODER = "all-MiniLM-L6-v2"
"""The packaged sentence encoder: vectors of phrases are kept under its name."""

PHRASES_A_PART = 4096
T = TypeVar("T")


class Meanings:
    """Phrases with their vectors, to be asked again and again; two bytes a number, as they are kept."""

    def __init__(self, parts: Iterable[tuple[Sequence[str], np.ndarray[Any, Any]]]) -> None:
        """`parts` are phrases with their vectors [phrase, dim], some at a time."""
        self._phrases: list[str] = []
        self._index: Any = None
        for phrases, vectors in parts:
            if self._index is None:
                self._index = _empty_index(vectors.shape[1])
            self._phrases += phrases
            self._index.add(unit_length(vectors))

    def closest(self, query: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Phrases by cosine with the query's vector, closest first."""
        if self._index is None:
            return []
        asked = unit_length(np.asarray([query]))
        scores, places = self._index.search(asked, min(limit, len(self._phrases)))
        return [
            (self._phrases[place], score)
            for score, place in zip(scores[0].tolist(), places[0].tolist(), strict=True)
        ]


def _empty_index(dim: int) -> Any:
    import faiss

    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def read_meanings(connection: Connection, encoder: str) -> Meanings:
    """Vectors of all phrases that are said, as far as the encoder has seen them."""
    wanted = _shown_phrases(connection, shown_versions(connection))
    stored = connection.execute(
        select(PhraseVectorRow.phrase, PhraseVectorRow.vector)
        .where(PhraseVectorRow.encoder == encoder)
        .order_by(PhraseVectorRow.phrase)
    )
    return Meanings(
        ([row.phrase for row in rows], np.stack([np.frombuffer(row.vector, "<f2") for row in rows]))
        for rows in _some((row for row in stored if row.phrase in wanted), PHRASES_A_PART)
    )


def _some(rows: Iterator[T], n: int) -> Iterator[list[T]]:
    while part := list(islice(rows, n)):
        yield part


def read_vector(connection: Connection, encoder: str, phrase: str) -> list[float] | None:
    """Where the encoder puts a phrase; None for one that it has not seen."""
    kept = select(PhraseVectorRow.vector).where(
        PhraseVectorRow.encoder == encoder, PhraseVectorRow.phrase == phrase
    )
    vector = connection.scalar(kept)
    return None if vector is None else list(np.frombuffer(vector, "<f2").tolist())


def phrases_without_vectors(connection: Connection, encoder: str) -> list[str]:
    """Best phrases of shown descriptions, said or held back, that this encoder has not seen, sorted."""
    known = set(connection.scalars(select(PhraseVectorRow.phrase).where(PhraseVectorRow.encoder == encoder)))
    return sorted(_best_phrases(connection, shown_versions(connection)) - known)


def store_vectors(
    connection: Connection, encoder: str, phrases: Sequence[str], vectors: np.ndarray[Any, Any]
) -> None:
    """Keep where the encoder puts phrases."""
    kept = unit_length(vectors).astype("<f2")
    rows = [
        {"encoder": encoder, "phrase": phrase, "vector": vector.tobytes()}
        for phrase, vector in zip(phrases, kept, strict=True)
    ]
    if rows:
        put_rows(connection, PhraseVectorRow, rows)


def shown_versions(connection: Connection) -> dict[int, ShownLayer]:
    """Layers by the version of their descriptions that is shown; those without words are left out."""
    layers = shown_layers(connection, None, None)
    return {layer.version: layer for layer in layers if layer.version is not None}


def _shown_phrases(connection: Connection, versions: dict[int, ShownLayer]) -> set[str]:
    found: set[str] = set()
    for version in versions:
        said = select(DescriptionRow.phrase).where(
            DescriptionRow.version_id == version, DescriptionRow.phrase.is_not(None)
        )
        found |= {phrase for phrase in connection.scalars(said.distinct()) if phrase is not None}
    return found


def _best_phrases(connection: Connection, versions: dict[int, ShownLayer]) -> set[str]:
    found: set[str] = set()
    for version in versions:
        best = (
            select(CandidateRow.phrase)
            .join(DescriptionRow, DescriptionRow.id == CandidateRow.description_id)
            .where(DescriptionRow.version_id == version, CandidateRow.rank == 0)
        )
        found |= set(connection.scalars(best.distinct()))
    return found


def unit_length(vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Vectors [phrase, dim] as float32 of length 1; a vector of zeros stays one."""
    wide = np.asarray(vectors, np.float32)
    return np.ascontiguousarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12))
