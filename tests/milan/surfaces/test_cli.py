"""What a user types, what comes out where, and with which exit code."""

import json
from typing import Any

import pytest

from milan.surfaces.cli import app

HOW = ("--images", "photos", "--catalog", "units.db", "--size", "32", "--exemplars-only")


def test_layers_lists_names_shapes_and_counts(folder: Any) -> None:
    found = json.loads(folder.milan("layers", folder.model, "--size", "32", "--json").stdout)
    assert {layer["layer"]: layer["units"] for layer in found}["0"] == 6
    table = folder.milan("layers", folder.model, "--size", "32")
    assert "6 x 32 x 32" in table.stdout


def test_describe_then_export_show_and_search(folder: Any) -> None:
    done = folder.milan("describe", folder.model, *HOW, "--layer", "0", "--name", "mine")
    assert done.exit_code == 0, done.stderr
    assert "mine: 6 units" in done.stdout
    assert folder.milan("export", "units.db", "-o", "out.jsonl").exit_code == 0
    lines = [json.loads(line) for line in (folder.path / "out.jsonl").read_text().splitlines()]
    assert [line["unit"] for line in lines] == [f"mine/0/{index}" for index in range(6)]
    shown = folder.milan("show", "units.db", "mine/0/3", "-o", "unit.png")
    assert shown.exit_code == 0
    assert (folder.path / "unit.png").read_bytes().startswith(b"\x89PNG")


def test_json_puts_one_document_on_stdout_and_notes_on_stderr(folder: Any) -> None:
    done = folder.milan("describe", folder.model, *HOW, "--layer", "0", "--json")
    summary = json.loads(done.stdout)
    assert summary["n_images"] == 9
    assert "ImageNet" in done.stderr  # a bare factory's preprocessing is said aloud


