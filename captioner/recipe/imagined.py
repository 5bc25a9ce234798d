"""Features of classes that no photo shows, from the weights of the classifier that knows them.

A linear classifier over features that vary alike within every class has weights w = S^-1 m for a class with
mean m and common covariance S. Read backwards, m = S w: the covariance of a few thousand photos within
their classes turns the classifier's 1,000 weight vectors into 1,000 class means, at every depth that varies
together with the last. Around a mean, regions scatter as real photos scatter around theirs.
"""

import numpy as np
import torch
from jaxtyping import Float32, Int64

from captioner.backbone import Backbone
from captioner.features import SampleFeatures
from captioner.samples import Sample

__all__ = ["imagine_classes"]

_FEWEST = 3  # photos of a class, for their scatter to be used
_STEPS = (
    1.0,
    2.0,
    3.0,
    4.0,
    6.0,
    8.0,
    12.0,
)  # along w; label smoothing made the weights shorter than the theory's
_SURE = 0.7


def imagine_classes(
    data: SampleFeatures, reader: Backbone, names: list[tuple[str, ...]], each: int = 6, seed: int = 0
) -> SampleFeatures:
    """Regions of the kind `imagined`, `each` a class, all for training.

    `names` are the phrases of each class.
    """
    random = np.random.default_rng(seed)
    last = slice(-reader.widths[-1], None)
    whole = [i for i, s in enumerate(data.samples) if s.mask is None and s.split == "train"]
    photos = data.features[whole].astype(np.float32)
    classifier = reader.module.get_submodule("classifier")
    weight = classifier.get_parameter("weight").numpy()
    scatter = _scatter(photos, _guesses(classifier, photos[:, last]))
    shared = scatter.T @ scatter[:, last] / len(scatter)
    direction = (weight - weight.mean(0)) @ shared.T
    middle = photos.mean(0)
    means = middle + _step(classifier, middle[last], direction[:, last]) * direction
    chosen = random.integers(len(scatter), size=(len(names), each))
    features = means[:, None] + scatter[chosen]
    features[..., last] = features[..., last].clip(0, 6)  # as the last activation is
    samples = tuple(
        Sample(f"imagined/{index}", None, phrases, "imagined")
        for index, phrases in enumerate(names)
        for _ in range(each)
    )
    return SampleFeatures(samples, features.reshape(len(samples), -1).astype(np.float16), data.depths)


def _guesses(
    classifier: torch.nn.Module, last: Float32[np.ndarray, "photo feature"]
) -> Int64[np.ndarray, " photo"]:
    with torch.inference_mode():
        found: Int64[np.ndarray, " photo"] = classifier(torch.from_numpy(last)).argmax(1).numpy()
    return found


def _scatter(
    photos: Float32[np.ndarray, "photo feature"], classes: Int64[np.ndarray, " photo"]
) -> Float32[np.ndarray, "kept feature"]:
    """What is left of photos when their class's mean is taken away."""
    counts = np.bincount(classes)
    kept = np.flatnonzero(counts[classes] >= _FEWEST)
    sums = np.zeros((len(counts), photos.shape[1]), np.float32)
    np.add.at(sums, classes[kept], photos[kept])
    left: Float32[np.ndarray, "kept feature"] = (
        photos[kept] - (sums / np.maximum(counts, 1).astype(np.float32)[:, None])[classes[kept]]
    )
    return left


def _step(
    classifier: torch.nn.Module,
    middle: Float32[np.ndarray, " feature"],
    direction: Float32[np.ndarray, "class feature"],
) -> float:
    """The shortest step at which the classifier is, on average, as sure of the means as it is of photos."""
    own = torch.arange(len(direction))
    for step in _STEPS:
        means = torch.from_numpy((middle + step * direction).clip(0, 6))
        with torch.inference_mode():
            if float(classifier(means).softmax(1)[own, own].mean()) >= _SURE:
                return step
    return _STEPS[-1]
