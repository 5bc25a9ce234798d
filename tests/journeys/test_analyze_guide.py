"""The worked example of docs/guides/analyze.md, as it stands there."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "analyze.md"


def test_units_are_switched_off_in_many_orders_as_the_guide_says(
    shell: Any, scenes: Path, monkeypatch: Any
) -> None:
    shutil.copytree(scenes, shell.folder / "photos")
    text = GUIDE.read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (session,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(shell.folder)
    exec(compile(script, str(GUIDE), "exec"), {})
    describe, analyze = session.strip().splitlines()
    shell.milan(*describe.split()[1:], "--simulator", "none", "--units", "0-39")
    table = shell.milan(*analyze.split()[1:], "--order", "nouns", "--order", "important")
    assert "described units of stages.3, stages.4" in table
    assert "important" in table
    document = json.loads((shell.folder / "analysis" / "analysis.json").read_text("utf-8"))
    accuracy, *_ = document["accuracy"]
    assert accuracy > 0.3  # of 32 outputs: the network knows the twelve things
    nouns, important = document["orders"]
    assert important["curve"][-1][0] < accuracy - 0.1
    assert nouns["layers"].keys() <= {"stages.3", "stages.4"}
    lines = (shell.folder / "analysis" / "units.csv").read_text("utf-8").splitlines()
    assert len(list(csv.DictReader(lines))) == document["n_units"] == 80
