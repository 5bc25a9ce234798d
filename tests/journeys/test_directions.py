"""The worked example of docs/directions.md, as it stands there."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs" / "directions.md"


def test_principal_components_are_described_as_the_docs_say(
    shell: Any, scenes: Path, monkeypatch: Any
) -> None:
    shutil.copytree(scenes, shell.folder / "photos")
    text = DOCS.read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (session,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(shell.folder)
    exec(compile(script, str(DOCS), "exec"), {})
    commands = session.replace("\\\n", " ").strip().splitlines()
    assert len(commands) >= 3
    for command in commands:
        shell.milan(*command.split()[1:])
    shell.milan("export", "units.db", "-o", "units.jsonl")
    lines = [json.loads(line) for line in (shell.folder / "units.jsonl").read_text().splitlines()]
    assert {line["layer"] for line in lines} == {"stages.4@3,7,20", "stages.4@pca"}
    assert all(line["description"] for line in lines)
