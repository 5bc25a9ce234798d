"""What a backbone's own classifier knows, as a place among the phrases.

The classifier was taught 1,000 names with a million photographs; a projector sees a few thousand. So a
region starts at the mean of the names' vectors, weighted by how likely the classifier finds each (ConSE:
Norouzi et al., ICLR 2014), and the projector learns what is to be added. The classifier is linear over
averaged features, so it reads the average under a mask as well as that of a whole picture (class activation
maps).
"""

from functools import cache
from typing import Any

import numpy as np
import timm.data
import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from captioner.backbone import Backbone
from captioner.bank_sources.english import indefinite, plain
from captioner.sentences import sentence_encoder

__all__ = ["ClassKnowledge", "class_names", "know_classes", "likeliest_class"]


class ClassKnowledge(nn.Module):
    """Names of a classifier's classes in the sentence encoder's space.

    The classifier's own weights are the backbone's: they are used here, and kept there.
    """

    def __init__(self, classifier: nn.Module, vectors: Float[Tensor, "class dim"]) -> None:
        super().__init__()
        weight, bias = classifier.get_parameter("weight"), classifier.get_parameter("bias")
        self.n_classes, self.n_features = weight.shape
        self.register_buffer("weight", weight.detach().float().clone(), persistent=False)
        self.register_buffer("bias", bias.detach().float().clone(), persistent=False)
        self.register_buffer("vectors", vectors)

    def chances(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... class"]:
        """How likely the classifier finds each class; it reads the last features of a row."""
        last = features[..., -self.n_features :]
        return (last @ self.get_buffer("weight").T + self.get_buffer("bias")).float().softmax(-1)

    def forward(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... dim"]:
        """Where the classes lie that a region may be of."""
        return self.chances(features).sqrt() @ self.get_buffer("vectors")


@cache
def class_names() -> tuple[str, ...]:
    """What ImageNet's 1,000 classes are called: the first of each synset's names, with its article.

    >>> class_names()[:2]
    ('a tench', 'a goldfish')
    """
    lists: Any = timm.data  # it does not say what it exports
    info = lists.ImageNetInfo()
    first = (info.index_to_description(index, detailed=False) for index in range(info.num_classes()))
    return tuple(indefinite(plain(names.split(",")[0])) for names in first)


def likeliest_class(reader: Backbone, picture: UInt8[np.ndarray, "height width 3"]) -> str:
    """What a backbone's own classifier calls a whole picture."""
    (features,) = reader.read([picture], [np.ones((1, 1, 1), np.float32)])
    return class_names()[int(reader.class_chances(features).argmax())]


def know_classes(reader: Backbone) -> ClassKnowledge:
    """Names of the classes that a backbone's classifier tells apart."""
    classifier = reader.module.get_submodule("classifier")
    return ClassKnowledge(classifier, torch.from_numpy(sentence_encoder().embed(class_names())))
