"""`milan describe`: from a network and a folder of images to a catalog of described units."""

import os
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import ExitCode, note, print_json, progress_bars, resumable, stdout
from milan.surfaces.cli.engines import (
    Address,
    CpusPerWorker,
    DecodersOrWorkers,
    EngineName,
    GpusPerWorker,
    Shards,
    engine_asked,
)
from milan.surfaces.cli.network import along_asked, images_asked, open_asked, reopen_asked
from milan.surfaces.cli.options import (
    AsJson,
    BatchSize,
    CatalogToFill,
    DatasetLimit,
    Device,
    DirectionFiles,
    Images,
    InputMean,
    InputSize,
    InputStd,
    LatentSize,
    LatentsOrCount,
    LayerNames,
    MeasureOn,
    Model,
    NetworkName,
    Pictures,
    Quantile,
    Seed,
    Selection,
    Signed,
    Texts,
    TopK,
    UnitGroups,
    Weights,
)
from milan.surfaces.cli.parsing import unit_set
from milan.surfaces.cli.ready import check_inputs
from milan.surfaces.cli.text.describe import TextWords, describe_text

__all__ = ["describe"]

WORDS = "Words"


class Prior(StrEnum):
    """What log p(d) is."""

    LANGUAGE = "language"
    NETWORK = "network"


class Select(StrEnum):
    """What chooses among candidates."""

    RANGE = "range"
    PMI = "pmi"


