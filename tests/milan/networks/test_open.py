"""Specs, names and what is said aloud."""

from pathlib import Path

import pytest
import torch
from torch import nn

from milan.errors import BadSetting, NetworkError, UnknownName, UsageError, WeightsMismatch
from milan.networks import Opened, Request, open_network, source

FACTORY = """
from torch import nn

def make():
    return nn.Sequential(nn.Conv2d({channels}, 4, 3), nn.ReLU(inplace=True))

def fail():
    raise ValueError("no weights\\nsecond line")

def text():
    return "a network"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with the user's own module in it, of another name each time."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_factory(folder: Path, name: str, channels: int = 3) -> None:
    (folder / f"{name}.py").write_text(FACTORY.format(channels=channels))


def test_a_factory_in_the_current_folder_is_opened_for_running(here: Path) -> None:
    write_factory(here, "opened_nets")
    network = open_network("opened_nets:make")
    assert network.name == "make"
    assert not network.module.training
    assert not any(parameter.requires_grad for parameter in network.module.parameters())
    assert network.layer("0").grid == (222, 222)


def test_a_factory_of_a_notebook_or_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("__main__.make_net", lambda: nn.Sequential(nn.Conv2d(3, 4, 1)), raising=False)
    monkeypatch.setattr("__main__.__spec__", None)
    assert open_network("__main__:make_net", size=(8, 8)).layer("0").n_units == 4


def test_what_is_assumed_of_a_factory_is_said(here: Path) -> None:
    write_factory(here, "assumed_nets", channels=1)
    network = open_network("assumed_nets:make")
    assert network.preprocessing.channels == 1
    assert network.notes == (
        "no preprocessing known for assumed_nets:make: "
        "using 224 pixels and ImageNet's mean and deviation over all channels",
    )
    told = open_network("assumed_nets:make", size=(32, 48), mean=(0.1,), std=(0.2,))
    assert told.notes == ()
    assert told.preprocessing.size == (32, 48)
    assert (told.preprocessing.mean, told.preprocessing.std) == ((0.1,), (0.2,))


def test_five_channels(here: Path) -> None:
    write_factory(here, "five_nets", channels=5)
    network = open_network("five_nets:make", size=(16, 16))
    assert network.preprocessing.channels == 5
    assert network.layer("0").grid == (14, 14)


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("broken_nets:fail", r"broken_nets:fail\(\) failed: ValueError: no weights$"),
        ("broken_nets:text", "returns a torch.nn.Module, got str"),
        ("broken_nets:mak", "no factory 'mak'. Did you mean 'make'"),
        ("no.such.module:make", r"no module 'no'\. A module is looked for in the current folder"),
        ("torch.nnn:make", r"no module 'torch\.nnn'\. Did you mean 'torch\.nn'"),
        ("broken_net:make", r"and no module 'broken_net'\. Did you mean 'broken_nets'.*current folder"),
        ("needy.nets:make", "needy.nets cannot be imported: ModuleNotFoundError: No module named 'absent'"),
    ],
)
def test_a_factory_that_makes_no_network_is_explained(here: Path, target: str, complaint: str) -> None:
    write_factory(here, "broken_nets")
    (here / "needy").mkdir()
    (here / "needy" / "nets.py").write_text("import absent")
    with pytest.raises((NetworkError, UnknownName), match=complaint):
        open_network(target)


def test_a_weights_file_replaces_the_networks_own(here: Path) -> None:
    write_factory(here, "trained_nets")
    trained = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    torch.save(trained.state_dict(), here / "trained.pth")
    network = open_network("trained_nets:make", weights=here / "trained.pth")
    assert torch.equal(network.module.get_submodule("0").weight, trained[0].weight)
    with pytest.raises(WeightsMismatch, match="weights of another network"):
        open_network("torchvision:resnet18", weights=here / "trained.pth")
    with pytest.raises(NetworkError, match=r"no weights file 'missing\.pth'"):
        open_network("trained_nets:make", weights=Path("missing.pth"))


def test_random_weights_are_the_same_each_time_and_leave_the_callers_randomness_alone() -> None:
    state = torch.random.get_rng_state()
    first = open_network("torchvision:squeezenet1_1", weights="random")
    assert torch.equal(state, torch.random.get_rng_state())
    torch.rand(1)
    assert open_network("torchvision:squeezenet1_1", weights="random").weights_hash == first.weights_hash


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("resnet50", r"A network is written .*torchvision:resnet50.* FILE.pt2 or edited:DIR; got 'resnet50'"),
        ("torchvison:resnet50", "no kind of network and no module 'torchvison'. Did you mean 'torchvision'"),
        ("torchvision:resnet5", "no torchvision network 'resnet5'. Did you mean 'resnet50'"),
        ("timm:vit_tiny_patch16", "no timm network 'vit_tiny_patch16'. Did you mean 'vit_tiny_patch16_"),
        (
            "builtin:efficientnet-lite7",
            "no builtin network 'efficientnet-lite7'. Did you mean 'efficientnet-lite",
        ),
        ("timm:", "got 'timm:'"),
        ("", "got ''"),
    ],
)
def test_a_spec_that_is_not_understood_names_the_nearest(spec: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        open_network(spec)
    assert "\n" not in str(caught.value)


def test_a_name_given_by_the_user(here: Path) -> None:
    write_factory(here, "named_nets")
    assert open_network("named_nets:make", name="mine").name == "mine"
    for bad in ("", "a/b"):
        with pytest.raises(BadSetting, match="holds no slash and is not empty"):
            open_network("named_nets:make", name=bad)


def test_a_device_that_is_not_there(here: Path) -> None:
    write_factory(here, "device_nets")
    with pytest.raises(BadSetting, match=r"device 'gpu' cannot be used .* use cpu, cuda, cuda:1 or mps"):
        open_network("device_nets:make", device="gpu")


def test_a_registered_scheme_opens_networks_and_is_taken_once() -> None:
    @source("testonly", form="testonly:WIDTH")
    def open_testonly(request: Request) -> Opened:
        return Opened(nn.Sequential(nn.Conv2d(3, int(request.target), 1)), input_size=(8, 8))

    assert open_network("testonly:6").layer("0").n_units == 6
    with pytest.raises(ValueError, match="'testonly' is already taken by"):
        source("testonly", form="testonly:WIDTH")(open_testonly)
