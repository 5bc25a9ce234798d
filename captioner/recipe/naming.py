"""Names that the backbone's own classifier is sure of: words for photos that nobody named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float32

from captioner.backbone import Backbone
from captioner.features import SampleFeatures
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.photos import UNNAMED, with_article
from captioner.samples import Sample

__all__ = ["class_phrases", "name_photos"]

_SURE = 0.5
_FEWEST_MENTIONS = 30  # of a hypernym in captions: `vertebrate` is not what people say
_EMPTY = {"object", "course", "structure"}  # hypernyms that say nothing
_N_ANIMALS = 398  # the first classes, in ImageNet's order


def name_photos(data: SampleFeatures, reader: Backbone, source: SourceFolder) -> SampleFeatures:
    """Add the classifier's name and its everyday hypernyms to whole photos; drop those that stay nameless.

    A photo's features at the last depth, averaged over all of it, are what the classifier itself reads.
    """
    named = class_phrases(source)
    whole = [row for row, sample in enumerate(data.samples) if sample.mask is None]
    last = torch.from_numpy(data.features[whole, -reader.widths[-1] :]).float()
    with torch.inference_mode():
        chances = reader.module.get_submodule("classifier")(last).softmax(1).numpy()
    samples: list[Sample] = list(data.samples)
    for row, chance in zip(whole, chances, strict=True):
        samples[row] = _named(samples[row], chance, named)
    kept = [row for row, sample in enumerate(samples) if sample.phrases]
    return SampleFeatures(tuple(samples[row] for row in kept), data.features[kept], data.depths)


def class_phrases(source: SourceFolder) -> list[tuple[str, ...]]:
    """What to call a photo of each ImageNet class: its simple name, then everyday hypernyms."""
    mentions = Counter({row[0]: int(row[1]) for row in source.table("phrases/caption_noun_phrases.tsv.xz")})
    phrases: list[tuple[str, ...]] = []
    for index, (_, name, chain) in enumerate(source.class_names):
        said = [word.lower() for word in chain if mentions[word.lower()] >= _FEWEST_MENTIONS]
        names = [name.lower(), *said, *(["animal"] if index < _N_ANIMALS else [])]
        phrases.append(tuple(dict.fromkeys(with_article(word) for word in names if word not in _EMPTY)))
    return phrases


def _named(
    sample: Sample, chances: Float32[np.ndarray, " class"], named: Sequence[tuple[str, ...]]
) -> Sample:
    said = [phrase for phrase in sample.phrases if phrase != UNNAMED]
    if chances.max() > _SURE:
        said += [phrase for phrase in named[int(chances.argmax())] if phrase not in said]
    return replace(sample, phrases=tuple(said))
