import pytest
import torch

from milan.transliteration import Rules, Transliteration, Vocabulary
from milan.transliteration.network import Transliterator
from milan.uses.text.study import Sample, Studied, StudyOptions, study

_LINES = [
    "ծառ տուն թյուր ցավ",
    "միություն տան շուն սեր",
    "հացի համը չկա, ծով",
    "գիտություն և ուսում",
    "թատրոն ծիծեռ թև",
]


@pytest.fixture(scope="session")
def small_transliteration() -> Transliteration:
    """Armenian's rules and an untrained network of 12 cells a direction."""
    rules = Rules.open("hy")
    torch.manual_seed(0)
    network = Transliterator(Vocabulary.of(rules), n_cells=12).eval().requires_grad_(False)
    return Transliteration.of(rules, network)


@pytest.fixture(scope="session")
def small_sample(small_transliteration: Transliteration) -> Sample:
    return Sample.of(_LINES * 12, small_transliteration.rules)


@pytest.fixture(scope="session")
def small_study(small_transliteration: Transliteration, small_sample: Sample) -> Studied:
    options = StudyOptions(least=10, n_bins=20, repeats=3, suffix="թյուն")
    return study(small_transliteration, small_sample, options)
