"""`milan text layers`: which units of a network that reads text can be read."""

from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson, Device, Weights
from milan.surfaces.cli.text.options import TextModel

__all__ = ["layers"]


@answers_errors
def layers(
    model: TextModel,
    weights: Weights = None,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """List the layers of a network that reads text; * marks those that are read unless --layer names others.

    milan text layers hf:sentence-encoder/
    """
    from milan.networks.text import open_text_network

    found = open_text_network(model, weights=weights, device=device).layers
    if as_json:
        print_json(
            [
                {
                    "layer": layer.name,
                    "units": layer.n_units,
                    "backward": layer.n_backward,
                    "worth_describing": layer.worth_describing,
                }
                for layer in found
            ]
        )
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("", "layer", "units", "reading backward"):
        table.add_column(heading, justify="right" if heading == "units" else "left")
    for layer in found:
        mark, style = ("*", "bold") if layer.worth_describing else ("", "dim")
        backward = f"the last {layer.n_backward}" if layer.n_backward else ""
        table.add_row(mark, Text(layer.name), str(layer.n_units), backward, style=style)
    stdout.print(table, markup=False)
