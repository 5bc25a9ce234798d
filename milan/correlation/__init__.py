"""Which units several networks, or several trainings of one, have in common (Bau et al., ICLR 2019).

    moments = JointMoments({"first": 384, "second": 384})
    for one, other in batches:                            # [word, unit] each, of the same words
        moments.add({"first": one, "second": other})
    best_matches(moments, "first")                        # partners; MaxCorr and MinCorr are made of it
    linear_fit(moments, "first")                          # LinReg
    shared_directions(moments, "first", "second")         # SVCCA
    explained_by(matrix, positions).adjusted              # what a unit follows: position, or the word itself

Everything is computed from moments, so memory grows with units squared and never with words. Pure arithmetic:
this room knows no networks.
"""

from milan.correlation.directions import SharedDirections, shared_directions
from milan.correlation.explained import Explained, explained_by
from milan.correlation.matches import Matches, best_matches, largest_match, linear_fit, smallest_match
from milan.correlation.moments import JointMoments

__all__ = [
    "Explained",
    "JointMoments",
    "Matches",
    "SharedDirections",
    "best_matches",
    "explained_by",
    "largest_match",
    "linear_fit",
    "shared_directions",
    "smallest_match",
]
