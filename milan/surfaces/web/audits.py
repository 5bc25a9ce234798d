"""Audits: which units respond to people, text, backgrounds, or what else is asked."""

import threading
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from milan.errors import UsageError
from milan.surfaces.web.site import Here, Site
from milan.uses.audit import (
    SHIPPED,
    SURE,
    AuditReport,
    audit_catalogs,
    fitting_questions,
    questions_of,
    render_report,
)

__all__ = ["router"]

router = APIRouter()
MOST_QUERIES, LONGEST_QUERY = 40, 200
MOST_UNITS = 250_000
"""Units of a catalog that a page audits. Where most of 100,000 answer, an audit and its JSON take 120 MB
beside what the server has; a million would take more than a gigabyte.
"""
SHOWN = 12
"""Units that a page lists of each layer; the report has them all."""
REPORT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)
"""The report is one file with pictures and style in it, and runs nothing."""
_ONE_AT_A_TIME = threading.Lock()  # an audit reads all that is said

Shipped = Literal[
    "people-and-faces",
    "text-and-watermarks",
    "demographic-words",
    "colours-and-backgrounds",
    "words-and-grammar",
]
assert get_args(Shipped) == SHIPPED


class Question:
    """What the address asks: files of questions, and words of one's own, a line each."""

    def __init__(
        self,
        questions: Annotated[list[Shipped], Query()] = [],  # noqa: B006 - FastAPI copies it
        queries: Annotated[str, Query(max_length=MOST_QUERIES * LONGEST_QUERY)] = "",
    ) -> None:
        self.questions: tuple[str, ...] = tuple(dict.fromkeys(questions))
        self.queries = tuple(filter(None, (" ".join(line.split()) for line in queries.splitlines())))

    def __bool__(self) -> bool:
        return bool(self.questions or self.queries)


Asked = Annotated[Question, Depends()]


def _report(site: Site, asked: Question) -> AuditReport:
    """What `milan audit` would answer."""
    if len(asked.queries) > MOST_QUERIES or max(map(len, asked.queries), default=0) > LONGEST_QUERY:
        raise UsageError(f"at most {MOST_QUERIES} lines of {LONGEST_QUERY} letters can be asked at once")
    place = site.catalog.place
    n_units = sum(layer.n_units for layer in site.catalog.summaries())
    if n_units > MOST_UNITS:
        raise UsageError(
            f"the catalog has {n_units:,} units, and a page audits {MOST_UNITS:,} at most; ask on the command"
            f" line, with more memory: milan audit {place.name}"
        )
    default = () if asked else fitting_questions([place])
    with _ONE_AT_A_TIME:
        return audit_catalogs([place], questions_of(asked.questions, asked.queries, default), site.embed)


@router.get("/audit", include_in_schema=False)
def audit_page(request: Request, site: Here, asked: Asked) -> HTMLResponse:
    """The form, and what was asked with it: counts, and the units behind each."""
    report = _report(site, asked) if asked else None
    return site.page(
        request,
        "audit.html",
        asked=asked,
        audited=report and report.catalogs[0],
        concepts=[concept.name for concept in report.questions.concepts] if report else [],
        shipped=SHIPPED,
        fitting=asked.questions if asked else fitting_questions([site.catalog.place]),
        sure=SURE,
        shown=SHOWN,
        query=request.url.query,
    )


@router.get("/audit.json")
def audit_as_json(site: Here, asked: Asked) -> dict[str, Any]:
    """What `milan audit --json` answers; without a question, the files that fit the catalog."""
    return _report(site, asked).as_dict()


@router.get("/audit/report.html", include_in_schema=False)
def audit_report(site: Here, asked: Asked) -> HTMLResponse:
    """The page that `milan audit -o` writes, with the regions behind each count."""
    page = render_report(_report(site, asked))
    return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})
