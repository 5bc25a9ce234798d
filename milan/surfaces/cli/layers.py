"""`milan layers`: what a network is made of, and what is worth describing."""

from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.network import open_asked
from milan.surfaces.cli.options import AsJson, Device, InputSize, LatentSize, LatentsOrCount, Model, Weights

__all__ = ["layers"]


@answers_errors
def layers(
    model: Model,
    weights: Weights = None,
    size: InputSize = None,
    latents: LatentsOrCount = None,
    latent_size: LatentSize = None,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """List a network's layers with shapes and unit counts; * marks those worth describing.

    milan layers builtin:efficientnet-lite0
    """
    network = open_asked(
        model, weights=weights, size=size, device=device, latents=latents, latent_size=latent_size
    )
    found = network.layers()
    if as_json:
        print_json(
            [
                {
                    "layer": layer.name,
                    "kind": layer.kind,
                    "shape": list(layer.shape),
                    "units": layer.n_units,
                    "grid": list(layer.grid),
                    "worth_describing": layer.worth_describing,
                }
                for layer in found
            ]
        )
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("", "layer", "kind", "shape", "units"):
        table.add_column(heading, justify="right" if heading == "units" else "left")
    for layer in found:
        mark, style = ("*", "bold") if layer.worth_describing else ("", "dim")
        shape = " x ".join(str(side) for side in layer.shape)
        table.add_row(mark, Text(layer.name), layer.kind, shape, str(layer.n_units), style=style)
    stdout.print(table)
