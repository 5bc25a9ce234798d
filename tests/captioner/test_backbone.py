import copy

import numpy as np
import pytest
import timm
import torch
from sklearn.datasets import load_sample_image

from captioner.backbone import BACKBONES, Backbone, open_backbone
from captioner.errors import CaptionerError
from captioner.protocols import Reader


def random_picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_a_backbone_is_a_reader(eye: Backbone) -> None:
    assert isinstance(eye, Reader)


def test_regions_of_one_picture_share_its_only_forward_pass(
    eye: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    eye.module.get_submodule("conv_stem").register_forward_hook(
        lambda m, args, out: seen.append(len(args[0]))
    )
    masks = np.random.default_rng(0).random((7, 9, 9), np.float32)
    features = eye.read([random_picture(40, 60), random_picture(20, 30)], [masks, masks[:2]])
    assert [found.shape for found in features] == [(7, eye.n_features), (2, eye.n_features)]
    assert seen == [2]


def test_a_mask_of_zeros_stands_for_the_whole_picture(eye: Backbone) -> None:
    masks = np.stack([np.zeros((8, 8)), np.ones((8, 8))]).astype(np.float32)
    (features,) = eye.read([random_picture(32, 32)], [masks])
    np.testing.assert_allclose(features[0], features[1], rtol=1e-4, atol=1e-5)


def test_the_size_of_a_mask_s_weights_does_not_matter(eye: Backbone) -> None:
    mask = np.random.default_rng(1).random((1, 8, 8), np.float32)
    (features,) = eye.read([random_picture(32, 32)], [np.concatenate([mask, mask * 50])])
    np.testing.assert_allclose(features[0], features[1], rtol=1e-4, atol=1e-5)


def test_halves_of_a_picture_average_to_the_whole(eye: Backbone) -> None:
    left, whole = np.zeros((32, 32), np.float32), np.ones((32, 32), np.float32)
    left[:, :16] = 1
    (features,) = eye.read([random_picture(32, 32)], [np.stack([left, whole - left, whole])])
    first = eye.widths[0]  # fine enough that the border between the halves falls between cells
    np.testing.assert_allclose(features[:2, :first].mean(0), features[2, :first], rtol=0.05, atol=0.01)


def test_a_pixel_of_a_mask_is_kept_on_the_coarsest_grid(eye: Backbone) -> None:
    dot, other = np.zeros((1, 56, 56), np.float32), np.zeros((1, 56, 56), np.float32)
    dot[0, 3, 3] = 1
    other[0, 50, 50] = 1
    (features,) = eye.read([random_picture(32, 32)], [np.concatenate([dot, other])])
    assert np.abs(features[0] - features[1]).max() > 1e-3


def test_a_picture_reads_alike_alone_and_among_others(eye: Backbone) -> None:
    pictures = [random_picture(30, 30, seed) for seed in range(20)]
    masks = [np.ones((1, 4, 4), np.float32)] * 20
    together = eye.read(pictures, masks)
    alone = eye.read(pictures[17:18], masks[:1])
    np.testing.assert_allclose(together[17], alone[0], rtol=1e-4, atol=1e-5)


def test_features_are_those_of_the_network_as_it_is_published() -> None:
    torch.manual_seed(0)
    module = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    for part in module.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.normal_(std=0.1)
            part.running_var.uniform_(0.5, 2)
    published = copy.deepcopy(module).eval()
    picture = random_picture(64, 64)
    (features,) = Backbone("lite0", module, 64).read([picture], [np.ones((1, 2, 2), np.float32)])
    pixels = (torch.from_numpy(picture).permute(2, 0, 1)[None].float() - 127) / 128
    with torch.inference_mode():
        expected = published.forward_features(pixels).mean((2, 3)).numpy()
    assert expected.std() > 0.01
    np.testing.assert_allclose(features[:, -1280:], expected, rtol=1e-3, atol=1e-5)


def test_an_unknown_backbone_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CaptionerError, match="lite0, lite1, lite2"):
        open_backbone("lite9")


def test_the_packaged_network_knows_a_flower() -> None:
    backbone = open_backbone("lite0")
    (features,) = backbone.read([load_sample_image("flower.jpg")], [np.ones((1, 7, 7), np.float32)])
    last = torch.from_numpy(features[:, -backbone.widths[-1] :])
    chances = backbone.module.get_submodule("classifier")(last).softmax(1)[0]
    assert int(chances.argmax()) == 985  # daisy, the nearest that ImageNet has
    assert backbone.n_features == 1776
    assert set(BACKBONES) == {"lite0", "lite1", "lite2"}


def test_all_who_ask_share_one_reader() -> None:
    assert open_backbone("lite0") is open_backbone("lite0")
