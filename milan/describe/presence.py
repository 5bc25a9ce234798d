"""How present phrases are in images, read patch by patch.

An image's average hides what a small part of it shows, and a unit's map is made of parts. So every image is
cut into overlapping patches, and a phrase is as present in a patch as it stands out among all phrases of the
bank: the square root of its softmax. Names that the encoder's eye was taught by itself (a classifier's
classes and what they are kinds of) are as present as the root of how likely the eye finds them. A unit's mean
activation is held against the mean over patches, its peak against the largest.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Float16, Float32
from torch import Tensor

from captioner.bank import PhraseBank
from captioner.protocols import Features, RegionEncoder
from milan.describe.halves import Centres, Placed, placed

__all__ = ["MASK_GRID", "PATCH_MASKS", "Patches", "Presence", "Shown"]

MASK_GRID = 56
"""Finer than any level that a captioner's backbone pools, and a multiple of the patches' cells."""
_CELLS = 7
_REACH = 1
_IMAGES = 16  # at a time: scores of all patches and phrases at once would not fit


def _patch_masks() -> Float32[np.ndarray, "patch row column"]:
    """A window of three by three cells around each of seven by seven; at the border it is cut off."""
    masks = np.zeros((_CELLS, _CELLS, _CELLS, _CELLS), np.float32)
    for row in range(_CELLS):
        for column in range(_CELLS):
            rows = slice(max(0, row - _REACH), row + _REACH + 1)
            masks[row, column, rows, max(0, column - _REACH) : column + _REACH + 1] = 1
    block = np.ones((1, MASK_GRID // _CELLS, MASK_GRID // _CELLS), np.float32)
    return np.kron(masks.reshape(-1, _CELLS, _CELLS), block)


PATCH_MASKS = _patch_masks()
"""Where the patches of an image lie, for a captioner's reader."""


class Shown(NamedTuple):
    """How present phrases are in images, 0 to 1."""

    mean: Float16[np.ndarray, "image phrase"]
    """Averaged over patches: to be held against mean activations."""
    peak: Float16[np.ndarray, "image phrase"]
    """In the patch where it is largest: to be held against peak activations."""


