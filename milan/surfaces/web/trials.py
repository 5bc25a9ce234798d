"""Pictures and texts that people try a network on: held in memory for a while, never written anywhere."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import BinaryIO, Generic, TypeVar

from milan.datasets import open_sent_picture
from milan.errors import UnknownName
from milan.uses.live import LivePictures, LiveTexts, ReadText, SeenPicture, Trial

__all__ = ["PictureTrials", "TextTrials", "Trials"]

MOST_KEPT = 24
SECONDS_KEPT = 3600
Given = TypeVar("Given")


class _Kept(Generic[Given]):
    """The newest trials, for so long as somebody comes back to them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._held: OrderedDict[str, tuple[float, Trial[Given]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Trial[Given] | None:
        with self._lock:
            self._forget()
            found = self._held.pop(key, None)
            if found is None:
                return None
            self._held[key] = (self._now(), found[1])
            return found[1]

    def keep(self, key: str, trial: Trial[Given]) -> Trial[Given]:
        with self._lock:
            self._held[key] = (self._now(), trial)
            self._forget()
        return trial

    def _forget(self) -> None:
        """Let go of what nobody asked for in an hour, and of the oldest beyond the most; the lock is held."""
        while self._held and (
            len(self._held) > MOST_KEPT or self._now() - next(iter(self._held.values()))[0] > SECONDS_KEPT
        ):
            self._held.popitem(last=False)


class PictureTrials:
    """Trials of a network that sees, by the key in their address, which nobody guesses."""

    def __init__(self, live: LivePictures, now: Callable[[], float] = time.monotonic) -> None:
        self.live = live
        self._kept: _Kept[SeenPicture] = _Kept(now)

    def add(self, file: BinaryIO) -> str:
        """Show the network a picture; its key. Raises UnreadableImage for anything else."""
        picture = open_sent_picture(file, self.live.channels)
        key = secrets.token_urlsafe(12)
        self._kept.keep(key, Trial(self.live, self.live.take(picture)))
        return key

    def get(self, key: str) -> Trial[SeenPicture]:
        """The trial of this key; UnknownName when it is gone, as all are after a while."""
        found = self._kept.get(key)
        if found is None:
            hint = "Pictures are forgotten after an hour: drop it anew at /live."
            raise UnknownName("picture", key, (), hint)
        return found


class TextTrials:
    """Trials of a network that reads, by the text itself, which stands in the address: none is ever gone."""

    def __init__(self, live: LiveTexts, now: Callable[[], float] = time.monotonic) -> None:
        self.live = live
        self._kept: _Kept[ReadText] = _Kept(now)

    def get(self, text: str) -> Trial[ReadText]:
        """The trial of a text, made now if it is new; DataError for one that cannot be read."""
        return self._kept.get(text) or self._kept.keep(text, Trial(self.live, self.live.take(text)))


Trials = PictureTrials | TextTrials
