"""The bias probe of docs/guides/text.md, as it stands there, on the shipped translation network."""

import re
from pathlib import Path
from typing import Any

import numpy as np

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "text.md"


def test_units_that_tell_gender_are_found_and_the_translation_outlives_them_as_the_guide_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    assert found["before"] == ["Une femme est assise à une table.", "Un homme est assis à une table."]
    assert np.abs(found["strength"][found["order"][:20]]).min() > 2
    assert found["after"] == found["before"]
