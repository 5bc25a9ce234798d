"""The classifier that learns the shortcut: a plain convolutional network that trains in minutes."""

from jaxtyping import Float
from torch import Tensor, nn

from milan.scenes.shortcut.pictures import CLASSES

__all__ = ["ShortcutClassifier", "shortcut_classifier"]

_WIDTHS = (16, 32, 64, 64, 96, 128)
_STRIDES = (2, 2, 2, 1, 2, 1)


class ShortcutClassifier(nn.Module):
    """Six convolution stages, the mean over all positions, one linear layer; 230,000 parameters.

    Units are the channels of `stages.0` to `stages.5`: 400.
    """

    def __init__(self) -> None:
        super().__init__()
        n_inputs = (3, *_WIDTHS[:-1])
        self.stages = nn.Sequential(*map(_stage, n_inputs, _WIDTHS, _STRIDES))
        self.classifier = nn.Linear(_WIDTHS[-1], len(CLASSES))

    def forward(self, pictures: Float[Tensor, "picture 3 height width"]) -> Float[Tensor, "picture class"]:
        """Logit of each of `CLASSES`, in their order; pictures are normalised with ImageNet's figures."""
        logits: Tensor = self.classifier(self.stages(pictures).mean(dim=(2, 3)))
        return logits


def shortcut_classifier() -> ShortcutClassifier:
    """Make the network untrained; `--weights FILE` gives it what a training wrote.

    >>> shortcut_classifier().classifier.out_features
    10
    """
    return ShortcutClassifier()


def _stage(n_in: int, n_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(),
    )
