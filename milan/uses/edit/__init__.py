"""Switch off what a network should not have learnt, and prove what that changed.

    data = EditData(validation, clean, tests={"adversarial": adversarial})
    report = edit_network(network, catalog, data, EditOptions(("text",)), Path("without-text"))
    report.chosen.units, report.sets[0].change
    open_network("edited:without-text")

Which units may go is decided by their descriptions alone, their order by a validation set as the user has
it, how many go by clean validation images; test images are looked at when all of that stands.
"""

from milan.uses.edit.candidates import Candidates, find_candidates
from milan.uses.edit.data import EditData
from milan.uses.edit.editing import edit_network
from milan.uses.edit.options import EditOptions, Rule
from milan.uses.edit.plan import EditPlan, plan_edit
from milan.uses.edit.report import Arm, Chosen, EditReport, Retrained, TestedSet
from milan.uses.edit.writing import undo_edit

__all__ = [
    "Arm",
    "Candidates",
    "Chosen",
    "EditData",
    "EditOptions",
    "EditPlan",
    "EditReport",
    "Retrained",
    "Rule",
    "TestedSet",
    "edit_network",
    "find_candidates",
    "plan_edit",
    "undo_edit",
]
