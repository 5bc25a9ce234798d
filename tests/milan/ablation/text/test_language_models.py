"""What a causal language model loses with units switched off: perplexity and accuracy of given text."""

import json
import math
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner, Result

from milan.ablation.text import LanguageTask, removal_curve
from milan.errors import DataError, NetworkError
from milan.networks.interventions import change
from milan.networks.text import TextNetwork, open_text_network
from milan.records import Edit
from milan.surfaces.cli import app
from tests.milan.explainers.conftest import writer_folder
from tests.milan.extraction.conftest import encoder_folder

__all__ = ["encoder_folder", "writer_folder"]  # fixtures

TEXT = [["the", "dogs"], ["1", "2", "3", "4", "5"], [], ["yes"], ["no", "cats", "past", "the", "dogs"]]


@pytest.fixture(scope="module")
def network(writer_folder: Path) -> TextNetwork:
    return open_text_network(f"hf:{writer_folder}")


def test_sentences_cost_together_what_each_costs_alone(network: TextNetwork, writer_folder: Path) -> None:
    task = LanguageTask.of(network, TEXT)
    counts = task.run()["perplexity"]
    headed = AutoModelForCausalLM.from_pretrained(writer_folder).requires_grad_(False)
    assert len(task.sentences) == 3  # an empty one, and one of a single token, are left out
    for tokens, (nats, right, n) in zip(task.sentences, counts, strict=True):
        given = torch.tensor([tokens])
        logits = headed(input_ids=given).logits[0, :-1]
        costs = torch.nn.functional.cross_entropy(logits, given[0, 1:], reduction="sum")
        assert nats == pytest.approx(float(costs), abs=1e-4)
        assert right == int((logits.argmax(1) == given[0, 1:]).sum())
        assert n == len(tokens) - 1


def test_units_that_are_changed_change_what_is_foretold(network: TextNetwork) -> None:
    task = LanguageTask.of(network, TEXT)
    before = task.run()["perplexity"]
    with change(network, [Edit.zero("layers.1", range(16))]):
        silent = task.run()["perplexity"]
    assert silent[1, 0] == pytest.approx(4 * math.log(21), rel=1e-5)  # nothing is likelier than anything else
    np.testing.assert_array_equal(task.run()["perplexity"], before)


def test_a_curve_has_the_models_own_qualities(network: TextNetwork) -> None:
    task = LanguageTask.of(network, TEXT)
    intact, *_, all_gone = removal_curve(task, "layers.1", range(16), [4, 16], n_random=1)
    assert list(intact.quality) == list(all_gone.lost) == ["perplexity", "accuracy"]
    assert all_gone.quality["perplexity"].value == pytest.approx(21, rel=1e-4)


def test_what_foretells_nothing_is_refused(network: TextNetwork, encoder_folder: Path) -> None:
    with pytest.raises(NetworkError, match="without the head of a causal language model"):
        LanguageTask.of(open_text_network(f"hf:{encoder_folder}"), TEXT)
    with pytest.raises(DataError, match="no sentence of two tokens"):
        LanguageTask.of(network, [["yes"], []])


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["text", "ablate", *map(str, arguments)])


@pytest.fixture
def learn(tmp_path: Path) -> Path:
    """Digits are numbers, and all else is nouns."""
    rng, rows = np.random.default_rng(0), []
    for _ in range(40):
        for place, word in enumerate(rng.choice([*"0123456789", "dogs", "cats", "words"], 6), 1):
            tag = "NUM" if word.isdigit() else "NOUN"
            rows.append(f"{place}\t{word}\t{word}\t{tag}\t_\t_\t0\tdep\t_\t_")
        rows.append("")
    (tmp_path / "learn.conllu").write_text("\n".join(rows) + "\n")
    return tmp_path / "learn.conllu"


def test_the_command_ranks_by_tags_or_by_another_model_and_keeps_it_in_a_catalog(
    writer_folder: Path, learn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "texts.txt").write_text("the dogs 1 2 3\n\nno cats past the dogs\n")
    model, common = (
        f"hf:{writer_folder}",
        ("--learn", learn, "--texts", tmp_path / "texts.txt", "--random", "1"),
    )
    done = run(model, *common, "--by", "lca", "--catalog", tmp_path / "units.db", "--name", "writer")
    assert done.exit_code == 0, done.output
    assert "perplexity" in done.stdout
    assert "BLEU" not in done.stdout
    assert "of writer kept in" in done.stderr
    other = f"hf:{copytree(writer_folder, tmp_path / 'other')}"
    trained = AutoModelForCausalLM.from_pretrained(writer_folder).requires_grad_(False)
    trained.model.layers[0].mlp.up_proj.weight.neg_()
    trained.save_pretrained(tmp_path / "other")
    shared = run(model, *common, "--by", "maxcorr", "--against", other, "--units", "2", "--json")
    document = json.loads(shared.stdout)
    assert [(one["which"], one["n"]) for one in document] == [
        ("none", 0),
        ("top", 2),
        ("random", 2),
        ("bottom", 2),
    ]
    assert run(model, *common, "--by", "svcca", "--against", other, "--units", "2", "--json").exit_code == 0


def test_what_is_missing_for_a_language_model_is_told_in_a_line(
    writer_folder: Path, learn: Path, tmp_path: Path
) -> None:
    (tmp_path / "texts.txt").write_text("the dogs\n")
    model = f"hf:{writer_folder}"
    learning, texts = ("--learn", learn), ("--texts", tmp_path / "texts.txt")
    for arguments, code, said in (
        ((model, *learning), 2, "--texts FILE"),
        (learning, 2, "--test ENGLISH FRENCH"),
        ((model, "--learn", tmp_path / "texts.txt", *texts), 2, "ranks units by tags"),
        ((model, *learning, *texts, "--by", "maxcorr"), 2, "another training"),
        ((model, *learning, *texts, "--by", "maxcorr", "--against", model), 2, "the very weights"),
        ((model, *learning, *texts, "--layer", "layers.7"), 2, "Did you mean 'layers."),
        ((model, *learning, *texts, "--property", "Tense"), 2, "lemma, upos, xpos, deprel"),
    ):
        done = run(*arguments)
        assert done.exit_code == code, done.output
        assert said in done.stderr.strip().splitlines()[-1]
    (tmp_path / "empty").write_text("\n\n")
    empty = run("--learn", tmp_path / "empty", "--test", learn, learn)
    assert (empty.exit_code, "has no sentence to rank units on" in empty.stderr) == (1, True)
