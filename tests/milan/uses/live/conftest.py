"""Networks at hand: a classifier with a shortcut, and a reader that counts letters."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from milan.catalog import Catalog
from milan.describe.text.planted import write_text
from milan.networks import Network
from milan.networks.text import Encoded, TextNetwork, encode_each, open_text_network
from milan.uses.live import LivePictures, LiveTexts, make_live
from milan.uses.text import describe_texts, read_by
from tests.milan.uses.edit.conftest import folders, make_catalog, network

__all__ = ["folders", "make_catalog", "network"]  # fixtures


class Counter(nn.Module):
    """Unit 0 of `counts` is a word's number of letters, unit 1 is minus it; `sums` adds up both."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = nn.Embedding(40, 2)
        self.sums = nn.Linear(2, 2, bias=False)
        with torch.no_grad():
            letters = torch.arange(40).float()
            self.counts.weight.copy_(torch.stack([letters, -letters], 1))
            self.sums.weight.copy_(torch.tensor([[1.0, 0.0], [2.0, -1.0]]))

    def encode(self, words: list[str]) -> Encoded:
        """A token a word: its number of letters; none for a lone dash."""
        return encode_each(lambda word: [] if word == "-" else [min(len(word), 39)], words)

    def forward(self, tokens: Tensor) -> Tensor:
        """From tokens to sums."""
        sums: Tensor = self.sums(self.counts(tokens))
        return sums

    def answer(self, line: str) -> str:
        """The first sum of all words."""
        return f"{float(self(torch.tensor([self.encode(line.split()).tokens]))[..., 0].sum()):g} letters"


def counter() -> Counter:
    return Counter()


@pytest.fixture(scope="session")
def reader() -> TextNetwork:
    return open_text_network(f"{__name__}:counter")


@pytest.fixture(scope="session")
def text_catalog(reader: TextNetwork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    path = tmp_path_factory.mktemp("read") / "units.db"
    text = write_text(200, seed=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILAN_CACHE_DIR", str(path.parent / "cache"))
        with read_by(reader, text.sentences, ("counts", "sums")) as source:
            describe_texts(source, text, path)
    with Catalog.open(path) as opened:
        yield opened


@pytest.fixture
def seeing(network: Network, make_catalog: Callable[..., Catalog]) -> LivePictures:
    live = make_live(make_catalog(), network)
    assert isinstance(live, LivePictures)
    return live


@pytest.fixture
def reading(reader: TextNetwork, text_catalog: Catalog) -> LiveTexts:
    live = make_live(text_catalog, reader)
    assert isinstance(live, LiveTexts)
    return live


@pytest.fixture
def red(folders: dict[str, Path]) -> Path:
    """A red picture with the word of green ones."""
    return folders["adversarial"] / "a" / "0.png"
