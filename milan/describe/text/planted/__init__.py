"""Text units whose meaning is known, to measure descriptions by.

text = write_text(3000)                       # or a tagged text of yours
planted = plant_text_units(text, n_of_each=10)
planted.matrix, planted.units                 # [word, unit], and what each responds to
"""

from milan.describe.text.planted.text import write_text
from milan.describe.text.planted.units import Kind, PlantedUnit, PlantedUnits, plant_text_units

__all__ = ["Kind", "PlantedUnit", "PlantedUnits", "plant_text_units", "write_text"]
