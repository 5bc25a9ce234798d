"""A classifier with a shortcut, and the pictures that teach it: half of them carry their class's name.

In goes a seed; out come folders of pictures by class and a small network trained on them, which reads
instead of looking. Its truth is known: where each word is written, and so which units read.

    python -m milan.scenes.shortcut.folders --seed 0 --output shortcut/
    python -m milan.scenes.shortcut.train shortcut/ --seed 0 --output shortcut/network

>>> from milan.scenes.shortcut import CLASSES
>>> len(CLASSES), CLASSES["dog"]
(10, 'emoji:dog_face')
"""

from milan.scenes.shortcut.pictures import CLASSES, SIZE, Worded, draw, with_word

__all__ = ["CLASSES", "SIZE", "Worded", "draw", "with_word"]
