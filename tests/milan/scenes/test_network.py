import json

import numpy as np
import pytest
import torch

from milan.errors import DataError
from milan.records.files import shipped_file
from milan.scenes import SceneSettings, stream_scenes
from milan.scenes.classifier import network_input
from milan.scenes.network import OUTPUTS, SIZE, ScenesNetwork, scenes_network
from milan.scenes.train import labels_of, save, train


@pytest.fixture(scope="module")
def shipped() -> ScenesNetwork:
    return scenes_network()


def logits_for(network: ScenesNetwork, concept: str, seed: int = 50_000) -> np.ndarray:
    """Logits for scenes that show only this concept, on a background of any kind."""
    kind = concept.split(":", maxsplit=1)[0]
    settings = SceneSettings(
        size=SIZE, max_objects=1, kinds=(kind, "background"), concepts=frozenset({concept}), scale=(0.35, 0.6)
    )
    pictures = np.stack([s.picture.transpose(2, 0, 1) for s in stream_scenes(seed, 12, settings)])
    with torch.inference_mode():
        return network(network_input(pictures)).numpy()


@pytest.mark.parametrize("concept", [name for name in OUTPUTS if name.startswith(("emoji:", "shape:star"))])
def test_an_output_is_higher_on_scenes_of_its_concept_than_on_others(shipped, concept):
    other = "emoji:banana" if concept != "emoji:banana" else "emoji:house"
    unit = OUTPUTS.index(concept)
    assert (
        np.median(logits_for(shipped, concept)[:, unit]) > 0 > np.median(logits_for(shipped, other)[:, unit])
    )


def test_the_map_of_a_concept_peaks_where_the_concept_is(shipped):
    settings = SceneSettings(
        size=SIZE, max_objects=1, kinds=("emoji",), concepts=frozenset({"emoji:red_apple"}), scale=(0.35, 0.6)
    )
    hits = 0
    scenes = [scene for scene in stream_scenes(60_000, 20, settings) if scene.objects]
    for scene in scenes:
        with torch.inference_mode():
            maps = shipped.maps(shipped.stages(network_input(scene.picture.transpose(2, 0, 1)[None].copy())))
        row, column = divmod(int(maps[0, OUTPUTS.index("emoji:red_apple")].argmax()), maps.shape[-1])
        cell = SIZE // maps.shape[-1]
        hits += bool(
            scene.objects[0].mask[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell].any()
        )
    assert hits >= 0.8 * len(scenes)


def test_the_shipped_files_are_small_and_say_what_they_are():
    weights, card = shipped_file("scenes_network/model.safetensors"), shipped_file("scenes_network/card.json")
    assert weights.stat().st_size < 3_000_000
    said = json.loads(card.read_text(encoding="utf-8"))
    assert tuple(said["outputs"]) == OUTPUTS
    assert set(said["average_precision"]) == set(OUTPUTS)


def test_labels_say_which_concepts_and_colours_a_scene_shows():
    settings = SceneSettings(size=SIZE, max_objects=1, concepts=frozenset({"shape:star"}), kinds=("shape",))
    for scene in stream_scenes(0, 6, settings):
        expected = {item.concept for item in scene.objects} | {
            f"colour:{item.colour}" for item in scene.objects
        }
        shown = {name for name, label in zip(OUTPUTS, labels_of(scene), strict=True) if label}
        assert shown == expected & set(OUTPUTS)


def test_training_again_with_the_same_seed_gives_the_same_weights_and_saves_them(tmp_path):
    first, precisions = train(n_scenes=64, n_epochs=1, seed=3, n_validation=64)
    second, _ = train(n_scenes=64, n_epochs=1, seed=3, n_validation=64)
    for name, value in first.state_dict().items():
        torch.testing.assert_close(value, second.state_dict()[name], rtol=0, atol=0)
    save(first, precisions, {"seed": 3}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"model.safetensors", "card.json"}


def test_a_file_that_is_not_installed_is_said_with_its_name():
    with pytest.raises(DataError, match="scenes_network/other"):
        shipped_file("scenes_network/other.safetensors")
