"""Pictures with faces and the same with every face hidden, and classifiers that learn from either.

In goes a seed; out come folders of pictures by class, one for each way of hiding, and small networks trained
on them. Faces are a hint to the class, so that they are worth seeing; where each lies is known, and so which
units see them.

    python -m milan.scenes.faces.folders --seed 0 --output faces/
    python -m milan.scenes.faces.train faces/ --seed 0 --output faces/networks

>>> from milan.scenes.faces import CLASSES, HIDINGS
>>> len(CLASSES), HIDINGS
(10, ('blurred', 'covered'))
"""

from milan.scenes.faces.pictures import CLASSES, HIDINGS, SIZE, Face, Faced, draw, hide

__all__ = ["CLASSES", "HIDINGS", "SIZE", "Face", "Faced", "draw", "hide"]
