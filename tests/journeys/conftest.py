"""Whole tasks as a user does them: real processes, the shipped captioner, rendered scenes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from milan.scenes import SceneSettings, write_scenes


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    write_scenes(folder, 48, 7, SceneSettings(size=112))
    return folder


class Shell:
    """Runs `milan` in a process of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "MILAN_CACHE_DIR": str(folder / "cache"),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "2",
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "milan", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def milan(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=1200)
        assert process.returncode == 0, err
        return out


@pytest.fixture(scope="session")
def shell_in() -> Callable[[Path], Shell]:
    return Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)
