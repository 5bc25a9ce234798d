"""`milan undo`: the weights as they were before an edit."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import answers_errors, note

__all__ = ["undo"]


@answers_errors
def undo(
    folder: Annotated[Path, typer.Argument(help="A folder that `milan edit` wrote.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="A new .safetensors file.")],
) -> None:
    """Write the weights as they were before an edit, the very same ones by their hash.

    milan undo without-text -o original.safetensors
    """
    from milan.uses.edit import undo_edit

    undo_edit(folder, output)
    note(f"the weights before the edit are in {output}")
