import json

import numpy as np
import pytest
import torch

from milan.networks import open_generator
from milan.records.files import shipped_file
from milan.scenes.generator import ScenesGenerator, scenes_generator
from milan.scenes.latents import LATENT_SIZE, PICTURE_SIZE, PLACES, THINGS, draw_latent
from milan.scenes.train_generator import save, train

SPEC = "milan.scenes.generator:scenes_generator"


def latent(thing: str = "red_apple", place: str = "white", at: tuple[float, float] = (0, 0)) -> np.ndarray:
    found = np.zeros(LATENT_SIZE, np.float32)
    found[THINGS.index(thing)] = found[len(THINGS) + PLACES.index(place)] = 1.5
    found[-4:-2] = at
    return found


def test_a_latent_says_what_is_drawn_and_where():
    apple = draw_latent(latent())
    assert apple.shape == (PICTURE_SIZE, PICTURE_SIZE, 3)
    white = draw_latent(latent(at=(3, 3)))[:20, :20]
    assert (white > 240).all()
    red, green, _ = np.moveaxis(apple[28:36, 28:36].astype(int), 2, 0)
    assert (red - green).mean() > 60
    assert (draw_latent(latent(place="meadow")) != apple).mean() > 0.3
    np.testing.assert_array_equal(draw_latent(latent()), apple)


def test_every_thing_and_place_can_be_drawn():
    pictures = {draw_latent(latent(thing, place)).tobytes() for thing in THINGS for place in PLACES}
    assert len(pictures) == len(THINGS) * len(PLACES)


def test_the_shipped_generator_draws_what_its_latents_say():
    latents = np.random.default_rng(77).standard_normal((60, LATENT_SIZE), np.float32)
    drawn = np.stack([draw_latent(one) for one in latents]).astype(np.float32)
    with torch.inference_mode():
        made = scenes_generator()(torch.from_numpy(latents)).numpy()
    made = (made.transpose(0, 2, 3, 1) + 1) * 127.5
    errors = np.abs(made[:, None] - drawn[None]).mean((2, 3, 4))  # [made, drawn]
    assert (errors.argmin(axis=1) == np.arange(60)).mean() > 0.9
    assert errors.diagonal().mean() < 0.3 * errors.mean()


def test_the_shipped_files_are_small_and_say_what_they_are():
    weights = shipped_file("scenes_generator/model.safetensors")
    assert weights.stat().st_size < 3_000_000
    card = json.loads(shipped_file("scenes_generator/card.json").read_text(encoding="utf-8"))
    assert card["latent"]["things"] == list(THINGS)
    assert card["mean_absolute_error"] < 0.5 * card["mean_absolute_error_of_the_mean_picture"]


def test_it_opens_by_its_spec_and_the_end_of_its_stages_is_worth_describing():
    network = open_generator(SPEC, 4)
    assert network.generation is not None
    assert network.generation.latents.shape == (LATENT_SIZE,)
    found = {layer.name: layer for layer in network.layers()}
    assert "colours" not in found
    assert (found["stages.2"].n_units, found["stages.2"].grid) == (48, (32, 32))
    assert {name for name, layer in found.items() if layer.worth_describing} == {"stages"}


def test_training_again_with_the_same_seed_gives_the_same_weights_and_saves_them(tmp_path):
    first, second = (train(n_steps=4, seed=3, n_validation=8) for _ in range(2))
    for name, value in first.generator.state_dict().items():
        torch.testing.assert_close(value, second.generator.state_dict()[name], rtol=0, atol=0)
    assert first.error == pytest.approx(second.error)
    save(first, {"seed": 3}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"model.safetensors", "card.json"}
    assert isinstance(first.generator, ScenesGenerator)
