"""`--directions` and `--group`."""

import json
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

DESCRIBE = ("--images", "photos", "--catalog", "units.db", "--size", "32", "--batch-size", "4")


def described(folder: Any, *arguments: str) -> dict[str, Any]:
    result = folder.milan("describe", folder.model, *DESCRIBE, "--exemplars-only", "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_files_and_groups_are_described_exported_and_shown(folder: Any) -> None:
    save_file({"2": torch.eye(4)[:2]}, "pca.safetensors")
    save_file({"any": torch.ones(3, 6)}, "sae.safetensors")
    assert described(folder, "--directions", "pca.safetensors", "--group", "0:1,3-5")["n_units"] == 3
    assert described(folder, "--directions", "sae.safetensors", "--layer", "0")["n_units"] == 3
    export = folder.milan("export", "units.db", "-o", "units.jsonl")
    assert export.exit_code == 0, export.stderr
    lines = [json.loads(line) for line in (folder.path / "units.jsonl").read_text().splitlines()]
    layers = [(line["layer"], line["index"]) for line in lines]
    assert layers == [("0@1,3-5", 0), *(("0@sae", row) for row in range(3)), ("2@pca", 0), ("2@pca", 1)]
    for unit in ("0@1,3-5/0", "2@pca/1"):
        shown = folder.milan("show", "units.db", f"colours/{unit}", "-o", "unit.png")
        assert shown.exit_code == 0, shown.stderr
    gallery = folder.milan("export", "units.db", "--format", "html", "-o", "gallery")
    assert gallery.exit_code == 0, gallery.stderr


def test_shards_of_directions_merge_to_what_one_run_finds(folder: Any) -> None:
    save_file({"2": torch.eye(4)[:2]}, "pca.safetensors")
    described(folder, "--directions", "pca.safetensors")
    assert folder.milan("export", "units.db", "-o", "one.jsonl").exit_code == 0
    for shard in ("2/2", "1/2"):
        result = folder.milan(
            "exemplars", folder.model, "--images", "photos", "--size", "32", "--batch-size", "4",
            "--directions", "pca.safetensors", "--shard", shard, "-o", f"{shard[0]}.state",
        )  # fmt: skip
        assert result.exit_code == 0, result.stderr
    assert folder.milan("merge", "1.state", "2.state", "--catalog", "merged.db").exit_code == 0
    assert folder.milan("export", "merged.db", "-o", "merged.jsonl").exit_code == 0
    assert (folder.path / "merged.jsonl").read_bytes() == (folder.path / "one.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--directions", "none.safetensors"), 1, "no file of directions 'none.safetensors'"),
        (("--directions", "photos/0.png"), 1, "cannot be read as directions"),
        (("--directions", "any.safetensors"), 2, "no layer 'any'"),
        (("--directions", "any.safetensors", "--layer", "2"), 2, "have 6 columns, layer 2 has 4 units"),
        (("--directions", "zero.safetensors"), 2, "no layer 'zero'"),
        (("--group", "0"), 2, "--group is written layer:3,7,20-29, got '0'"),
        (("--group", "0:two"), 2, "--group is written layer:3,7,20-29, got '0:two'"),
        (("--group", "0:6"), 2, "a group in 0 has members from 0 to 5, got '6'"),
        (("--group", "9:1"), 2, "no layer '9'"),
        (("--group", "0:1", "--group", "0:1"), 2, "two directions are called 0@1"),
        (("--group", "0:1", "--layer", "2"), 2, "no layer '2'. Directions were given in 0"),
    ],
)
def test_a_mistake_is_one_line(folder: Any, arguments: tuple[str, ...], code: int, said: str) -> None:
    save_file({"any": torch.ones(3, 6)}, "any.safetensors")
    save_file({"zero": torch.ones(0, 6)}, "zero.safetensors")
    result = folder.milan("describe", folder.model, *DESCRIBE, *arguments)
    assert result.exit_code == code, result.stderr
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not (folder.path / "units.db").exists()
