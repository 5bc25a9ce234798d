"""The tables of a catalog. Change them only together with a new step in `migrations/versions`.

```
network ─< layer ─< exemplar_set ─< unit ─< exemplar >─ picture >─ collection
                         └─< description_version ─< description ─< candidate, description_word
                                      └─ evaluation
                         unit ─ free_text
              layer ─< opinion
              layer ─< study ─< finding
```

A layer has one exemplar set per setting and an exemplar set one description version per setting; the one
with the highest `turn` is shown. Downward exemplars (`--signed`) are a set of their own, which names the set
it belongs to; their descriptions are versions of that set.
"""

from milan.catalog.tables.base import VARIABLES_A_STATEMENT, Base, add_row
from milan.catalog.tables.evidence import (
    CollectionRow,
    ExemplarRow,
    ExemplarSetRow,
    LayerRow,
    NetworkRow,
    PictureRow,
    UnitRow,
)
from milan.catalog.tables.words import (
    CandidateRow,
    DescriptionRow,
    DescriptionWordRow,
    EvaluationRow,
    FindingRow,
    FreeTextRow,
    OpinionRow,
    PhraseVectorRow,
    StudyRow,
    VersionRow,
)

__all__ = [
    "VARIABLES_A_STATEMENT",
    "Base",
    "CandidateRow",
    "CollectionRow",
    "DescriptionRow",
    "DescriptionWordRow",
    "EvaluationRow",
    "ExemplarRow",
    "ExemplarSetRow",
    "FindingRow",
    "FreeTextRow",
    "LayerRow",
    "NetworkRow",
    "OpinionRow",
    "PhraseVectorRow",
    "PictureRow",
    "StudyRow",
    "UnitRow",
    "VersionRow",
    "add_row",
]
