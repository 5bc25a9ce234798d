import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch

import captioner
from captioner.backbone import Backbone
from captioner.classes import ClassKnowledge
from captioner.drawings import Drawings, DrawnThing
from captioner.dual import DualEncoder, ProjectorShape, RegionProjector
from captioner.errors import NoOtherHead, UnknownCaptioner, WeightsError
from captioner.own import OwnCaptioner
from captioner.pretrained import (
    open_captioner,
    open_encoder,
    open_simulator,
    save_encoder,
)
from captioner.quantised import packed, unpacked


@pytest.fixture
def saved(tiny: OwnCaptioner, eye: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("captioner.pretrained.open_backbone", lambda name: eye)
    tiny.save_pretrained(tmp_path / "head")
    return tmp_path / "head"


def test_a_head_comes_back_from_its_folder(saved: Path, tiny: OwnCaptioner) -> None:
    again = OwnCaptioner.from_pretrained(saved)
    regions = np.random.default_rng(0).normal(size=(3, tiny.reader.n_features)).astype(np.float32)
    phrases = ["a red bus", "a dog"]
    (before,), (after,) = (c.log_p_given([regions], [phrases]) for c in (tiny, again))
    np.testing.assert_allclose(after.total, before.total, rtol=0.01)  # kept in half precision
    assert sorted(path.name for path in saved.iterdir()) == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "words.txt",
    ]


def test_what_a_head_knows_of_drawings_lies_beside_it(saved: Path, tiny: OwnCaptioner) -> None:
    assert OwnCaptioner.from_pretrained(saved).encoder.drawings is None
    n = tiny.reader.n_features
    tiny.encoder.drawings = Drawings(
        (DrawnThing(("a ghost",)),),
        torch.ones(1, n),
        torch.ones(2, n),
        torch.ones(1, 2),
        torch.ones(1, 384),
        torch.zeros(2),
        torch.zeros(n),
        torch.ones(n),
    )
    tiny.save_pretrained(saved)
    for opened in (OwnCaptioner.from_pretrained(saved).encoder, open_encoder(str(saved))):
        assert isinstance(opened, DualEncoder)
        assert opened.drawings is not None
        assert opened.drawings.things == (DrawnThing(("a ghost",)),)


def test_captioner_and_encoder_of_one_folder_share_a_reader(saved: Path) -> None:
    assert open_encoder(str(saved)).reader is open_captioner(str(saved)).reader


def test_a_folder_that_lacks_something_says_what(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match=r"config\.json, model\.safetensors, tokenizer\.json missing"):
        open_captioner(str(tmp_path / "empty"))
    config = json.loads((saved / "config.json").read_text())
    config["decoder"]["width"] = 64
    (saved / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="does not fit"):
        open_captioner(str(saved))


def test_damaged_files_are_named(saved: Path) -> None:
    whole = (saved / "model.safetensors").read_bytes()
    (saved / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match=r"model\.safetensors is damaged"):
        open_captioner(str(saved))
    (saved / "config.json").write_text('{"format": 1,')
    with pytest.raises(WeightsError, match=r"config\.json is damaged"):
        open_captioner(str(saved))


def test_a_folder_of_another_format_is_refused(saved: Path) -> None:
    (saved / "config.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(WeightsError, match="format 99"):
        open_captioner(str(saved))


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownCaptioner, match="default, lite1, lite0"):
        open_captioner("lite7")


def test_a_network_is_not_described_through_its_own_eyes(saved: Path, eye: Backbone) -> None:
    with pytest.raises(NoOtherHead, match="take another"):
        open_captioner(str(saved), avoid=eye.tensor_hashes)


def test_hub_names_go_to_the_hub_and_may_not_be_the_network_that_is_described(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(kind: str) -> Callable[[str], SimpleNamespace]:
        reader = SimpleNamespace(tensor_hashes=frozenset({"eye"}))
        return lambda name: SimpleNamespace(kind=kind, name=name, reader=reader)

    hub = ModuleType("captioner.hub")
    hub.open_hub_captioner = opened("captioner")  # type: ignore[attr-defined]
    hub.open_hub_encoder = opened("encoder")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "captioner.hub", hub)
    assert open_captioner("hf:some/blip").name == "some/blip"
    assert open_encoder("hf:some/clip", frozenset({"other"})).name == "some/clip"
    for opener in (open_captioner, open_encoder):
        with pytest.raises(NoOtherHead, match="reads with the network"):
            opener("hf:some/model", frozenset({"eye"}))


def test_an_encoder_alone_is_kept_and_opened_without_a_decoder(
    tiny: OwnCaptioner, eye: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("captioner.pretrained.open_backbone", lambda name: eye)
    monkeypatch.setattr("captioner.pretrained.data_file", lambda relative: tmp_path / relative)
    save_encoder(tiny.encoder, tmp_path / "captioner" / "lite2")
    features = np.random.default_rng(0).random((5, eye.n_features)).astype(np.float32)
    again = open_encoder("lite2")
    np.testing.assert_allclose(again.embed_regions(features), tiny.encoder.embed_regions(features), atol=0.02)


def test_whoever_measures_never_shares_eyes_with_network_or_explainer(
    tiny: OwnCaptioner, eye: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("captioner.pretrained.open_backbone", lambda name: eye)
    with pytest.raises(NoOtherHead, match="--simulator"):
        open_simulator(avoid=eye.tensor_hashes)


def test_what_the_classifier_knows_is_kept_with_the_weights(eye: Backbone, tmp_path: Path) -> None:
    names = torch.randn(1000, 16)
    classes = ClassKnowledge(eye.module.get_submodule("classifier"), names)
    projector = RegionProjector(ProjectorShape(eye.n_features, dim=16, n_classes=1000), classes)
    again = RegionProjector(
        projector.shape, ClassKnowledge(eye.module.get_submodule("classifier"), torch.zeros(1000, 16))
    )
    again.load_state_dict(unpacked(packed(projector.state_dict())))
    features = torch.rand(4, eye.n_features)
    np.testing.assert_allclose(
        again.eval()(features).detach().numpy(), projector.eval()(features).detach().numpy(), atol=0.02
    )


def test_a_packed_number_is_off_by_less_than_a_hundredth_of_its_row() -> None:
    state = {"matrix": torch.randn(6, 50), "bias": torch.randn(6)}
    again = unpacked(packed(state))
    largest = state["matrix"].abs().amax(1, keepdim=True)
    assert ((again["matrix"] - state["matrix"]).abs() <= largest / 250).all()
    assert torch.allclose(again["bias"], state["bias"], atol=2e-3)
    assert packed(state)["matrix"].dtype is torch.int8


def test_our_own_captioner_is_opened_by_name_or_folder_and_by_no_other(saved: Path) -> None:
    assert captioner.Captioner is OwnCaptioner
    assert captioner.Captioner.from_pretrained(str(saved)).words.encode("a dog")
    with pytest.raises(UnknownCaptioner, match="lite1"):
        captioner.Captioner.from_pretrained("lite9")
    with pytest.raises(UnknownCaptioner, match="open_captioner"):
        captioner.Captioner.from_pretrained("hf:someone/blip")
    with pytest.raises(WeightsError, match="missing"):
        captioner.Captioner.from_pretrained(saved.parent)
