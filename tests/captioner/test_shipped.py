"""What ships is there, small enough, and good enough to be worth shipping."""

import json

import numpy as np
import pytest
import torch
from sklearn.datasets import load_sample_image

from captioner.bank import open_bank
from captioner.dual import DualEncoder
from captioner.files import data_file
from captioner.pretrained import ENCODERS, HEADS, open_captioner, open_encoder, open_simulator

WHOLE = np.ones((1, 7, 7), np.float32)


@pytest.fixture(scope="module")
def flower() -> np.ndarray:
    return load_sample_image("flower.jpg")


def test_all_that_ships_fits_its_budget() -> None:
    files = [file for file in data_file("captioner").rglob("*") if file.is_file()]
    assert {head for head in HEADS if data_file(f"captioner/{head}/model.safetensors") in files} == set(HEADS)
    assert sum(file.stat().st_size for file in files) <= 32 * 2**20


@pytest.mark.parametrize("head", HEADS)
def test_every_head_has_a_card_with_data_licence_command_and_figures(head: str) -> None:
    card = json.loads(data_file(f"captioner/{head}/card.json").read_text())
    assert card["licence"]
    assert len(card["data"]) > 5
    assert card["command"].startswith("python -m captioner.recipe")
    by_kind = {figures["kind"]: figures for figures in card["held_out"]}
    assert by_kind["caltech101"]["top1"] > 0.6
    assert by_kind["imagenet"]["top5"] > 0.3
    assert by_kind["camvid region"]["judged"] > 0.5


@pytest.mark.parametrize("head", ["lite1", "lite2"])
def test_explainer_and_simulator_know_drawings_and_take_no_photo_for_one(
    head: str, flower: np.ndarray
) -> None:
    encoder = open_encoder(head)
    assert isinstance(encoder, DualEncoder)
    assert encoder.drawings is not None
    named = {phrase for thing in encoder.drawings.things for phrase in thing.phrases}
    assert {"a ghost", "the letter a", "polka dots"} <= {name.lower() for name in named}
    (regions,) = encoder.reader.read([flower], [np.eye(49, dtype=np.float32).reshape(49, 7, 7)])
    assert not encoder.drawn(torch.from_numpy(regions)).any()
    card = json.loads(data_file(f"captioner/{head}/card.json").read_text())
    assert next(own["top1"] for own in card["held_out"] if own["kind"] == "emoji") > 0.5


@pytest.mark.parametrize("head", HEADS)
def test_a_photo_of_a_flower_is_called_a_flower(head: str, flower: np.ndarray) -> None:
    captioner = open_captioner(head)
    (regions,) = captioner.reader.read([flower], [WHOLE])
    (said,) = captioner.propose([regions], 5)
    assert any("flower" in phrase or "daisy" in phrase for phrase in said)
    phrases = ["a flower", "a truck", "a keyboard", "a dog's face"]
    (given,) = captioner.log_p_given([regions], [phrases])
    prior = captioner.log_p_prior(phrases)
    assert phrases[int(np.argmax(given.total - 0.2 * prior.total))] == "a flower"
    encoder = open_encoder(head)
    assert encoder.reader is captioner.reader
    bank = open_bank(encoder)
    found = bank.nearest(encoder.embed_regions(regions), 20).indices[0]
    assert any("flower" in bank.phrases[index] for index in found)


def test_the_default_gives_way_when_its_own_backbone_is_described() -> None:
    default = open_captioner()
    other = open_captioner(avoid=default.reader.tensor_hashes)
    assert (default.name, other.name) == HEADS
    assert open_encoder(avoid=default.reader.tensor_hashes).reader is other.reader


def test_the_simulator_looks_through_other_eyes_than_explainer_and_network(flower: np.ndarray) -> None:
    explainer, network = open_encoder("lite1").reader, open_encoder("lite0").reader
    simulator = open_simulator(avoid=explainer.tensor_hashes | network.tensor_hashes)
    assert simulator.name == ENCODERS[0]
    (regions,) = simulator.reader.read([flower], [WHOLE])
    phrases = ["a daisy", "a truck", "a keyboard"]
    likeness = simulator.embed_regions(regions) @ simulator.embed_phrases(phrases).T
    assert int(likeness.argmax()) == 0
