"""How things look: cut-outs, shapes, textures, writing and backgrounds, with no meaning attached.

In goes a name, a size and a random generator; out come pictures and coverage masks:

>>> from milan.scenes.drawing.shapes import shape_coverage
>>> shape_coverage("circle", 32).shape
(32, 32)
"""

__all__: list[str] = []
