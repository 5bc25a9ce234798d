import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from milan.catalog import Catalog, export
from milan.errors import BadSetting, CatalogError, DataError, UnknownName
from milan.exemplars import ExemplarSettings, Shard
from milan.networks import Network
from milan.uses import DescribeOptions, describe_network, find_shard, merge_shards

ONLY_EXEMPLARS = DescribeOptions(
    layers=("0", "1"), captioner=None, exemplars=ExemplarSettings(k=3, batch_size=4)
)


def exported(catalog: Path, tmp_path: Path) -> bytes:
    path = tmp_path / "export.jsonl"
    with Catalog.open(catalog) as store:
        export(store, "jsonl", path)
    return path.read_bytes()


def kept_of(catalog: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as bytes and numbers."""
    with closing(sqlite3.connect(catalog)) as reader:
        tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: reader.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


def test_a_run_without_words_leaves_units_pending_with_exemplars(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    summary = describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS)
    assert summary.statuses == {"dead": 1, "pending": 8}
    assert (summary.n_images, summary.n_skipped, summary.n_units) == (24, 0, 9)
    lines = [json.loads(line) for line in exported(tmp_path / "units.db", tmp_path).splitlines()]
    assert [line["unit"] for line in lines][:4] == [f"colours/0/{unit}" for unit in range(4)]
    reddest = lines[0]["exemplars"][0]["image"]
    assert int(reddest.removesuffix(".png")) % 3 == 0


def test_a_run_that_finds_everything_in_the_catalog_reads_no_image_again(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    catalog = tmp_path / "units.db"
    describe_network(network, photos, catalog, ONLY_EXEMPLARS)
    before = exported(catalog, tmp_path)
    stages: list[str] = []
    describe_network(
        network, photos, catalog, ONLY_EXEMPLARS, progress=lambda stage, done, total: stages.append(stage)
    )
    assert stages == []
    assert exported(catalog, tmp_path) == before


def test_another_layer_of_the_same_network_is_added_beside_the_first(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    together, apart = tmp_path / "together.db", tmp_path / "apart.db"
    describe_network(network, photos, together, ONLY_EXEMPLARS)
    for layer in ("1", "0"):
        describe_network(network, photos, apart, replace(ONLY_EXEMPLARS, layers=(layer,)))
    assert exported(apart, tmp_path) == exported(together, tmp_path)


def test_shards_merged_in_any_order_export_the_bytes_of_one_pass(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    describe_network(network, photos, tmp_path / "one.db", ONLY_EXEMPLARS)
    files = []
    for index in range(3):
        file = tmp_path / f"shard-{index}.safetensors"
        find_shard(network, photos, file, Shard(index, 3), ONLY_EXEMPLARS, lambda stage, done, total: None)
        files.append(file)
    merge_shards([files[2], files[0], files[1]], tmp_path / "merged.db")
    assert kept_of(tmp_path / "merged.db") == kept_of(tmp_path / "one.db")
    assert exported(tmp_path / "merged.db", tmp_path) == exported(tmp_path / "one.db", tmp_path)


def test_thumbnails_are_kept_of_every_exemplar(network: Network, photos: Path, tmp_path: Path) -> None:
    describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS)
    with Catalog.open(tmp_path / "units.db") as store:
        unit = next(iter(store.units("colours", "0")))
        assert all(unit.thumbnails[e.region.image].startswith(b"\xff\xd8") for e in unit.exemplars)


def test_the_state_is_gone_from_the_cache_once_the_catalog_has_it(
    network: Network, photos: Path, tmp_path: Path, own_cache: Path
) -> None:
    describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS)
    assert list((own_cache / "exemplars").iterdir()) == []


def test_a_layer_may_be_chosen_by_pattern_and_a_typo_names_the_nearest(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    every = replace(ONLY_EXEMPLARS, layers=("[01]",))
    assert describe_network(network, photos, tmp_path / "units.db", every).n_units == 9
    with pytest.raises(UnknownName, match=r"no layer '00'\. Did you mean '0'"):
        describe_network(network, photos, tmp_path / "units.db", replace(ONLY_EXEMPLARS, layers=("00",)))


def test_a_broken_image_is_skipped_counted_and_named(network: Network, photos: Path, tmp_path: Path) -> None:
    (photos / "broken.png").write_bytes(b"\x89PNG not really")
    (photos / "empty.jpg").write_bytes(b"")
    summary = describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS)
    assert summary.n_skipped == 2
    assert {path for path, _ in summary.skipped} == {"broken.png", "empty.jpg"}
    assert "24 of 26 images" in summary.lines()[0]
    assert summary.lines()[1].startswith("skipped broken.png: ")


def test_three_images_fill_three_ranks_of_fifteen(network: Network, photos: Path, tmp_path: Path) -> None:
    few = replace(ONLY_EXEMPLARS, limit=3, exemplars=ExemplarSettings(k=15))
    summary = describe_network(network, photos, tmp_path / "units.db", few)
    with Catalog.open(tmp_path / "units.db") as store:
        most = max(len(unit.exemplars) for unit in store.units())
    said = summary.lines()[1]
    assert said == f"only 3 images, of which {most} serve exemplars: a unit has at most {most}, not 15"


def test_as_many_images_as_ranks_need_no_remark(network: Network, photos: Path, tmp_path: Path) -> None:
    assert len(describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS).lines()) == 1


def test_other_exemplars_of_a_known_layer_are_said_aloud(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS, say=told.append)
    assert told == []
    fewer = replace(ONLY_EXEMPLARS, layers=("0",), limit=9)
    describe_network(network, photos, tmp_path / "units.db", fewer, say=told.append)
    assert len(told) == 1
    assert told[0].startswith("0: the catalog holds exemplars of other images or settings")


def test_units_that_no_chosen_layer_has_are_refused(network: Network, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="begins at 7, the chosen layers have 0-4"):
        describe_network(
            network, photos, tmp_path / "units.db", replace(ONLY_EXEMPLARS, units=frozenset({7, 9}))
        )


def test_a_folder_without_images_is_one_clear_line(network: Network, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no images under"):
        describe_network(network, tmp_path / "empty", tmp_path / "units.db", ONLY_EXEMPLARS)


def test_weights_of_another_network_under_the_same_name_are_refused(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    describe_network(network, photos, tmp_path / "units.db", ONLY_EXEMPLARS)
    other = replace(network, module=type(network.module)(*network.module))
    other.module[1].weight.data = other.module[1].weight.data + 1  # type: ignore[index,operator]
    with pytest.raises(CatalogError, match="--name"):
        describe_network(other, photos, tmp_path / "units.db", ONLY_EXEMPLARS)


def test_a_layer_that_is_no_tuple_is_not_read_letter_by_letter() -> None:
    with pytest.raises(BadSetting, match=r"such as \('blocks.1',\)"):
        DescribeOptions(layers="blocks.1")  # type: ignore[arg-type]
