"""How each command ends: the exit code and the last line, for every command there is."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest
from typer.main import get_command

from milan.surfaces.cli import app
from milan.surfaces.cli.console import ExitCode, Terminated
from milan.surfaces.cli.settings import commands_of

README = Path(__file__).parents[3] / "README.md"
ANEW, ON = "nothing was finished: the same command starts anew", "run the same command to go on"


class Ending(NamedTuple):
    """A command line that is understood, and fails for what is not there."""

    arguments: str
    works_in: str
    """Where its work is done: what is cut off by a signal."""
    after: str = ANEW
    code: int | None = ExitCode.ERROR
    """None where nothing can be missing."""


ENDINGS = {
    "layers": Ending("hf:./none", "milan.networks.open_network"),
    "describe": Ending("hf:./none --images photos --catalog u.db", "milan.networks.open_network", ON),
    "exemplars": Ending("hf:./none --images photos -o s", "milan.networks.open_network", ON),
    "merge": Ending("none.safetensors --catalog u.db", "milan.uses.merge_shards"),
    "search": Ending("none.db dog", "milan.catalog.Catalog.open"),
    "show": Ending("none.db a/b/1", "milan.catalog.Catalog.open"),
    "copy": Ending("none.db other.db", "milan.catalog.Catalog.open"),
    "export": Ending("none.db -o out", "milan.catalog.Catalog.open"),
    "evaluate": Ending("none.db", "milan.uses.evaluate.evaluate_catalog"),
    "analyze": Ending("none.db hf:./none --images photos", "milan.catalog.Catalog.open", ON),
    "edit": Ending(
        "none.db hf:./none --query text --validation photos --clean photos --test t=photos --dry-run",
        "milan.catalog.Catalog.open",
    ),
    "undo": Ending("none -o out.safetensors", "milan.uses.edit.undo_edit"),
    "why": Ending("none.db hf:./none photos/0.png", "milan.catalog.Catalog.open"),
    "audit": Ending("none.db", "milan.uses.audit.fitting_questions"),
    "check": Ending("none.db --policy none.yaml", "milan.uses.audit.check_policy"),
    "compare": Ending("none.db other.db", "milan.catalog.Catalog.open"),
    "serve": Ending("none.db", "milan.catalog.Catalog.open", ON),
    "config": Ending("", "rich.table.Table", code=None),
    "rebuild": Ending("none.db a/b/1 --images photos", "milan.catalog.Catalog.open", ON),
    "doctor": Ending("none.db", "milan.uses.doctor.examine_catalog"),
    "demo": Ending("", "milan.uses.demo.run_demo", ON, code=None),
    "captioner train": Ending("none.jsonl -o out", "captioner.train.train_from_samples", ON),
    "text layers": Ending("hf:./none", "milan.networks.text.open_text_network"),
    "text extract": Ending("hf:./none --texts none.txt -o out", "milan.texts.read_sentences"),
    "text study": Ending("none.txt -o out", "milan.transliteration.Transliteration.open"),
    "text probe": Ending("none.npy --words none.txt --tags none.conllu", "milan.texts.Activations.open"),
    "text distances": Ending("none.npy none.txt --words none.txt", "milan.texts.Activations.open"),
    "text ablate": Ending(
        "--learn none.txt --test none.txt none.txt", "milan.translation.shipped_translator"
    ),
    "text control": Ending(
        "--learn none.txt --validation none.txt none.txt --test none.txt none.txt",
        "milan.translation.shipped_translator",
    ),
    "text correlate": Ending("none.npy none.npy --words none.txt", "milan.texts.Activations.open"),
}
"""A row for every command."""


def test_every_command_has_a_row() -> None:
    assert {name for name, _ in commands_of(get_command(app))} == set(ENDINGS)


def test_the_readme_lists_the_exit_codes() -> None:
    table = re.search(r"\| exit code \|.*?\n\n", README.read_text("utf-8"), re.DOTALL)
    assert table is not None
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", table[0], re.MULTILINE)}
    assert listed == {value for name, value in vars(ExitCode).items() if name.isupper()}


@pytest.mark.parametrize("name", [name for name, ending in ENDINGS.items() if ending.code is not None])
def test_what_is_missing_is_one_line_and_1(folder: Any, name: str) -> None:
    done = folder.milan(*name.split(), *ENDINGS[name].arguments.split())
    assert done.exit_code == ENDINGS[name].code, done.output
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.output


@pytest.mark.parametrize("name", ENDINGS)
def test_what_is_not_understood_is_one_line_and_2(folder: Any, name: str) -> None:
    done = folder.milan(*name.split(), *ENDINGS[name].arguments.split(), "--no-such-option")
    assert done.exit_code == ExitCode.USAGE, done.output
    assert done.stderr.splitlines()[-1].startswith("error: No such option: --no-such-option")


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize(
    ("stop", "code", "said"),
    [
        (KeyboardInterrupt, ExitCode.INTERRUPTED, "interrupted; "),
        (Terminated, ExitCode.TERMINATED, "terminated; "),
    ],
)
def test_what_is_cut_off_says_what_is_kept_and_how_to_go_on(
    folder: Any, monkeypatch: pytest.MonkeyPatch, name: str, stop: type[BaseException], code: int, said: str
) -> None:
    def work(*args: object, **kwargs: object) -> NoReturn:
        raise stop

    monkeypatch.setattr(ENDINGS[name].works_in, work)
    done = folder.milan(*name.split(), *ENDINGS[name].arguments.split())
    assert done.exit_code == code, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith(said)
    assert last.endswith(ENDINGS[name].after)


WAITING = """
import time
from milan.surfaces.cli import app, main
from milan.surfaces.cli.console import answers_errors

@app.command()
@answers_errors
def wait() -> None:
    print("ready", flush=True)
    time.sleep(60)

main()
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_a_signal_ends_a_process_with_its_line_and_code(number: int, code: int) -> None:
    pipe = subprocess.PIPE
    # a shell that runs the tests in the background has Ctrl-C ignored, and children inherit that
    command = ["env", "--default-signal=INT", sys.executable, "-c", WAITING, "wait"]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == code, said
    assert said.endswith(f"; {ANEW}\n")
    assert said.count("\n") == 1
