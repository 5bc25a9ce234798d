"""The classifier that learns with faces or without."""

from milan.scenes.classifier import PictureClassifier
from milan.scenes.faces.pictures import CLASSES

__all__ = ["faces_classifier"]


def faces_classifier() -> PictureClassifier:
    """Make the network untrained, one logit a class; `--weights FILE` gives it what a training wrote.

    >>> faces_classifier().classifier.out_features
    10
    """
    return PictureClassifier(len(CLASSES))
