"""A catalog is only ever measured through the eyes that were fixed when it was described."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import milan.describe.voice as room
from captioner.bank import PhraseBank
from milan.describe import Simulator, reopen_simulator
from milan.errors import CatalogError
from milan.records import content_key


class LengthEncoder:
    """Puts phrases where their length and a number of its own say."""

    tensor_hashes = frozenset({"weights"})

    def __init__(self, name: str = "lengths", own: float = 1.0) -> None:
        self.name, self.own = name, own

    @property
    def reader(self) -> "LengthEncoder":
        return self

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        return np.array([[len(phrase), self.own] for phrase in phrases], np.float32)


def bank_of(encoder: LengthEncoder, *phrases: str) -> PhraseBank:
    return PhraseBank(phrases, ("own",) * len(phrases), encoder.embed_phrases(phrases))


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """What measured the catalog; the folder `other` holds another simulator of that name."""

    def open_encoder(name: str) -> LengthEncoder:
        return LengthEncoder(own=2.0 if name == "other" else 1.0)

    monkeypatch.setattr(room, "open_encoder_to_measure", open_encoder)
    monkeypatch.setattr(room, "open_bank", lambda encoder: bank_of(encoder, "red", "a wheel"))
    encoder = LengthEncoder()
    return Simulator(encoder, bank_of(encoder, "red", "a wheel"))


def key(*phrases: str) -> str:
    return content_key(phrases)


def test_the_simulator_of_a_catalog_opens_again(fixed: Simulator) -> None:
    opened = reopen_simulator(fixed.identity, key("red", "a wheel"))
    assert opened.identity == fixed.identity
    assert opened.bank.phrases == ("red", "a wheel")


def test_another_simulator_under_its_name_is_refused(fixed: Simulator) -> None:
    with pytest.raises(CatalogError, match="'other' is not the simulator 'lengths' that measured"):
        reopen_simulator(fixed.identity, key("red", "a wheel"), name="other")


def test_phrases_of_ones_own_must_be_given_again(fixed: Simulator, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("a gearbox\n")
    wanted = key("red", "a wheel", "a gearbox")
    with pytest.raises(CatalogError, match="give the file of --phrases"):
        reopen_simulator(fixed.identity, wanted)
    assert reopen_simulator(fixed.identity, wanted, phrases=own).bank.phrases[-1] == "a gearbox"
