import pytest

from milan.translation import Translator, shipped_translator


@pytest.fixture(scope="session")
def translator() -> Translator:
    return shipped_translator()
