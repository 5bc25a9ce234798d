"""Options that several commands share: one spelling, one help text, one environment variable."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from milan.places import CatalogPlace
from milan.surfaces.cli.completing import complete_layer

__all__ = [
    "AsJson",
    "BatchSize",
    "CatalogIfAny",
    "CatalogToFill",
    "Catalogs",
    "Classes",
    "DatasetLimit",
    "Device",
    "DirectionFiles",
    "ExistingCatalog",
    "ExportFormat",
    "Images",
    "InputMean",
    "InputSize",
    "InputStd",
    "LatentSize",
    "LatentsOrCount",
    "LayerNames",
    "MeasureOn",
    "Model",
    "NetworkName",
    "Pictures",
    "Quantile",
    "Seed",
    "Selection",
    "Signed",
    "Texts",
    "TopK",
    "UnitGroups",
    "Weights",
    "Workers",
]

NETWORK = "Network"
DATA = "Images and measuring"
RUN = "Running"

Model = Annotated[
    str,
    typer.Argument(
        help="builtin:efficientnet-lite0|1|2, torchvision:NAME, timm:NAME, hf:DIR_OR_ID, "
        "package.module:factory, FILE.pt2 or edited:DIR",
        show_default=False,
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option(
        help="A .safetensors file, a .pth loaded with weights_only, or random for an untrained network.",
        rich_help_panel=NETWORK,
    ),
]
NetworkName = Annotated[
    str | None, typer.Option("--name", help="Name of the network in the catalog.", rich_help_panel=NETWORK)
]
InputSize = Annotated[
    int | None,
    typer.Option("--size", min=1, help="Input height and width in pixels.", rich_help_panel=NETWORK),
]
InputMean = Annotated[
    str | None,
    typer.Option("--mean", help="Mean a channel, such as 0.485,0.456,0.406.", rich_help_panel=NETWORK),
]
InputStd = Annotated[
    str | None,
    typer.Option("--std", help="Deviation a channel, such as 0.229,0.224,0.225.", rich_help_panel=NETWORK),
]
Images = Annotated[
    Path | None, typer.Option(help="Folder of images, read with its sub-folders.", rich_help_panel=DATA)
]
LatentsOrCount = Annotated[
    str | None,
    typer.Option(
        "--latents",
        help="Instead of --images, for an image generator: a .npy or .safetensors file of latents, or how "
        "many standard normal ones to draw by --seed.",
        rich_help_panel=DATA,
    ),
]
Texts = Annotated[
    Path | None,
    typer.Option(
        help="Instead of --images, for a network that reads text: a line a sentence, or .conllu. MODEL "
        "may also be a file or folder of its activations.",
        rich_help_panel=DATA,
    ),
]
LatentSize = Annotated[
    str | None,
    typer.Option(
        help="Shape of a drawn latent, such as 128 or 4x32x32. Default: the generator's latent_shape, or "
        "what its first layer takes.",
        rich_help_panel=DATA,
    ),
]
CatalogToFill = Annotated[
    CatalogPlace,
    typer.Option(
        parser=CatalogPlace.parse,
        metavar="PLACE",
        envvar="MILAN_CATALOG",
        help="The catalog: a file, or postgresql+psycopg://USER@HOST/DATABASE; made when missing.",
        rich_help_panel=DATA,
        show_default=False,
    ),
]
_A_CATALOG = typer.Argument(
    parser=CatalogPlace.parse,
    metavar="CATALOG",
    envvar="MILAN_CATALOG",
    help="A file, or postgresql+psycopg://USER@HOST/DATABASE.",
    show_default=False,
)
ExistingCatalog = Annotated[CatalogPlace, _A_CATALOG]
CatalogIfAny = Annotated[CatalogPlace | None, _A_CATALOG]
Catalogs = Annotated[list[CatalogPlace], _A_CATALOG]
Classes = Annotated[
    Path | None,
    typer.Option(
        help="Which output each folder's name is: JSON, or lines of name<tab>output.", rich_help_panel=DATA
    ),
]
LayerNames = Annotated[
    list[str] | None,
    typer.Option(
        "--layer",
        autocompletion=complete_layer,
        help="Layer name or pattern (blocks.*); again for more. Default: those that `milan layers` marks.",
        rich_help_panel=NETWORK,
    ),
]
DirectionFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--directions",
        help="Describe directions in layers: a .safetensors file of matrices \\[row, unit], each named by "
        "its layer (or alone, with --layer), or a folder of SAELens; again for more.",
        rich_help_panel=NETWORK,
    ),
]
UnitGroups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        help="Describe the mean of some units, such as blocks.6:3,7,20-29; again for more.",
        rich_help_panel=NETWORK,
    ),
]
DatasetLimit = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="Use the first N images, or sentences.", rich_help_panel=DATA),
]
MeasureOn = Annotated[
    Path | None,
    typer.Option(help="Measure on this folder instead of a third of --images.", rich_help_panel=DATA),
]
Pictures = Annotated[
    Literal["keep", "blur", "refer"] | None,
    typer.Option(
        help="What the catalog holds of images: keep, small pictures; blur, a few averaged colours; refer, "
        "where they lie. Default: what it holds already, or keep.",
        rich_help_panel=DATA,
        show_default=False,
    ),
]
TopK = Annotated[int, typer.Option("-k", "--top", min=1, help="Exemplars a unit.", rich_help_panel=DATA)]
Quantile = Annotated[
    float,
    typer.Option(
        help="Quantile over all positions above which a position belongs to a region.", rich_help_panel=DATA
    ),
]
Selection = Annotated[
    int,
    typer.Option(
        help="Most images by which words are chosen, drawn uniformly; more choose better and take longer.",
        rich_help_panel=DATA,
    ),
]
Signed = Annotated[
    bool,
    typer.Option(
        "--signed", help="Also keep the lowest activations, and describe them.", rich_help_panel=DATA
    ),
]
BatchSize = Annotated[int, typer.Option(min=1, help="Images a batch.", rich_help_panel=RUN)]
Workers = Annotated[int, typer.Option(min=1, help="Threads that decode images.", rich_help_panel=RUN)]
Seed = Annotated[int, typer.Option(help="Seed of everything random.", rich_help_panel=RUN)]
Device = Annotated[
    str, typer.Option(envvar="MILAN_DEVICE", help="cpu, cuda, cuda:1, mps.", rich_help_panel=RUN)
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer one JSON document on stdout.")]
ExportFormat = Literal["jsonl", "csv", "parquet", "html", "huggingface", "neuronpedia"]
