"""What descriptions can be asked about."""

import pytest

from milan.errors import BadSetting
from milan.records import Concept


def test_a_query_asks_for_its_words_and_for_its_meaning() -> None:
    concept = Concept.of_query("  word in\nthe corner ")
    assert concept.name == "word in the corner"
    assert concept.words == concept.phrases == ("word in the corner",)


@pytest.mark.parametrize("nothing", ["", " ", "?!", "-"])
def test_a_concept_with_nothing_to_match_is_refused(nothing: str) -> None:
    with pytest.raises(BadSetting, match="has nothing to match"):
        Concept("empty", (nothing,))
    with pytest.raises(BadSetting, match="has nothing to match"):
        Concept.of_query(nothing)


@pytest.mark.parametrize("likeness", [0.0, -0.5, 1.5, float("nan")])
def test_a_likeness_is_a_cosine_above_zero(likeness: float) -> None:
    with pytest.raises(BadSetting, match="is above 0 and at most 1"):
        Concept("text", ("text",), likeness=likeness)
