"""A network at work on one picture or one text: what its units do, and what it answers when some are changed.

    live = make_live(catalog, open_network("builtin:efficientnet-lite0"))
    trial = Trial(live, live.take(picture))
    for stirred in rank_units(catalog.levels(live.name), trial.original):
        print(stirred.unit, stirred.phrase, stirred.strength)
    trial.changed([Edit.zero("blocks.6", [17])]).answer

`LivePictures` and `LiveTexts` are the same to who asks: `take` reads what is given, `react` runs it. Their
network must be the very one that the catalog describes.
"""

from milan.uses.live.opening import Live, make_live, reads_text
from milan.uses.live.pictures import LivePictures, SeenPicture
from milan.uses.live.ranking import Moved, Stirred, moved_units, rank_units
from milan.uses.live.reaction import Answer, Reaction
from milan.uses.live.texts import LiveTexts, ReadText
from milan.uses.live.trial import Trial

__all__ = [
    "Answer",
    "Live",
    "LivePictures",
    "LiveTexts",
    "Moved",
    "Reaction",
    "ReadText",
    "SeenPicture",
    "Stirred",
    "Trial",
    "make_live",
    "moved_units",
    "rank_units",
    "reads_text",
]
