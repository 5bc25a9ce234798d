"""Every kind of spec, with the network's own preprocessing; nothing is downloaded."""

import socket
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import skimage.data
import torch
import torchvision
import transformers
from PIL import Image
from timm.data import ImageNetInfo, create_transform
from torch import nn

from milan.errors import NetworkError, UsageError
from milan.networks import Network, open_network, record

Wrap = Callable[..., Network]


def logits(network: Network, picture: Image.Image) -> torch.Tensor:
    inputs = torch.from_numpy(network.preprocessing.to_input(network.preprocessing.view(picture)))
    output = network.forward(inputs[None])
    assert isinstance(output, torch.Tensor)
    return output[0]


@pytest.mark.parametrize(
    ("photo", "classes"),
    [("chelsea", {"tabby, tabby cat", "tiger cat", "Egyptian cat"}), ("coffee", {"espresso"})],
)
def test_the_builtin_network_knows_what_is_in_a_photo(photo: str, classes: set[str]) -> None:
    network = open_network("builtin:efficientnet-lite0")
    best = logits(network, Image.fromarray(getattr(skimage.data, photo)())).argmax().item()
    assert ImageNetInfo().index_to_description(int(best)) in classes
    assert network.notes == ()


@pytest.mark.parametrize(("name", "size"), [("efficientnet-lite1", 240), ("efficientnet-lite2", 260)])
def test_larger_builtin_networks_have_larger_inputs(name: str, size: int) -> None:
    network = open_network(f"builtin:{name}")
    assert network.preprocessing.size == (size, size)
    assert "cat" in ImageNetInfo().index_to_description(
        int(logits(network, Image.fromarray(skimage.data.chelsea())).argmax())
    )


def test_torchvision_classifiers_use_the_transforms_of_their_weights() -> None:
    network = open_network("torchvision:resnet50", weights="random")
    photo = Image.fromarray(skimage.data.coffee())
    expected = torchvision.models.ResNet50_Weights.DEFAULT.transforms()(photo)
    ours = network.preprocessing.to_input(network.preprocessing.view(photo))
    assert np.abs(ours - expected.numpy()).max() <= 1.01 / 255 / 0.224


def test_timm_networks_use_their_data_configuration() -> None:
    network = open_network("timm:mobilenetv3_small_050", weights="random")
    photo = Image.fromarray(skimage.data.coffee())
    expected = create_transform(input_size=(3, 224, 224), interpolation="bicubic", crop_pct=0.875)(photo)
    ours = network.preprocessing.to_input(network.preprocessing.view(photo))
    assert np.abs(ours - expected.numpy()).max() <= 1.01 / 255 / 0.224


def test_a_timm_vit_is_built_for_the_requested_size() -> None:
    network = open_network("timm:vit_tiny_patch16_224", weights="random", size=(32, 64))
    assert network.layer("blocks.0.mlp.fc1").grid == (2, 4)


def test_weights_that_cannot_be_downloaded_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no route to host\nat all")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub.download_url_to_file", refuse)
    with pytest.raises(
        NetworkError, match=r"cannot be downloaded \(no route to host\): give .*--weights"
    ) as told:
        open_network("torchvision:resnet18")
    assert "\n" not in str(told.value)
    monkeypatch.setattr("timm.create_model", refuse)
    with pytest.raises(NetworkError, match=r"with its own weights \(no route to host\): give .*--weights"):
        open_network("timm:resnet18")


@pytest.mark.parametrize("spec", ["timm:resnet18", "hf:someone/some-network"])
def test_a_hub_that_cannot_be_found_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spec: str
) -> None:
    def not_found(*_: object, **__: object) -> None:
        raise socket.gaierror("name or service not known")

    for proxy in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.upper(), raising=False)
    monkeypatch.setattr("socket.getaddrinfo", not_found)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    # the machine may be set to offline work: what is tested is a user who has not said so
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail(f"waits {seconds} s"))
    with pytest.raises(NetworkError, match="cannot be opened") as told:
        open_network(spec)
    assert "\n" not in str(told.value)
    assert not huggingface_hub.constants.HF_HUB_OFFLINE, "left as it was"


