"""The worked example of docs/guides/audit.md, as it stands there."""

import json
import re
from pathlib import Path
from typing import Any

from milan.scenes import SceneSettings, write_scenes

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "audit.md"


def test_an_audit_counts_surely_and_keeps_a_policy_as_the_guide_says(shell: Any) -> None:
    write_scenes(shell.folder / "photos", 720, 7, SceneSettings(size=112))
    text = GUIDE.read_text("utf-8")
    questions, policy = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (shell.folder / "ours.yaml").write_text(questions, "utf-8")
    (shell.folder / "policy.yaml").write_text(policy, "utf-8")
    (session,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    describe, audit, check = session.strip().splitlines()
    for command in (describe, audit, check):
        shell.milan(*command.split()[1:])
    page = (shell.folder / "report.html").read_text("utf-8")
    assert "drawn letters" in page
    assert "expected by" in page
    assert "data:image/webp;base64," in page
    document = json.loads(shell.milan("audit", "units.db", "--questions", "ours.yaml", "--json"))
    (letters,) = document["catalogs"][0]["concepts"]["drawn letters"]
    assert letters["units"] >= letters["sure"] > 0
    assert 0 < letters["expected_false"] < letters["units"]
    (shell.folder / "policy.yaml").write_text(policy.replace("at_most: 10", "at_most: 0"), "utf-8")
    process = shell.start("check", "units.db", "--policy", "policy.yaml")
    said, _ = process.communicate(timeout=1200)
    assert process.returncode == 4
    assert said.startswith("drawn letters: ")
