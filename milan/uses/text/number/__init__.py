"""Whether nouns are singular or plural, in English and French: by rules, whose own errors are measured.

In: words. Out: `Number` for those that are nouns and show it, else None.

    english_numbers(["Two", "dogs", "run"])       # [None, Number.PLURAL, None]
    french_numbers(["Deux", "chiens"])            # [None, FrenchNumber(Number.PLURAL, agrees=True)]
"""

from milan.uses.text.number.english import english_numbers
from milan.uses.text.number.french import FrenchNumber, french_numbers
from milan.uses.text.number.number import Number

__all__ = ["FrenchNumber", "Number", "english_numbers", "french_numbers"]
