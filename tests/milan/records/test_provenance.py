from dataclasses import replace

import pytest

from milan.records import Provenance

MADE = Provenance(
    network_spec="torchvision:resnet18",
    weights_hash="w",
    preprocessing={"size": [224, 224]},
    dataset_hash="d",
    settings={"k": 15, "layers": ["layer1", "layer4"]},
    versions={"torch": "2"},
)


@pytest.mark.parametrize(
    "changed",
    [
        replace(MADE, weights_hash="x"),
        replace(MADE, preprocessing={"size": [224, 225]}),
        replace(MADE, dataset_hash="e"),
        replace(MADE, settings={**MADE.settings, "k": 16}),
    ],
)
def test_other_contents_or_settings_have_another_key(changed: Provenance) -> None:
    assert changed.key() != MADE.key()


def test_names_and_versions_do_not_change_the_key() -> None:
    renamed = replace(MADE, network_spec="builtin:same", versions={"torch": "3"})
    assert renamed.key() == MADE.key()


def test_a_layer_has_one_key_whichever_other_layers_were_looked_at() -> None:
    alone = replace(MADE, settings={"k": 15, "layers": ["layer4"]})
    assert MADE.for_layer("layer4").key() == alone.key()
