"""From a network and a folder to exports, in processes that may be killed."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

MODEL = "milan.scenes.network:scenes_network"
LAYERS = ("--layer", "stages.2", "--layer", "maps")


def describe(scenes: Path, *more: str) -> tuple[str, ...]:
    return (
        "describe", MODEL, "--images", str(scenes), "--catalog", "units.db", "--size", "112",
        "--name", "scenes", "--batch-size", "8", *LAYERS, *more,
    )  # fmt: skip


def export(shell: Any) -> bytes:
    shell.milan("export", "units.db", "-o", "units.jsonl")
    return bytes((shell.folder / "units.jsonl").read_bytes())


@pytest.fixture(scope="module")
def finished(scenes: Path, shell_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A shell where the run was done once, by one worker and undisturbed, and exported."""
    shell = shell_in(tmp_path_factory.mktemp("finished"))
    shell.said = shell.milan(*describe(scenes, "--workers", "1"), "--json")
    shell.exported = export(shell)
    return shell


def test_a_user_describes_searches_shows_and_exports(finished: Any, scenes: Path) -> None:
    summary = json.loads(finished.said)
    assert summary["statuses"]["described"] > 60
    assert set(summary["statuses"]) <= {"described", "dead", "never_positive"}
    lines = [json.loads(line) for line in finished.exported.splitlines()]
    assert [(line["layer"], line["index"]) for line in lines] == sorted(
        ((line["layer"], line["index"]) for line in lines),
        key=lambda place: (["stages.2", "maps"].index(place[0]), place[1]),
    )
    described = [line for line in lines if line["status"] == "described"]
    for line in described:
        best = line["candidates"][0]
        assert line["description"] == best["phrase"]
        scored = line["log_p_given"] - line["lambda"] * line["log_p_prior"]
        assert abs(scored - line["score"]) < 1e-3
        assert all((scenes / exemplar["image"]).is_file() for exemplar in line["exemplars"])
    phrase = described[0]["description"]
    hits = json.loads(finished.milan("search", "units.db", phrase, "--json"))
    assert phrase in {hit["snippet"] for hit in hits}
    finished.milan("show", "units.db", described[0]["unit"], "-o", "unit.png")
    assert (finished.folder / "unit.png").stat().st_size > 5000
    for form, name in (("csv", "u.csv"), ("parquet", "u.parquet"), ("html", "gallery")):
        finished.milan("export", "units.db", "--format", form, "-o", name)
    assert (finished.folder / "gallery" / "index.html").is_file()


def test_a_run_killed_twice_ends_with_the_same_bytes(shell: Any, scenes: Path, finished: Any) -> None:
    for stage in ("cache/exemplars/*.safetensors", "units.db"):  # in the pass, then in the words
        process = shell.start(*describe(scenes))
        started = time.monotonic()
        while (
            not list(shell.folder.glob(stage)) and process.poll() is None and time.monotonic() < started + 60
        ):
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    shell.milan(*describe(scenes))
    assert export(shell) == finished.exported


def test_two_workers_shards_and_one_pass_agree_to_the_byte(shell: Any, scenes: Path, finished: Any) -> None:
    for shard in ("2/3", "3/3", "1/3"):
        shell.milan(
            "exemplars", MODEL, "--images", str(scenes), "--size", "112", "--name", "scenes",
            "--batch-size", "8", *LAYERS, "--shard", shard, "-o", f"{shard[0]}.safetensors",
        )  # fmt: skip
    shell.milan("merge", "3.safetensors", "1.safetensors", "2.safetensors", "--catalog", "units.db")
    shell.milan(*describe(scenes, "--workers", "2"))
    assert export(shell) == finished.exported
