"""Small classifiers of drawn pictures: their network, and how they are trained.

In go folders of pictures by class, out comes a network whose six stages are worth describing. What the
pictures teach is told by the rooms that draw them: `milan.scenes.shortcut`, `milan.scenes.faces`.

    known = read_folder(Path("pictures/train"), CLASSES)
    network = train_classifier(known, len(CLASSES), seed=0)
    accuracy(network, read_folder(Path("pictures/test"), CLASSES))
"""

from milan.scenes.classifier.network import (
    WIDTHS,
    PictureClassifier,
    convolution_stages,
    input_card,
    network_input,
)
from milan.scenes.classifier.training import Labelled, accuracy, read_folder, train_classifier

__all__ = [
    "WIDTHS",
    "Labelled",
    "PictureClassifier",
    "accuracy",
    "convolution_stages",
    "input_card",
    "network_input",
    "read_folder",
    "train_classifier",
]
