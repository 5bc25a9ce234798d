"""What appeared and what vanished between two catalogs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scipy.stats import fisher_exact

from milan.records import Concept
from milan.uses.audit import Change, Questions, audit_catalogs

QUESTIONS = Questions("Both", (Concept("faces", ("face",)), Concept("text", ("text",))))
Make = Callable[..., Path]


def layer(n_faces: int, of: int = 40, start: int = 0) -> dict[int, tuple[str, float]]:
    return {unit: ("a face" if start <= unit < start + n_faces else "a dog", 0.5) for unit in range(of)}


def changes(paths: list[Path], encoder: Any) -> dict[tuple[str, str | None], Change]:
    found = audit_catalogs(paths, QUESTIONS, encoder).changes
    return {(change.concept, change.layer): change for change in found}


def test_counts_are_compared_by_layer_and_over_all(make_catalog: Make, encoder: Any) -> None:
    first = make_catalog("a.db", {"one": layer(2), "two": layer(3)}, network="before")
    second = make_catalog("b.db", {"one": layer(20), "two": layer(3, start=1)}, network="after")
    found = changes([first, second], encoder)
    one = found["faces", "one"]
    assert (one.first, one.second, one.verdict) == ((2, 40), (20, 40), "appeared")
    assert one.difference.value == 18 / 40
    assert one.difference.low > 0
    assert one.chance == fisher_exact([[2, 38], [20, 20]]).pvalue
    assert one.appeared == tuple(f"one/{unit}" for unit in range(2, 20))
    two = found["faces", "two"]
    assert (two.verdict, two.appeared, two.vanished) == ("-", ("two/3",), ("two/0",))
    assert found["faces", None].first == (5, 80)


def test_what_vanishes_is_what_appears_the_other_way(make_catalog: Make, encoder: Any) -> None:
    paths = [make_catalog("a.db", {"one": layer(20)}), make_catalog("b.db", {"one": layer(1)})]
    there, back = (changes(order, encoder)["faces", "one"] for order in (paths, paths[::-1]))
    assert (there.verdict, back.verdict) == ("vanished", "appeared")
    assert there.vanished == back.appeared
    assert there.chance == back.chance


def test_the_more_is_asked_the_more_it_takes(make_catalog: Make, encoder: Any) -> None:
    paths = [make_catalog("a.db", {"one": layer(2)}), make_catalog("b.db", {"one": layer(10)})]
    (alone,) = audit_catalogs(paths, Questions("One", QUESTIONS.concepts[:1]), encoder).changes
    many = Questions("Many", tuple(Concept(f"faces {n}", ("face",)) for n in range(9)))
    first, *_ = audit_catalogs(paths, many, encoder).changes
    assert alone.corrected == alone.chance == first.chance
    assert first.corrected == 9 * alone.chance
    assert (alone.verdict, first.verdict) == ("appeared", "-")


def test_networks_that_share_no_layer_are_compared_over_all(make_catalog: Make, encoder: Any) -> None:
    first = make_catalog("a.db", {"one": layer(2), "two": layer(3)})
    second = make_catalog("b.db", {"three": layer(20)})
    found = changes([first, second], encoder)
    assert set(found) == {("faces", None), ("text", None)}
    assert (found["faces", None].first, found["faces", None].second) == ((5, 80), (20, 40))
    assert found["faces", None].appeared == ()
    assert found["faces", None].corrected < 0.05
    assert found["faces", None].verdict == "-"  # another architecture is no change of this one


def test_a_catalog_compared_with_itself_has_not_changed(make_catalog: Make, encoder: Any) -> None:
    path = make_catalog("a.db", {"one": layer(7)})
    for change in changes([path, path], encoder).values():
        assert (change.chance, change.verdict, change.appeared, change.vanished) == (1, "-", (), ())
        assert change.difference.low <= 0 <= change.difference.high


def test_of_three_catalogs_nothing_is_compared(make_catalog: Make, encoder: Any) -> None:
    path = make_catalog("a.db", {"one": layer(7)})
    report = audit_catalogs([path, path, path], QUESTIONS, encoder)
    assert (len(report.catalogs), report.changes) == (3, ())
    assert len({catalog.name for catalog in report.catalogs}) == 1
