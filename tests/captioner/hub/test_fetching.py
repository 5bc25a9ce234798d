"""Where a pretrained model comes from, and what is said when it cannot be had."""

from pathlib import Path

import pytest

from captioner.errors import CaptionerError
from captioner.hub import open_hub_captioner, open_hub_encoder
from captioner.hub.fetching import default_device, fetch, hub_name


class Shelf:
    """A loader that has some models here and some far away, and notes each call."""

    def __init__(self, here: set[str], far: set[str], error: Exception | None = None) -> None:
        self.here, self.far, self.error = here, far, error or OSError("no such model\nlong advice")
        self.calls: list[bool] = []

    def from_pretrained(self, source: str, local_files_only: bool = False) -> str:
        self.calls.append(local_files_only)
        if source in (self.here if local_files_only else self.here | self.far):
            return source
        raise self.error


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MILAN_OFFLINE", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def test_what_is_here_is_never_asked_of_the_hub() -> None:
    shelf = Shelf({"a/b"}, set())
    assert fetch(shelf, "a/b") == "a/b"
    assert shelf.calls == [True]


def test_the_hub_is_asked_second() -> None:
    shelf = Shelf(set(), {"a/b"})
    assert fetch(shelf, "a/b") == "a/b"
    assert shelf.calls == [True, False]


@pytest.mark.parametrize("variable", ["MILAN_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_never_asks_the_hub(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    shelf = Shelf(set(), {"a/b"})
    with pytest.raises(CaptionerError, match="hf:a/b is not on this machine, and MILAN_OFFLINE"):
        fetch(shelf, "a/b")
    assert shelf.calls == [True]


def test_a_model_that_is_nowhere_is_one_clear_line() -> None:
    with pytest.raises(CaptionerError) as error:
        fetch(Shelf(set(), set()), "a/b")
    assert (
        str(error.value)
        == "hf:a/b is neither on this machine nor to be had from the model hub: no such model"
    )


def test_a_missing_package_is_named() -> None:
    shelf = Shelf(set(), set(), ImportError("\nInstall it with `pip install num2words`."))
    with pytest.raises(
        CaptionerError, match="hf:a/b needs a package: Install it with `pip install num2words`"
    ):
        fetch(shelf, "a/b")


def test_an_empty_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CaptionerError, match="cannot be opened") as error:
        open_hub_encoder(str(tmp_path), device="cpu")
    assert "\n" not in str(error.value)


def test_an_encoder_is_refused_as_a_captioner(clip_folder: Path) -> None:
    with pytest.raises(CaptionerError, match="is a 'clip' model, which does not caption"):
        open_hub_captioner(str(clip_folder), device="cpu")


def test_a_folder_is_named_by_its_last_part(tmp_path: Path) -> None:
    assert hub_name(str(tmp_path)) == f"hf:{tmp_path.name}"
    assert hub_name("openai/clip-vit-base-patch32") == "hf:openai/clip-vit-base-patch32"


def test_the_device_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILAN_DEVICE", "cpu")
    assert default_device() == "cpu"
