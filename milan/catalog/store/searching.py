"""Asking a catalog: by words, by meaning, and where units lie among one another."""

import contextlib

import numpy as np

from milan.catalog import meanings
from milan.catalog.search import Hit, Order, by_any_word, by_meaning, by_words
from milan.catalog.store.storing import Storing
from milan.catalog.unit_map import UnitMap, read_map
from milan.errors import CatalogError

__all__ = ["Searching"]

PHRASES_A_STEP = 256


class Searching(Storing):
    """Search by words and by meaning; vectors of phrases are kept in the catalog."""

    def search(
        self,
        query: str,
        limit: int = 20,
        embed: meanings.Embed | None = None,
        encoder: str = meanings.ENCODER,
        sort: Order = "match",
    ) -> list[Hit]:
        """Units whose descriptions hold all the words; then, given `embed`, those close in meaning.

        What is far from every description finds nothing (`milan.catalog.search.CLOSE`). Sorted by
        faithfulness, each kind of hit comes most faithful first; of meanings, the `limit` closest do.
        Without `embed`, when nothing holds all the words, units that hold any of them.
        Any text is a fair query. `encoder` names what `embed` is: vectors are kept under that name. In a
        catalog that cannot be written just now, phrases that have no vector yet are left out.
        """
        with self._storage.reading() as connection:
            hits = by_words(connection, query, limit, sort)
            if embed is None and not hits:
                return by_any_word(connection, query, limit, sort)
        if embed is None or len(hits) >= limit or not query.strip():
            return hits
        index = self._meanings_of(embed, encoder)
        with self._storage.reading() as connection:
            near = by_meaning(connection, np.asarray(embed([query]))[0], index, limit, sort)
        found = {hit.unit for hit in hits}
        return (hits + [hit for hit in near if hit.unit not in found])[:limit]

    def alike(self, phrase: str, limit: int = 8, encoder: str = meanings.ENCODER) -> list[Hit]:
        """Described units whose words mean what a kept phrase means, closest first.

        From what the last search by meaning read, or `prepare_meanings`; nothing before.
        """
        known = self._known.get(("meanings", encoder))
        if known is None:
            return []
        with self._storage.reading() as connection:
            vector = meanings.read_vector(connection, encoder, phrase)
            return [] if vector is None else by_meaning(connection, vector, known[1], limit, "match")

    def index_meanings(self, embed: meanings.Embed, encoder: str = meanings.ENCODER) -> int:
        """Keep a vector for every best phrase, said or held back, that has none of this encoder; how many.

        `search` does it when asked for meanings; doing it after describing makes the first search quick.
        """
        with self._storage.reading() as connection:
            missing = meanings.phrases_without_vectors(connection, encoder)
        for start in range(0, len(missing), PHRASES_A_STEP):
            phrases = missing[start : start + PHRASES_A_STEP]
            vectors = np.asarray(embed(phrases), np.float32)
            with self._storage.briefly(), self._storage.writing() as connection:
                meanings.store_vectors(connection, encoder, phrases, vectors)
        return len(missing)

    def n_without_meaning(self, encoder: str = meanings.ENCODER) -> int:
        """How many phrases `index_meanings` would read."""
        with self._storage.reading() as connection:
            return len(meanings.phrases_without_vectors(connection, encoder))

    def prepare_meanings(self, embed: meanings.Embed, encoder: str = meanings.ENCODER) -> None:
        """Make ready what the first `search` by meaning would: vectors of new phrases, and all in memory."""
        self._meanings_of(embed, encoder)

    def _meanings_of(self, embed: meanings.Embed, encoder: str) -> meanings.Meanings:
        def read() -> meanings.Meanings:
            # Another process may be writing, or the folder be read-only.
            with contextlib.suppress(CatalogError):
                self.index_meanings(embed, encoder)
            with self._storage.reading() as connection:
                return meanings.read_meanings(connection, encoder)

        return self._remembered(("meanings", encoder), read)

    def unit_map(self, encoder: str = meanings.ENCODER) -> UnitMap:
        """Where all described units lie, as far as their phrases have vectors; read anew when they change."""

        def read() -> UnitMap:
            with self._storage.reading() as connection:
                return read_map(connection, encoder)

        return self._remembered(("map", encoder), read)