def test_nothing_is_downloaded_when_the_user_forbids_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MILAN_OFFLINE", "1")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub.download_url_to_file", lambda *_, **__: pytest.fail("downloads"))
    with pytest.raises(NetworkError, match="MILAN_OFFLINE is set and the weights of torchvision:resnet18"):
        open_network("torchvision:resnet18")


def test_a_segmenter_returns_its_maps_by_name() -> None:
    network = open_network("torchvision:lraspp_mobilenet_v3_large", weights="random", size=(64, 96))
    out = network.layer("[out]")
    assert (out.n_units, out.grid, out.kind) == (21, (64, 96), "conv")
    heard: list[torch.Size] = []
    with record(network, [out, network.layer("backbone[high]")], lambda _, maps: heard.append(maps.shape)):
        network.forward(torch.randn(3, 3, 64, 96))
    assert heard == [(3, 960, 4, 6), (3, 21, 64, 96)]


def test_a_detector_is_described_up_to_its_proposals(wrap: Wrap) -> None:
    detector = torchvision.models.detection.fasterrcnn_mobilenet_v3_large_320_fpn(
        weights=None, weights_backbone=None, min_size=64, max_size=64
    )
    network = wrap(detector, size=(64, 64))
    assert network.layer("backbone.fpn[0]").n_units == 256
    assert network.layer("backbone.body.16").worth_describing
    assert not any(layer.name.startswith("roi_heads") for layer in network.layers())
    detections = network.forward(torch.rand(2, 3, 64, 64))
    assert isinstance(detections, list)
    assert set(detections[0]) == {"boxes", "labels", "scores"}


@pytest.fixture
def vit_folder(tmp_path: Path) -> Path:
    config = transformers.ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=40,
        image_size=32,
        patch_size=8,
        num_labels=5,
    )
    transformers.ViTForImageClassification(config).save_pretrained(tmp_path / "tiny-vit")
    return tmp_path / "tiny-vit"


def test_a_transformers_classifier_uses_its_image_processor(vit_folder: Path) -> None:
    processor = transformers.ViTImageProcessor(size={"height": 32, "width": 32}, image_mean=[0.4, 0.5, 0.6])
    processor.save_pretrained(vit_folder)
    network = open_network(f"hf:{vit_folder}")
    assert network.name == "tiny-vit"
    assert network.notes == ()
    photo = Image.fromarray(skimage.data.coffee())
    expected = processor(photo, return_tensors="np")["pixel_values"][0]
    ours = network.preprocessing.to_input(network.preprocessing.view(photo))
    assert np.abs(ours - expected).max() <= 2.01 / 255 / 0.5, "two filters' roundings"
    assert network.layer("[logits]").n_units == 5
    hidden = [layer for layer in network.layers() if layer.worth_describing and layer.n_units == 40]
    assert [layer.grid for layer in hidden] == [(4, 4)]


def test_a_transformers_folder_without_processor_says_what_is_assumed(vit_folder: Path) -> None:
    network = open_network(f"hf:{vit_folder}")
    assert network.preprocessing.size == (32, 32)
    assert len(network.notes) == 1
    assert network.notes[0].endswith("using ImageNet's mean and deviation")


def test_transformers_weights_that_are_missing_are_said(vit_folder: Path) -> None:
    config = transformers.AutoConfig.from_pretrained(vit_folder)
    config.architectures = ["ViTModel"]
    config.save_pretrained(vit_folder)
    network = open_network(f"hf:{vit_folder}")
    assert any("weights are not in" in note and "stay random: pooler" in note for note in network.notes)


def test_weights_of_half_precision_run_in_32_bits(vit_folder: Path) -> None:
    half = transformers.ViTForImageClassification.from_pretrained(vit_folder).to(torch.bfloat16)
    half.save_pretrained(vit_folder)
    network = open_network(f"hf:{vit_folder}")
    assert {parameter.dtype for parameter in network.module.parameters()} == {torch.float32}
    assert network.layer("[logits]").n_units == 5


