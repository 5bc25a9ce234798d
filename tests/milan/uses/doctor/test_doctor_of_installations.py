from pathlib import Path
from typing import Any

import pytest

from milan.uses.doctor import Finding, Level, examine_installation


def about(topic: str) -> list[Finding]:
    return [finding for finding in examine_installation() if finding.about == topic]


def test_packages_devices_and_weights_are_told() -> None:
    found = examine_installation()
    assert {finding.about for finding in found} == {"packages", "devices", "weights", "extras", "cache"}
    assert any("cpu (" in finding.line for finding in found if finding.about == "devices")
    assert not [finding for finding in found if finding.about == "weights" and finding.level is Level.PROBLEM]


def test_weights_that_were_changed_after_the_installation_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.metadata import PathDistribution

    info = tmp_path / "gt_all-0.dist-info"
    info.mkdir()
    (tmp_path / "model.bin").write_bytes(b"1" * 200_000)
    (info / "METADATA").write_text("Name: gt-all\nVersion: 0\n")
    (info / "RECORD").write_text("model.bin,sha256=bm90IHRoaXM,200000\n")
    monkeypatch.setattr("milan.uses.doctor.installation.distribution", lambda name: PathDistribution(info))
    changed = [finding for finding in about("weights") if finding.level is Level.PROBLEM]
    assert "model.bin is not what was installed" in changed[0].line
    assert "--force-reinstall" in changed[0].remedy


def test_weights_that_are_not_there_are_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cut.safetensors").write_bytes(b"cut off")
    monkeypatch.setattr(
        "milan.uses.doctor.installation.shipped_file", lambda name: tmp_path / "cut.safetensors"
    )
    broken = [finding for finding in about("weights") if finding.level is Level.PROBLEM]
    assert broken[0].line.startswith("captioner/lite0/model.safetensors: ")


def test_an_extra_that_is_not_installed_is_a_note_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from milan.uses.doctor import installation

    known: Any = installation._version
    monkeypatch.setattr(installation, "_version", lambda name: None if name == "ray" else known(name))
    (note,) = (finding for finding in about("extras") if finding.line.startswith("ray"))
    assert note.level is Level.NOTE
    assert note.remedy == "pip install 'milan-neurons[ray]'"


def test_unfinished_passes_in_the_cache_are_counted(own_cache: Path) -> None:
    (own_cache / "exemplars").mkdir(parents=True)
    (own_cache / "exemplars" / "1234.safetensors").write_bytes(b"0" * 2_000_000)
    (note,) = about("cache")
    assert "1 unfinished passes over images, 2 MB" in note.line
