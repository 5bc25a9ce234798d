"""The worked example of docs/guides/shortcut.md: its commands on fewer pictures."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from milan.records.files import shipped_file

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "shortcut.md"
FEW = ("--train", "2", "--validation", "10", "--clean-validation", "10", "--test", "5")


def test_units_that_read_are_found_by_their_words_and_switched_off_as_the_guide_says(shell: Any) -> None:
    weights = str(shipped_file("experiments/shortcut/seed-0/model.safetensors"))
    draw, rest = re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    subprocess.run(
        [sys.executable, *draw.split()[1:], *FEW], cwd=shell.folder, env=shell.environment, check=True
    )
    describe, search, edit = rest.replace("NETWORK", weights).strip().splitlines()
    shell.milan(*describe.split()[1:])
    assert "word" in shell.milan(*search.split()[1:])
    said = shell.milan(*edit.split()[1:])
    assert "random" in said
    assert (shell.folder / "without-words").is_dir()
