"""Statistics that shards can share: what one pass keeps of each unit.

In go activations of a few images at a time; out come the strongest images, a quantile, the range, and
a held-out sample. Every statistic answers the same four calls, and any split of the images merged in
any order gives the bits of a single pass (integers, maxima and disjoint rows: nothing is summed in floats):

    add(...)                one batch of images
    merge(other)            what another shard saw
    state_dict()            numpy arrays, the same bytes whatever the order of work
    from_state_dict(arrays) the statistic again

| statistic        | keeps of each unit                                    |
|------------------|-------------------------------------------------------|
| `TopK`           | the k images of highest peak; ties in manifest order  |
| `QuantileCounts` | how many activations fell into each of 5,121 buckets  |
| `Activity`       | lowest and highest activation, images not finite      |
| `MeasuredSample` | mean, peak and lowest of chosen images                |
| `ValueSample`    | raw activations at some positions of chosen images    |

`agreement` compares what words predict with what units did, and `average` says how sure a mean over units is;
they keep nothing, and load no torch: the others are loaded when they are used.

>>> import torch
>>> from milan.statistics import TopK
>>> strongest = TopK(n_units=1, k=2)
>>> _ = strongest.add(torch.tensor([[0.5, 2.0, 1.0]]), torch.tensor([7, 8, 9]))
>>> strongest.ranked().images.tolist()
[[8, 9]]
"""

from typing import TYPE_CHECKING

from milan.lazy import loads_when_used
from milan.statistics.agreement import Agreement, Interval, agreement, correlation, pearson
from milan.statistics.intervals import average, mean_figure, separation
from milan.statistics.paired import paired_difference, share
from milan.statistics.raters import Votes, krippendorff_alpha

if TYPE_CHECKING:
    from milan.statistics.activity import Activity
    from milan.statistics.quantiles import QuantileCounts
    from milan.statistics.sample import MeasuredSample
    from milan.statistics.topk import Entered, Ranked, TopK
    from milan.statistics.values import ValueSample

__all__ = [
    "Activity",
    "Agreement",
    "Entered",
    "Interval",
    "MeasuredSample",
    "QuantileCounts",
    "Ranked",
    "TopK",
    "ValueSample",
    "Votes",
    "agreement",
    "average",
    "correlation",
    "krippendorff_alpha",
    "mean_figure",
    "paired_difference",
    "pearson",
    "separation",
    "share",
]

__getattr__ = loads_when_used(
    __name__,
    {
        "Activity": "activity",
        "Entered": "topk",
        "MeasuredSample": "sample",
        "QuantileCounts": "quantiles",
        "Ranked": "topk",
        "TopK": "topk",
        "ValueSample": "values",
    },
)
