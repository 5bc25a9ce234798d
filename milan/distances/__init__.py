"""Which unit decides: how unlike its activations are for two outputs of the same input (the LSTM study).

    pairs = find_pairs(inputs, outputs)                   # symbols at every position, as whole numbers
    table = distance_table(activations, Decisions.of(inputs, outputs, pairs))
    table.units_of(0)[:10]                                # the ten units that tell most of the first pair
    table.distance, table.expected, table.chance          # [pair, unit] each, with table.n_is and n_other

A distance of two histograms is large by chance when positions are few and bins are many (.79 for 300
positions a side in 1,000 bins), so units are ranked by what they exceed shuffled outputs by. Pure
arithmetic: this room knows no networks.
"""

from milan.distances.decisions import Decisions, Pair, find_pairs
from milan.distances.table import DistanceTable, distance_table, hellinger

__all__ = ["Decisions", "DistanceTable", "Pair", "distance_table", "find_pairs", "hellinger"]