class Patches:
    """What one encoder sees in the patches of some images."""

    def __init__(self, images: Sequence[str]) -> None:
        self.images = tuple(images)
        self._row = {image: row for row, image in enumerate(self.images)}
        self.vectors: Float16[np.ndarray, "image patch dim"] = np.zeros((len(images), 0, 0), np.float16)
        """As long as each is sharp: a product with a phrase's vector is in nats."""
        self.named = Shown(*np.zeros((2, len(images), 0), np.float16))
        """How present the encoder's known names are."""

    def __contains__(self, image: str) -> bool:
        return image in self._row

    def rows(self, images: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Rows of some of the images."""
        return np.array([self._row[image] for image in images], np.intp)

    def put(self, image: str, features: Features, encoder: RegionEncoder) -> None:
        """Keep what the encoder says of one image's patches."""
        vectors = encoder.embed_regions(features) * encoder.sharpness(features)[:, None]
        chances = np.sqrt(encoder.name_chances(features))
        if self.vectors.shape[2] == 0:
            self.vectors = np.zeros((len(self.images), *vectors.shape), np.float16)
            self.named = Shown(*np.zeros((2, len(self.images), chances.shape[1]), np.float16))
        row = self._row[image]
        self.vectors[row] = vectors
        self.named.mean[row], self.named.peak[row] = chances.mean(axis=0), chances.max(axis=0)


class Presence:
    """What one encoder finds of any phrase in some images."""

    def __init__(self, patches: Patches, encoder: RegionEncoder, bank: PhraseBank) -> None:
        self._seen = patches
        self._patches = torch.from_numpy(patches.vectors)
        self._encoder = encoder
        self._bank = bank
        self.known_names = encoder.known_names
        self._known = {name: column for column, name in enumerate(encoder.known_names)}
        self._place = {phrase: place for place, phrase in enumerate(bank.phrases)}
        self._met: dict[str, Shown] = {}
        self._rivals: Float[Tensor, "image patch"] | None = None
        self._of_bank: Shown | None = None

    def rows(self, images: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Rows of some of the images."""
        return self._seen.rows(images)

    @property
    def bank_phrases(self) -> tuple[str, ...]:
        """The phrases that compete."""
        return self._bank.phrases

    @property
    def of_bank(self) -> Shown:
        """Presence of every phrase of the bank."""
        if self._of_bank is None:
            rivals, shown = [], []
            for scores in self._scores(self._bank.vectors):
                rivals.append(scores.logsumexp(-1))
                shown.append(_pooled(scores.sub_(rivals[-1][..., None])))
            self._rivals = torch.cat(rivals)
            self._of_bank = self._as_known(self._bank.phrases, _joined(shown))
        return self._of_bank

    def of(self, phrases: Sequence[str]) -> Shown:
        """Presence of some phrases; one that the bank does not have competes with all of the bank's.

        One that says where a phrase of the bank is (`halves`) is as present as that one, in pictures where
        that one is there.
        """
        missing = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self._met]
        apart = {phrase: found for phrase in missing if (found := self._placed(phrase)) is not None}
        missing = [*missing, *(place.what for place in apart.values())]
        missing = [phrase for phrase in dict.fromkeys(missing) if phrase not in {*self._met, *apart}]
        if self._of_bank is not None:
            places = [self._place[phrase] for phrase in missing if phrase in self._place]
            self._remember([self._bank.phrases[at] for at in places], self._of_bank, places)
            missing = [phrase for phrase in missing if phrase not in self._met]
        if missing:
            self._remember(missing, self._read(missing), range(len(missing)))
        self._put_in_places(apart)
        met = [self._met[phrase] for phrase in phrases]
        return Shown(np.stack([one.mean for one in met], 1), np.stack([one.peak for one in met], 1))

    def _placed(self, phrase: str) -> Placed | None:
        return None if phrase in self._place else placed(phrase, self._place)

    def _remember(self, phrases: Sequence[str], shown: Shown, columns: Sequence[int]) -> None:
        for phrase, column in zip(phrases, columns, strict=True):
            self._met[phrase] = Shown(shown.mean[:, column].copy(), shown.peak[:, column].copy())

    def _put_in_places(self, apart: Mapping[str, Placed]) -> None:
        """Remember phrases that say where, from what they say it of."""
        things = list(dict.fromkeys(place.what for place in apart.values() if place.half is not None))
        centres = self._centres(things) if things else None
        for phrase, place in apart.items():
            mean, peak = self._met[place.what]
            if place.half is not None and centres is not None:
                there = centres.within(place.half)[:, things.index(place.what)]
                mean, peak = mean * there, peak * there
            self._met[phrase] = Shown(mean, peak)

    def _centres(self, phrases: Sequence[str]) -> Centres:
        """Where phrases of the bank are, by the chances of the patches."""
        middles = (torch.arange(_CELLS) + 0.5) / _CELLS
        across, down = middles.repeat(_CELLS), middles.repeat_interleave(_CELLS)
        found = []
        for scores, rivals in zip(self._scores(self._vectors(phrases)), self._ahead, strict=True):
            chances = (scores - rivals[..., None]).softmax(1)
            found.append(torch.stack([(chances * at[:, None]).sum(1) for at in (across, down)]))
        return Centres(*torch.cat(found, 1).numpy())

    @property
    def _ahead(self) -> Sequence[Float[Tensor, "image patch"]]:
        """What all phrases of the bank together score, a batch of images at a time."""
        if self._rivals is None:
            self._rivals = torch.cat([scores.logsumexp(-1) for scores in self._scores(self._bank.vectors)])
        return torch.split(self._rivals, _IMAGES)

    def _read(self, phrases: Sequence[str]) -> Shown:
        known = torch.tensor([phrase in self._place for phrase in phrases])
        shown = []
        for scores, rivals in zip(self._scores(self._vectors(phrases)), self._ahead, strict=True):
            of_all = torch.where(known, rivals[..., None], torch.logaddexp(scores, rivals[..., None]))
            shown.append(_pooled(scores - of_all))
        return self._as_known(phrases, _joined(shown))

    def _vectors(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        places = [self._place[phrase] for phrase in phrases if phrase in self._place]
        if len(places) == len(phrases):
            return self._bank.vectors[places]
        return self._encoder.embed_phrases(phrases)

    def _as_known(self, phrases: Sequence[str], shown: Shown) -> Shown:
        """What the encoder's eye knows by itself in place of what was read off the space."""
        columns = [column for column, phrase in enumerate(phrases) if phrase in self._known]
        places = [self._known[phrases[column]] for column in columns]
        for side, known in zip(shown, self._seen.named, strict=True):
            side[:, columns] = known[:, places]
        return shown

    def _scores(self, vectors: Float32[np.ndarray, "phrase dim"]) -> Iterator[Tensor]:
        compared = torch.from_numpy(vectors).T
        for patches in torch.split(self._patches, _IMAGES):
            yield patches.float() @ compared


def _pooled(log_share: Tensor) -> tuple[Tensor, Tensor]:
    presence = log_share.mul_(0.5).exp_()
    return presence.mean(1).half(), presence.amax(1).half()


def _joined(parts: Sequence[tuple[Tensor, Tensor]]) -> Shown:
    mean, peak = (torch.cat(side).numpy() for side in zip(*parts, strict=True))
    return Shown(mean, peak)