def test_quiet_silences_notes_and_never_errors(folder: Any) -> None:
    assert folder.milan("-q", "describe", folder.model, *HOW, "--layer", "0").stderr == ""
    assert "no layer '9'" in folder.milan("-q", "describe", folder.model, *HOW, "--layer", "9").stderr
    assert "ImageNet" in folder.milan("describe", folder.model, *HOW, "--layer", "0").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--layer", "9"), 2, "no layer '9'"),
        (("--units", "5-2"), 2, "--units is written 0-99"),
        (("--mean", "a,b"), 2, "--mean is one number a channel"),
        (("--batch-size", "0"), 2, "'--batch-size': it should be greater than or equal to 1, got '0'"),
        (("--batch-size", "few"), 2, "'--batch-size': it should be a valid integer, got 'few'"),
        (("--batchsize", "4"), 2, "No such option: --batchsize"),
    ],
)
def test_a_mistake_is_one_line_with_its_exit_code(
    folder: Any, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = folder.milan("describe", folder.model, *HOW, *arguments)
    assert done.exit_code == code
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "wrong", "said"),
    [
        ("describe", ("--images", "nowhere"), "no folder 'nowhere'"),
        ("describe", ("--images", "empty"), "no images under 'empty'"),
        ("describe", ("--images", "notes.txt"), "no folder 'notes.txt'"),
        ("describe", ("--measure-on", "empty"), "no images under 'empty'"),
        ("describe", ("--catalog", "notes.txt"), "not a milan catalog"),
        ("describe", ("--catalog", "nowhere/units.db"), "there is no folder 'nowhere'"),
        ("exemplars", ("--images", "nowhere"), "no folder 'nowhere'"),
        ("exemplars", ("--measure-on", "empty"), "no images under 'empty'"),
    ],
)
def test_what_needs_no_network_is_refused_before_one_is_opened(
    folder: Any, command: str, wrong: tuple[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was opened")

    monkeypatch.setattr("milan.networks.open_network", opened)
    (folder.path / "empty").mkdir()
    (folder.path / "notes.txt").write_text("my shopping list, long enough to be looked at")
    output = {"--catalog": "units.db"} if command == "describe" else {"-o": "state"}
    options = {"--images": "photos"} | output | dict([wrong])
    done = folder.milan(command, folder.model, *(part for pair in options.items() for part in pair))
    assert done.exit_code == 1, done.output
    assert said in done.stderr
    assert not (folder.path / "units.db").exists()


def test_no_arguments_print_the_help(folder: Any) -> None:
    for arguments in ((), ("captioner",)):
        done = folder.milan(*arguments)
        assert done.exit_code == 2
        assert "Usage: milan" in done.stdout
        assert done.stderr == ""


def test_an_unknown_choice_names_the_known_and_the_nearest(folder: Any) -> None:
    done = folder.milan("export", "none.db", "-o", "x", "--format", "json")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line == (
        "error: Invalid value for '--format': 'json' is not one of 'jsonl', 'csv', 'parquet', 'html', "
        "'huggingface', 'neuronpedia'. "
        "Did you mean 'jsonl'? Help: milan export --help"
    )


@pytest.mark.parametrize(
    ("picture", "why"), [("unit.txt", "a picture ends in"), ("none/unit.png", "there is no folder 'none'")]
)
def test_a_picture_that_cannot_be_written_is_told_before_it_is_drawn(
    folder: Any, picture: str, why: str
) -> None:
    (folder.path / "units.db").touch()
    done = folder.milan("show", "units.db", "tiny/blocks.0/1", "-o", picture)
    assert done.exit_code == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_query_that_fits_nothing_says_so_and_an_empty_one_is_refused(folder: Any) -> None:
    folder.milan("describe", folder.model, *HOW, "--layer", "0")
    none = folder.milan("search", "units.db", "zebra")
    assert (none.exit_code, none.stdout) == (0, "")
    assert none.stderr == "no described unit of units.db is about 'zebra'\n"
    for query in ("", "  "):
        refused = folder.milan("search", "units.db", query)
        assert refused.exit_code == 2
        assert refused.stderr.startswith("error: the query is empty")


def test_a_catalog_that_a_variable_names_need_not_be_typed(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.milan("describe", folder.model, *HOW, "--layer", "0", "--name", "mine")
    monkeypatch.setenv("MILAN_CATALOG", "units.db")
    shown = folder.milan("show", "mine/0/3", "-o", "unit.png")
    assert shown.exit_code == 0, shown.stderr
    assert (folder.path / "unit.png").is_file()
    assert "is about 'zebra'" in folder.milan("search", "zebra").stderr
    assert folder.milan("export", "-o", "out.jsonl").exit_code == 0
    missing = folder.milan("search")
    assert missing.stderr == "error: Missing argument 'query'. Help: milan search --help\n"


def test_untrained_weights_are_in_the_help() -> None:
    from typer.main import get_command

    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name in ("layers", "describe", "exemplars"):
        (weights,) = (parameter for parameter in commands[name].params if parameter.name == "weights")
        assert "random for an untrained network" in weights.help


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("search", "none.db", "dog"), 1, "none.db"),
        (("show", "none.db", "a/b/1"), 1, "none.db"),
        (("show", "none.db", "ab"), 2, "network/layer/index"),
        (("layers", "torchvison:resnet18"), 2, "torchvision"),
        (("layers", "builtin:efficientnet-lite9"), 2, "efficientnet-lite"),
        (("export", "none.db", "-o", "x", "--format", "doc"), 2, "doc"),
        (("merge", "none.safetensors", "--catalog", "m.db"), 1, "none.safetensors"),
    ],
)
def test_what_does_not_exist_is_named(folder: Any, command: tuple[str, ...], code: int, said: str) -> None:
    done = folder.milan(*command)
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_a_file_that_is_no_catalog_is_left_alone(folder: Any) -> None:
    (folder.path / "units.db").write_text("my shopping list")
    done = folder.milan("describe", folder.model, *HOW, "--layer", "0", "--fresh")
    assert done.exit_code == 1
    assert "not a milan catalog" in done.stderr
    assert (folder.path / "units.db").read_text() == "my shopping list"


def test_units_that_failed_end_with_3_and_the_others_are_kept(folder: Any) -> None:
    done = folder.milan("describe", folder.broken_model, *HOW, "--layer", "0", "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["statuses"] == {"failed": 1, "pending": 5}


def test_skipped_images_end_with_0_and_a_count(folder: Any) -> None:
    (folder.path / "photos" / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    done = folder.milan("describe", folder.model, *HOW, "--layer", "0")
    assert done.exit_code == 0
    assert "from 9 of 10 images" in done.stdout
    assert "skipped cut.jpg: " in done.stdout


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("milan.uses.describe_network", interrupted)
    done = folder.milan("describe", folder.model, *HOW)
    assert done.exit_code == 130
    assert "run the same command to go on" in done.stderr


def test_a_dry_run_states_the_work_and_writes_nothing(folder: Any) -> None:
    done = folder.milan("describe", folder.model, *HOW, "--layer", "0", "--dry-run", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["images"] == 9
    assert not (folder.path / "units.db").exists()


def test_every_command_and_option_has_a_line_of_help() -> None:
    import typer.main

    group = typer.main.get_command(app)
    for command in [*group.commands.values(), *group.commands["captioner"].commands.values()]:  # type: ignore[attr-defined]
        assert command.help, command.name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{command.name} {parameter.name}"
