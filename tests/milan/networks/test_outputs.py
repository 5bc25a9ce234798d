import pytest
import torch

from milan.errors import NetworkError
from milan.networks.outputs import logits_of


def test_scores_are_found_in_what_classifiers_return() -> None:
    scores = torch.ones(2, 5)
    for returned in (scores, (scores, None), {"out": scores}, {"logits": scores, "hidden": None}):
        assert logits_of(returned) is scores


def test_what_is_no_classifier_is_told() -> None:
    with pytest.raises(NetworkError, match=r"returns a tensor of shape \(2, 5, 3\)"):
        logits_of(torch.ones(2, 5, 3))
    with pytest.raises(NetworkError, match="returns dict"):
        logits_of({"boxes": torch.ones(2, 4)})
