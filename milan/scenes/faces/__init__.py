"""Pictures with faces and the same with every face blurred, and classifiers that learn from either.

In goes a seed; out come folders of pictures by class and of their twins, and two small networks trained
on them. Half of the classes differ from the others by a face alone, so that faces are worth seeing; where
each lies is known, and so which units see them.

    python -m milan.scenes.faces.folders --seed 0 --output faces/
    python -m milan.scenes.faces.train faces/ --seed 0 --output faces/networks

>>> from milan.scenes.faces import CLASSES
>>> CLASSES[0], CLASSES[5]
('bicycle', 'bicycle with a face')
"""

from milan.scenes.faces.pictures import CLASSES, SIZE, Face, Faced, blurred, draw

__all__ = ["CLASSES", "SIZE", "Face", "Faced", "blurred", "draw"]
