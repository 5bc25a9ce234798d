"""Which units know a label: linguistic correlation analysis (NeuroX), with what it is to be held against.

    train = Labelled(matrix, labels, n_classes)            # [token, unit], whole numbers from 0; so dev, test
    penalty, tried = search_penalty(train, dev)
    probe = Probe.train(train, penalty)                    # elastic net, standardised units
    ranking = probe.ranking(classes_with_signal(probe, dev))
    masking_table(probe, ranking, Split(train, test))

    found = ranker("class_mean_z")(train)                  # and other ways to rank
    null = permutation_null(ranker("class_mean_z"), train)
    null.false_discovery(found.scores) <= 0.05             # [unit]

A probe's accuracy says little alone: `majority_of_word` and a probe of `control_labels` stand beside it.
Matrices may lie on disk. Pure arithmetic: this room knows no networks.
"""

from milan.probes.average_precision import average_precision
from milan.probes.baselines import control_labels, majority_of_word
from milan.probes.chance import PermutationNull, RankInterval, permutation_null, rank_interval
from milan.probes.elastic_net import ElasticNet
from milan.probes.labelled import Labelled
from milan.probes.masking import Kept, Smallest, Split, masking_table, smallest_set
from milan.probes.planted import Planted, PlantedPlan, plant_units
from milan.probes.probe import Probe
from milan.probes.rankers import RANKERS, Ranked, Ranker, ranker
from milan.probes.ranking import Ranking, entry_levels, rank_by_mass, rank_by_strongest, units_at_mass
from milan.probes.search import Tried, search_penalty
from milan.probes.signal import classes_with_signal

__all__ = [
    "RANKERS",
    "ElasticNet",
    "Kept",
    "Labelled",
    "PermutationNull",
    "Planted",
    "PlantedPlan",
    "Probe",
    "RankInterval",
    "Ranked",
    "Ranker",
    "Ranking",
    "Smallest",
    "Split",
    "Tried",
    "average_precision",
    "classes_with_signal",
    "control_labels",
    "entry_levels",
    "majority_of_word",
    "masking_table",
    "permutation_null",
    "plant_units",
    "rank_by_mass",
    "rank_by_strongest",
    "rank_interval",
    "ranker",
    "search_penalty",
    "smallest_set",
    "units_at_mass",
]
