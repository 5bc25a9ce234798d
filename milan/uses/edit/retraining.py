"""The last layer fitted anew: what a user would do who has clean images and no descriptions."""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor, nn

from milan.ablation import TestImages
from milan.networks import Network
from milan.networks.interventions.tracing import Trace
from milan.networks.outputs import logits_of
from milan.statistics import share
from milan.uses.edit.report import Retrained

__all__ = ["retrain_last_layer"]

_STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0)
_FOLDS = 5


def retrain_last_layer(
    network: Network, clean: TestImages, tests: Mapping[str, TestImages]
) -> Mapping[str, Retrained]:
    """Fit a linear classifier to what the last layer reads on clean images, and test it.

    Logistic regression on standardised features, every class weighing the same, its penalty chosen by
    five-fold cross-validation on the clean images (Deep Feature Reweighting: Kirichenko et al., ICLR 2023;
    there too the last layer is fitted to held-out images without the bias). Empty where a network's outputs
    are not those of a linear map, and where a class has too few clean images to cross-validate.
    """
    last = _last_linear(network, clean)
    counts = np.unique(clean.labels, return_counts=True)[1]
    if last is None or len(counts) < 2 or counts.min() < _FOLDS:
        return {}
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=2000))
    fitted = GridSearchCV(classifier, {"logisticregression__C": _STRENGTHS}, cv=_FOLDS)
    fitted.fit(_features(network, last, clean), clean.labels)
    strength = float(fitted.best_params_["logisticregression__C"])
    found = {}
    for name, images in tests.items():
        right = fitted.predict(_features(network, last, images)) == images.labels
        found[name] = Retrained(share(right), len(clean), strength)
    return found


def _last_linear(network: Network, images: TestImages) -> nn.Module | None:
    """The linear module whose outputs are the network's."""
    inputs = next(images.inputs(network, 2))
    with torch.no_grad(), Trace() as trace:
        logits = logits_of(network.module(inputs))
    place = trace.maker(logits, len(trace.operations))
    weight = None if place is None else trace.operations[place].weight
    modules = network.module.modules()
    return next((m for m in modules if isinstance(m, nn.Linear) and m.weight is weight), None)


def _features(network: Network, last: nn.Module, images: TestImages) -> Float32[np.ndarray, "image feature"]:
    read: list[Tensor] = []
    handle = last.register_forward_pre_hook(lambda module, given: read.append(given[0].flatten(1).cpu()))
    try:
        for inputs in images.inputs(network, 64):
            network.forward(inputs)
    finally:
        handle.remove()
    found: Float32[np.ndarray, "image feature"] = torch.cat(read)[: len(images)].numpy()
    return found
