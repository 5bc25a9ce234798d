"""Audit catalogs: how many units answer to which concepts, how surely, and what changed.

In: catalogs, question files. Out: an `AuditReport`, which a terminal, JSON and a page show alike.

    report = audit_catalogs(["units.db"], join_questions([open_questions("people-and-faces")]))
    write_report(report, "report.html")
"""

from milan.uses.audit.asking import AuditedCatalog, AuditedLayer, LayerAnswers, SureAnswer, ask
from milan.uses.audit.audit import AuditReport, audit_catalogs, fitting_questions
from milan.uses.audit.comparing import Change, compare
from milan.uses.audit.policy import Checked, Violation, check_policy
from milan.uses.audit.questions import SHIPPED, Questions, join_questions, open_questions, questions_of
from milan.uses.audit.report import render_report, write_report
from milan.uses.audit.trust import SURE, Chance

__all__ = [
    "SHIPPED",
    "SURE",
    "AuditReport",
    "AuditedCatalog",
    "AuditedLayer",
    "Chance",
    "Change",
    "Checked",
    "LayerAnswers",
    "Questions",
    "SureAnswer",
    "Violation",
    "ask",
    "audit_catalogs",
    "check_policy",
    "compare",
    "fitting_questions",
    "join_questions",
    "open_questions",
    "questions_of",
    "render_report",
    "write_report",
]