def test_a_text_network_takes_no_pictures(tmp_path: Path) -> None:
    config = transformers.BertConfig(
        vocab_size=10, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    transformers.BertModel(config).save_pretrained(tmp_path)
    with pytest.raises(NetworkError, match="takes input_ids, not pictures"):
        open_network(f"hf:{tmp_path}")


def test_the_seeing_half_of_a_clip_is_opened(tmp_path: Path) -> None:
    half = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 16}
    config = transformers.CLIPConfig(
        vision_config={**half, "image_size": 16, "patch_size": 8}, text_config={**half, "vocab_size": 10}
    )
    transformers.CLIPModel(config).save_pretrained(tmp_path / "both")
    network = open_network(f"hf:{tmp_path / 'both'}")
    assert network.layer("encoder.layers.0.mlp.fc1").grid == (2, 2)
    transformers.CLIPForImageClassification(config).save_pretrained(tmp_path / "classifier")
    assert open_network(f"hf:{tmp_path / 'classifier'}").layer("[logits]").n_units == config.num_labels


@pytest.mark.parametrize(
    ("processor", "size", "resize", "squash"),
    [
        (transformers.ViTImageProcessor(), (224, 224), (224, 224), True),
        (transformers.CLIPImageProcessor(), (224, 224), (224, 224), False),
        (transformers.ConvNextImageProcessor(size={"shortest_edge": 224}), (224, 224), (256, 256), False),
        (transformers.ConvNextImageProcessor(size={"shortest_edge": 384}), (384, 384), (384, 384), True),
        (transformers.EfficientNetImageProcessor(do_center_crop=True), (289, 289), (346, 346), True),
    ],
)
def test_the_geometries_of_image_processors(
    vit_folder: Path,
    processor: transformers.BaseImageProcessor,
    size: tuple[int, int],
    resize: tuple[int, int],
    squash: bool,
) -> None:
    processor.save_pretrained(vit_folder)
    read = open_network(f"hf:{vit_folder}", weights="random").preprocessing
    assert (read.size, read.resize, read.squash) == (size, resize, squash)


def exported(path: Path, dynamic: bool) -> nn.Module:
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 3),
    ).eval()
    shapes = ({0: torch.export.Dim("image", min=1, max=512)},) if dynamic else None
    program = torch.export.export(module, (torch.randn(2, 1, 20, 24),), dynamic_shapes=shapes)
    torch.export.save(program, path)
    return module


def test_an_exported_program_is_listened_to_by_module(tmp_path: Path) -> None:
    module = exported(tmp_path / "net.v2.pt2", dynamic=True)
    network = open_network(str(tmp_path / "net.v2.pt2"))
    assert network.name == "net.v2"
    assert (network.preprocessing.size, network.preprocessing.channels) == ((20, 24), 1)
    inputs = torch.randn(5, 1, 20, 24)
    heard: dict[str, torch.Tensor] = {}
    with record(network, network.layers(), lambda layer, maps: heard.__setitem__(layer.name, maps.clone())):
        output = network.forward(inputs)
    assert torch.allclose(output, module(inputs), atol=1e-6)
    assert torch.allclose(heard["0.1"], module[0][:2](inputs), atol=1e-6), "before the in-place ReLU"
    assert [layer.name for layer in network.layers() if layer.worth_describing] == ["0", "3"]


def test_a_program_exported_for_one_batch_size_takes_no_other(tmp_path: Path) -> None:
    exported(tmp_path / "fixed.pt2", dynamic=False)
    network = open_network(str(tmp_path / "fixed.pt2"))
    assert network.batch_size == 2
    assert network.layer("0.0").grid == (18, 22)
    with pytest.raises(NetworkError, match="exported for batches of 2, got 3: run it with --batch-size 2"):
        network.forward(torch.randn(3, 1, 20, 24))


def test_files_that_are_no_exported_program(tmp_path: Path) -> None:
    (tmp_path / "text.pt2").write_text("no program")
    with pytest.raises(NetworkError, match=r"text.pt2 is not an exported program: save it with torch.export"):
        open_network(str(tmp_path / "text.pt2"))
    with pytest.raises(NetworkError, match=r"no file '.*gone\.pt2'"):
        open_network(str(tmp_path / "gone.pt2"))
    with pytest.raises(UsageError, match="holds its own weights"):
        open_network(str(tmp_path / "text.pt2"), weights="random")
