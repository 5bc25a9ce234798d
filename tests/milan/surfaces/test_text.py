"""The text commands on files: tables for people, documents for programs, one line for mistakes."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from typer.testing import CliRunner, Result

from milan.surfaces.cli import app
from milan.texts import Tagged
from tests.milan.uses.text.conftest import activations, tag_file, tagged, write_activations

__all__ = ["activations", "tag_file", "tagged", "write_activations"]  # fixtures


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["text", *map(str, arguments)])


def test_a_probe_is_told_with_its_baselines_and_units(activations: Path, tag_file: Path) -> None:
    done = run("probe", activations, "--tags", tag_file, "--l1", "0.02")
    assert done.exit_code == 0, done.output
    assert "most frequent tag of the word" in done.stdout
    assert "selectivity" in done.stdout
    assert "low/3" in done.stdout
    assert "left out: 'X', of 2 words" in done.stderr


def test_the_document_holds_every_ranked_unit_with_its_rate(activations: Path, tag_file: Path) -> None:
    done = run("probe", activations, "--tags", tag_file, "--l1", "0.02", "--permutations", "20", "--json")
    document = json.loads(done.stdout)
    assert sorted(document["classes"]) == ["N", "P", "V"]
    assert {row["unit"] for row in document["ranking"][:3]} == {"low/3", "low/4", "low/5"}
    assert document["ranking"][0]["false_discovery"] <= 0.05
    assert document["left_out"] == {"X": 2, "none": 1}
    assert document["penalty"] == {"l1": 0.02, "l2": 0.2, "balanced": True}
    assert set(document["accuracy"]) == {"value", "low", "high"}


def test_a_pattern_makes_a_task_of_the_words_of_a_users_own_matrix(tmp_path: Path, tagged: Tagged) -> None:
    words = tmp_path / "words.txt"
    words.write_text("".join(" ".join(each) + "\n" for each in tagged.sentences.each()))
    matrix = np.random.default_rng(0).normal(size=(600, 8)).astype(np.float32)
    matrix[:, 6] += [2.0 * word.endswith("7") for word in tagged.sentences.words]
    np.save(tmp_path / "own.npy", matrix)
    done = run("probe", tmp_path / "own.npy", "--words", words, "--pattern", "w.*7", "--l1", "0.01", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["classes"] == ["no", "yes"]
    assert document["ranking"][0]["unit"] == "own/6"


def test_what_a_study_found_is_shown_with_the_unit(
    activations: Path,
    write_activations: Callable[[Path, int], Path],
    tag_file: Path,
    tagged: Tagged,
    tmp_path: Path,
) -> None:
    units, text = tmp_path / "units.db", tmp_path / "text.txt"
    text.write_text("".join(" ".join(each) + "\n" for each in tagged.sentences.each()))
    kept = run("probe", activations, "--tags", tag_file, "--l1", "0.02", "--catalog", units, "--name", "mine")
    assert f"of mine kept in {units}" in kept.stderr
    other = write_activations(tmp_path / "second", 1)
    run("correlate", activations, other, "--catalog", units, "--name", "mine")
    described = [
        "describe",
        activations,
        "--texts",
        text,
        "--catalog",
        units,
        "--name",
        "mine",
        "--layer",
        "low",
    ]
    assert CliRunner().invoke(app, [str(part) for part in described]).exit_code == 0
    shown = CliRunner().invoke(app, ["show", str(units), "mine/low/3", "-o", str(tmp_path / "unit.png")])
    assert "probe (tags): all tags: place among 40" in shown.stdout
    assert "correlate (against second): second low/3: correlation" in shown.stdout


def test_a_catalog_that_cannot_be_written_is_told_before_work_begins(
    activations: Path, tag_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "units.db").write_text("no catalog")
    done = run("probe", activations, "--tags", tag_file, "--catalog", tmp_path / "units.db")
    assert done.exit_code == 1
    assert "not a milan catalog" in done.stderr
    none = run("probe", tmp_path / "none", "--tags", tag_file)
    assert (none.exit_code, "there is no such folder or file" in none.stderr) == (1, True)
    directions = ("--by", "svcca", "--learn", tag_file, "--test", tag_file, tag_file)
    assert run("ablate", *directions, "--catalog", tmp_path / "other.db").exit_code == 2


def test_distances_and_correlations_are_told(
    activations: Path, write_activations: Callable[[Path, int], Path], tag_file: Path, tmp_path: Path
) -> None:
    other = write_activations(tmp_path / "second", 1)
    done = run("correlate", activations, other, "--top", "4")
    assert done.exit_code == 0, done.output
    assert "shared directions" in done.stdout
    assert "low/7" in done.stdout
    document = json.loads(run("correlate", activations, other, "--json").stdout)
    assert document["units"][7]["matches"]["second"]["unit"] == "low/7"
    symbols = tmp_path / "symbols.tsv"
    symbols.write_text(tag_file.read_text())
    none = run("distances", activations, symbols, "--bins", "20")
    assert none.exit_code == 1
    assert "lower --least" in none.stderr


def test_distances_are_documents_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    told = rng.choice(["x", "y"], 800)
    np.save(tmp_path / "cells.npy", rng.normal(size=(800, 3)).astype(np.float32))
    (tmp_path / "words").write_text("t\n" * 800)
    (tmp_path / "symbols").write_text("".join(f"t\t{symbol}\n\n" for symbol in told))
    common = ("distances", tmp_path / "cells.npy", tmp_path / "symbols", "--words", tmp_path / "words")
    document = json.loads(run(*common, "--top", "2", "--json").stdout)
    assert [(row["input"], row["output"], len(row["units"])) for row in document] == [
        ("t", "x", 2),
        ("t", "y", 2),
    ]
    assert document[0]["n"] + document[0]["n_other"] == 800
    assert "by chance" in run(*common).stdout


def test_mistakes_are_one_line_and_the_right_exit_code(activations: Path, tag_file: Path) -> None:
    for arguments, code, said in (
        (("probe", activations), 2, "a task is one of --tags FILE, --pattern REGEX and --list FILE"),
        (("probe", activations, "--tags", tag_file, "--layer", "lo"), 2, "Did you mean 'low'"),
        (("probe", tag_file, "--tags", tag_file), 2, "give its words too"),
        (("correlate", activations), 1, "two networks or more"),
        (("correlate", activations, activations), 2, "the same file name"),
    ):
        done = run(*arguments)
        assert (done.exit_code, len(done.stderr.strip().splitlines())) == (code, 1), done.output
        assert said in done.stderr
