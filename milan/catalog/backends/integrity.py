"""What a back end itself can say of its soundness: damaged pages, rows whose parents are gone."""

from abc import ABC, abstractmethod
from collections import Counter

from sqlalchemy import Connection, text

__all__ = ["Enforced", "Integrity", "Pragmas"]


class Integrity(ABC):
    """Asked before anything else is: what is damaged answers no other question."""

    @abstractmethod
    def damages(self, connection: Connection) -> list[str]:
        """What is not as the back end wrote it, a line each."""

    @abstractmethod
    def orphans(self, connection: Connection) -> Counter[tuple[str, str]]:
        """How many rows of a table lack their parent in another."""

    @abstractmethod
    def remove_orphans(self, connection: Connection) -> None:
        """Delete them, and what becomes one by it."""


class Pragmas(Integrity):
    """SQLite, which checks when it is asked."""

    def damages(self, connection: Connection) -> list[str]:
        """Of every page."""
        problems = list(connection.scalars(text("PRAGMA integrity_check")))
        return [] if problems == ["ok"] else problems

    def orphans(self, connection: Connection) -> Counter[tuple[str, str]]:
        """Foreign keys are not enforced by programs that do not ask for it."""
        rows = connection.execute(text("PRAGMA foreign_key_check")).all()
        return Counter((table, parent) for table, _, parent, _ in rows)

    def remove_orphans(self, connection: Connection) -> None:
        """Removing may orphan more."""
        while orphans := connection.execute(text("PRAGMA foreign_key_check")).all():
            for table, number in {(table, number) for table, _, _, number in orphans}:
                for key in connection.execute(text(f'PRAGMA foreign_key_list("{table}")')).mappings():
                    if key["id"] == number:
                        parents = f'SELECT "{key["to"]}" FROM "{key["table"]}"'
                        connection.execute(
                            text(f'DELETE FROM "{table}" WHERE "{key["from"]}" NOT IN ({parents})')
                        )


class Enforced(Integrity):
    """PostgreSQL, which lets no orphan be and tells of damage when it reads it."""

    def damages(self, connection: Connection) -> list[str]:
        """None is known."""
        return []

    def orphans(self, connection: Connection) -> Counter[tuple[str, str]]:
        """None can be."""
        return Counter()

    def remove_orphans(self, connection: Connection) -> None:
        """None can be."""
