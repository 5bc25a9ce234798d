"""From a network and a text file to a folder that the other text commands read."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from milan.surfaces.cli import app
from tests.milan.extraction.conftest import encoder_folder

__all__ = ["encoder_folder"]  # a fixture

TEXT = ["the dogs barked .", "", "the dog", "the dog", "שלום cats 👍🏽", "the \u200d cat"] * 12


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["text", *map(str, arguments)])


def write_text(folder: Path) -> Path:
    file = folder / "text.txt"
    file.write_text("\n".join(TEXT) + "\n", "utf-8")
    return file


def test_what_is_extracted_can_be_probed_and_correlated(encoder_folder: Path, tmp_path: Path) -> None:
    text = write_text(tmp_path)
    for name, weights in (("a", []), ("b", ["--weights", "random"])):
        done = run("extract", f"hf:{encoder_folder}", "--texts", text, "-o", tmp_path / name, *weights)
        assert done.exit_code == 0, done.output
    assert "156 words, 32 units of 2 layers, 12 words dropped" in done.stdout.replace("\n", " ")
    assert "sentence 6, word 2 ('\\u200d') became no token" in done.stderr
    compared = run("correlate", tmp_path / "a", tmp_path / "b", "--json")
    assert compared.exit_code == 0, compared.output
    probed = run("probe", tmp_path / "a", "--pattern", "dog|cat", "--least", "5", "--l1", "0.01")
    assert probed.exit_code == 1
    assert "cannot be split into three sides" in probed.stderr  # five different sentences are too few


def test_the_document_counts_words_units_and_what_was_dropped(encoder_folder: Path, tmp_path: Path) -> None:
    done = run(
        *("extract", f"hf:{encoder_folder}", "--texts", write_text(tmp_path), "-o", tmp_path / "out"),
        *("--layer", "encoder.layer.1", "--layer", "embeddings", "--json"),
    )
    document = json.loads(done.stdout)
    assert document["n_units"] == {"embeddings": 16, "encoder.layer.1": 16}
    assert (document["n_words"], len(document["dropped"])) == (156, 12)
    assert document["dropped"][0] == {
        "sentence": 5,
        "position": 1,
        "word": "\u200d",
        "reason": "became no token",
    }


def test_layers_are_listed_with_those_that_are_read_marked(encoder_folder: Path) -> None:
    told = run("layers", f"hf:{encoder_folder}").stdout
    assert "*  encoder.layer.1" in told
    listed = json.loads(run("layers", f"hf:{encoder_folder}", "--json").stdout)
    assert {"layer": "embeddings", "units": 16, "backward": 0, "worth_describing": False} in listed


def test_a_text_of_nothing_and_an_unknown_layer_are_refused_in_a_line(
    encoder_folder: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("\n \n\n", "utf-8")
    done = run("extract", f"hf:{encoder_folder}", "--texts", empty, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "has no words" in done.stderr
    done = run(
        *("extract", f"hf:{encoder_folder}", "--texts", write_text(tmp_path), "-o", tmp_path / "out"),
        *("--layer", "encoder.layer.2"),
    )
    assert done.exit_code == 2
    assert "Did you mean 'encoder.layer.1'?" in done.stderr.replace("\n", " ")
