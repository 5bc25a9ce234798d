"""A captioner small enough to be made anew for every test: eye, projector and decoder are tiny and random."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from captioner.backbone import Backbone
from captioner.decoder import DecoderShape, PhraseDecoder
from captioner.dual import DualEncoder, ProjectorShape, RegionProjector
from captioner.own import OwnCaptioner
from captioner.sentences import sentence_encoder
from captioner.words import Words

PHRASES = ("a red bus", "a red dog", "a blue bus", "a blue dog", "the left half of a dog")


class TinyEye(nn.Module):
    """Laid out like timm's EfficientNet, with eight channels at every depth."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.bn1 = nn.ReLU()
        self.blocks = nn.Sequential(
            *(nn.Conv2d(8, 8, 3, stride=1 + index % 2, padding=1) for index in range(7))
        )
        self.conv_head = nn.Conv2d(8, 12, 1)
        self.bn2 = nn.ReLU()
        self.classifier = nn.Linear(12, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.bn1(self.conv_stem(x)))
        return self.classifier(self.bn2(self.conv_head(x)).mean((2, 3)))


@pytest.fixture
def eye() -> Backbone:
    torch.manual_seed(0)
    return Backbone("tiny", TinyEye(), 32)


@pytest.fixture
def tiny(eye: Backbone) -> OwnCaptioner:
    torch.manual_seed(1)
    words = Words(Words.learn(PHRASES * 3, size=80).tokenizer)  # random weights say no words that exist
    encoder = DualEncoder(
        "tiny", eye, RegionProjector(ProjectorShape(eye.n_features, 16)), sentence_encoder()
    )
    decoder = PhraseDecoder(DecoderShape(eye.widths, len(words), width=32, layers=2, heads=2))
    for parameter in decoder.parameters():  # larger than at the start of training, so that differences show
        nn.init.normal_(parameter, std=0.2)
    return OwnCaptioner("tiny", encoder, decoder, words)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
