"""The planted benchmark, small, from scenes to report."""

import json

import pytest

from milan.describe import PmiSettings
from milan.uses import DescribeOptions
from milan.uses.evaluate import PlantedOptions, PlantedReport, evaluate_planted

PMI = DescribeOptions(simulator=None, pmi=PmiSettings(select="pmi", n_proposed=2, n_retrieved=8))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> PlantedReport:
    options = PlantedOptions(
        n_units=20,
        n_images=100,
        trained=False,
        ways={"one": PMI, "again": DescribeOptions(simulator=None, pmi=PMI.pmi, seed=1)},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        (found,) = evaluate_planted(options)
    return found


def test_units_that_never_speak_are_recognised(report: PlantedReport) -> None:
    silent = {unit.kind: unit for unit in report.units if unit.kind in ("dead", "never_positive")}
    assert set(silent) == {"dead", "never_positive"}
    assert all(unit.grade == "right" and unit.status == unit.kind for unit in silent.values())


def test_every_live_unit_is_said_something_of_and_graded(report: PlantedReport) -> None:
    live = [unit for unit in report.units if unit.kind not in ("dead", "never_positive")]
    assert all(unit.phrase for unit in live)
    assert {unit.grade for unit in live} <= {"right", "partly", "wrong"}
    scores = report.ways[0].of("live")
    assert scores is not None
    assert scores.named.low <= scores.named.value <= scores.named.high


def test_a_way_gains_nothing_over_itself(report: PlantedReport) -> None:
    gains = [gain for gain in report.gains if (gain.of, gain.over) == ("one", "again")]
    assert {gain.figure for gain in gains} == {"named", "cosine", "top1", "top10"}
    assert all(gain.difference.value == 0 for gain in gains)


def test_baselines_stand_beside_the_ways(report: PlantedReport) -> None:
    names = [way.name for way in report.ways]
    assert names[:2] == ["one", "again"]
    assert {"constant", "most frequent", "shuffled"} <= set(names[2:])
    shuffled = next(way for way in report.ways if way.name == "shuffled").of("live")
    assert shuffled is not None
    assert shuffled.named.value < 0.2


def test_too_few_images_state_no_faithfulness_and_the_report_is_json(report: PlantedReport) -> None:
    assert report.faithfulness is None
    assert json.loads(json.dumps(report.as_dict()))["network"] == "planted"
