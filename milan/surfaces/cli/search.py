"""`milan search`: find units by words and by meaning."""

from typing import Annotated, Literal

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import answers_errors, note, print_json, stdout
from milan.surfaces.cli.options import AsJson, ExistingCatalog

__all__ = ["search"]


@answers_errors
def search(
    catalog: ExistingCatalog,
    query: Annotated[str, typer.Argument(help="Words, such as 'dog' or 'something with wheels'.")],
    limit: Annotated[int, typer.Option(min=1, help="At most this many units.")] = 20,
    sort: Annotated[
        Literal["match", "faithfulness"],
        typer.Option(help="What comes first: the best match, or words that predict their unit best."),
    ] = "match",
    as_json: AsJson = False,
) -> None:
    """Find units whose descriptions hold the words, then those close in meaning.

    milan search units.db "something with wheels"
    """
    from rich.table import Table
    from rich.text import Text

    from milan.catalog import Catalog
    from milan.describe import embed_phrases

    if not query.strip():
        raise UsageError("the query is empty: give words, such as 'dog' or 'something with wheels'")
    with Catalog.open(catalog) as opened:
        hits = opened.search(query, limit, embed=embed_phrases, sort=sort)
    if as_json:
        print_json([hit.as_dict() for hit in hits])
        return
    if not hits:
        note(f"no described unit of {catalog} is about {query!r}")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("unit", "description", "found by", "score", "faithfulness"):
        table.add_column(
            heading,
            justify="right" if heading in ("score", "faithfulness") else "left",
            no_wrap=heading == "unit",  # an address is to be copied
        )
    for hit in hits:
        found = Text(hit.snippet)
        for start, end in hit.marks:
            found.stylize("bold", start, end)
        if hit.snippet != hit.description:
            found = Text.assemble(
                hit.description or "no consistent description", " (considered: ", found, ")"
            )
        faithfulness = "" if hit.faithfulness is None else f"{hit.faithfulness:.2f}"
        table.add_row(Text(str(hit.unit)), found, hit.how, f"{hit.score:.2f}", faithfulness)
    stdout.print(table)