@resumable("finished units are in the catalog, the pass over the images in the cache")
def describe(
    model: Model,
    catalog: CatalogToFill,
    images: Images = None,
    latents: LatentsOrCount = None,
    texts: Texts = None,
    latent_size: LatentSize = None,
    layer: LayerNames = None,
    units: Annotated[
        str | None, typer.Option(help="Describe these units of each layer, such as 0-99 or 3,7,20-29.")
    ] = None,
    directions: DirectionFiles = None,
    groups: UnitGroups = None,
    weights: Weights = None,
    name: NetworkName = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    limit: DatasetLimit = None,
    measure_on: MeasureOn = None,
    top: TopK = 15,
    quantile: Quantile = 0.99,
    selection: Selection = 2048,
    signed: Signed = False,
    pictures: Pictures = None,
    captioner: Annotated[
        str,
        typer.Option(
            help="default, a folder that `milan captioner train` wrote, or hf:DIR_OR_ID.",
            rich_help_panel=WORDS,
        ),
    ] = "default",
    encoder: Annotated[
        str,
        typer.Option(
            help="default, a trained folder, or hf:DIR_OR_ID (CLIP, SigLIP).", rich_help_panel=WORDS
        ),
    ] = "default",
    phrases: Annotated[
        Path | None, typer.Option(help="Your own vocabulary, one phrase a line.", rich_help_panel=WORDS)
    ] = None,
    simulator: Annotated[
        str,
        typer.Option(
            help="Who measures the words on held-out images, through other eyes: default, a trained folder, "
            "hf:DIR_OR_ID, or none.",
            rich_help_panel=WORDS,
        ),
    ] = "default",
    select: Annotated[
        Select,
        typer.Option(
            help="range: words must follow the unit's whole range of activation; pmi: the strongest regions "
            "alone choose (MILAN's way).",
            rich_help_panel=WORDS,
        ),
    ] = Select.RANGE,
    lambda_: Annotated[
        float,
        typer.Option(
            "--lambda", help="Weight of the prior in log p(d|E) - lambda log p(d).", rich_help_panel=WORDS
        ),
    ] = 0.5,
    prior: Annotated[
        Prior,
        typer.Option(
            help="log p(d): language, what is often said; network, what fits other units of the layer.",
            rich_help_panel=WORDS,
        ),
    ] = Prior.LANGUAGE,
    explainer: Annotated[
        str | None,
        typer.Option(
            help="With --texts: a causal language model, hf:DIR_OR_ID or hf:DIR/FILE.gguf, that writes free "
            "text beside the phrases. It is slow: give --units.",
            rich_help_panel=WORDS,
        ),
    ] = None,
    exemplars_only: Annotated[
        bool, typer.Option("--exemplars-only", help="Find exemplars, write no words.", rich_help_panel=WORDS)
    ] = False,
    preview: Annotated[
        bool,
        typer.Option(
            "--preview",
            help="Describe a few units from 1, 3, 10 and 30 % of the images, drawn evenly, as the pass goes "
            "on; the catalog shows them until the words of all images are there.",
            rich_help_panel=WORDS,
        ),
    ] = False,
    batch_size: BatchSize = 32,
    workers: DecodersOrWorkers = 2,
    engine: EngineName = None,
    address: Address = None,
    cpus_per_worker: CpusPerWorker = 1,
    gpus_per_worker: GpusPerWorker = 0,
    shards: Shards = None,
    seed: Seed = 0,
    device: Device = "cpu",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what the catalog and the cache hold of this run.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="State images, units, time, memory and disk; do nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find what drives each unit and say it in words.

    milan describe torchvision:resnet50 --images photos/ --catalog units.db --layer layer4

    milan describe my_package.models:generator --latents 5000 --catalog units.db

    milan describe hf:sentence-encoder/ --texts sentences.conllu --catalog units.db

    Killed at any moment, the same command goes on where it was.
    """
    by = engine_asked(engine, address, workers, cpus_per_worker, gpus_per_worker, shards)
    if texts is not None:
        if images is not None or latents is not None or dry_run or by is not None or preview:
            raise UsageError(
                "--texts is read by text networks: leave out --images, --latents, --dry-run, --engine and "
                "--preview"
            )
        if pictures is not None:
            raise UsageError("--pictures is of images; of a text the words themselves are kept and quoted")
        words = None if exemplars_only else TextWords(lambda_, select.value, seed)
        describe_text(
            model, texts, catalog, limit=limit, layers=layer, units=units, name=name, weights=weights,
            device=device, top=top, quantile=quantile, words=words, explainer=explainer, fresh=fresh,
            as_json=as_json,
        )  # fmt: skip
        return
    if explainer is not None:
        raise UsageError("--explainer writes of networks that read text: give --texts")
    if preview and exemplars_only:
        raise UsageError("--preview is of words: it goes without --exemplars-only")
    check_inputs(images, measure_on, None if dry_run else catalog, latents)
    from milan.describe import PmiSettings
    from milan.exemplars import ExemplarSettings
    from milan.records import PicturePolicy
    from milan.uses import DescribeOptions, describe_network, plan_network

    opening = partial(
        open_asked, model, weights=weights, name=name, size=size, mean=mean, std=std, device=device,
        latents=latents, latent_size=latent_size, limit=limit, seed=seed,
    )  # fmt: skip
    options = DescribeOptions(
        layers=tuple(layer or ()),
        units=unit_set(units),
        captioner=None if exemplars_only else captioner,
        encoder=encoder,
        simulator=None if simulator == "none" else simulator,
        phrases=phrases,
        limit=limit,
        measure_on=measure_on,
        exemplars=ExemplarSettings(
            k=top, quantile=quantile, batch_size=batch_size, n_selected=selection, signed=signed
        ),
        pmi=PmiSettings(lambda_=lambda_, prior=prior.value, select=select.value),
        pictures=PicturePolicy(pictures) if pictures else None,
        workers=workers if by is None else min(workers, os.cpu_count() or 1),
        engine=by,
        preview=preview,
        reopen=partial(reopen_asked, opening, directions, groups, layer),
        seed=seed,
        fresh=fresh,
    )
    network = along_asked(opening(), directions, groups, layer)
    with progress_bars(quiet=as_json) as progress:
        folder = images_asked(network, images, workers=workers, progress=progress, fresh=fresh)
        if dry_run:
            plan = plan_network(network, folder, options)
            print_json(plan.as_dict()) if as_json else stdout.print("\n".join(plan.lines()))
            return
        summary = describe_network(network, folder, catalog, options, progress=progress, say=note)
    print_json(summary.as_dict()) if as_json else stdout.print("\n".join(summary.lines()))
    if summary.n_failed:
        raise typer.Exit(ExitCode.SOME_UNITS_FAILED)
