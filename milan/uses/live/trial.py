"""One picture or text that a network is tried on, with what it did: untouched, and with units changed."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from milan.records import Edit
from milan.uses.live.reaction import Reaction

__all__ = ["Trial"]

_KEPT = 4
"""Changed reactions that are remembered: those that a few clicks go back and forth between."""
_running = threading.Lock()
"""Hooks are on the module itself: what is changed for one trial would be changed for all others meanwhile."""

Given = TypeVar("Given")
_Given_contra = TypeVar("_Given_contra", contravariant=True)


class Reacts(Protocol[_Given_contra]):
    """A network that can be tried: `LivePictures` or `LiveTexts`."""

    def react(self, given: _Given_contra, edits: Sequence[Edit] = (), /) -> Reaction:
        """Run it once."""
        ...


class Trial(Generic[Given]):
    """Runs a network on one thing, again and again; may be asked by many threads."""

    def __init__(self, live: Reacts[Given], given: Given) -> None:
        self.given = given
        self._live = live
        self._changed: OrderedDict[tuple[Edit, ...], Reaction] = OrderedDict()
        with _running:
            self.original = live.react(given)
        """What the network does untouched."""

    def changed(self, edits: Sequence[Edit]) -> Reaction:
        """What it does with these edits; UnknownName and BadSetting for units that there are not."""
        key = tuple(edits)
        if not key:
            return self.original
        with _running:
            if key not in self._changed:
                self._changed[key] = self._live.react(self.given, key)
            self._changed.move_to_end(key)
            while len(self._changed) > _KEPT:
                self._changed.popitem(last=False)
            return self._changed[key]
