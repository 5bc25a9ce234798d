"""From activations of a text to a catalog of described units: the same catalog as for images."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float32, Int64

from milan.catalog import Catalog
from milan.describe.text import FEWEST_MEASURED, Choice, Samples, TextDescriber, TextSettings
from milan.describe.text.spelling import word_lists
from milan.errors import BadSetting
from milan.exemplars import find_spans
from milan.explainers import LanguageModel
from milan.places import CatalogPlace
from milan.records import LayerExemplars, Provenance, UnitStatus, content_key
from milan.texts import Activations, Annotated, Passages
from milan.uses.evaluate.texts import evaluate_texts
from milan.uses.evaluate.words import LayerWords
from milan.uses.text.explaining import End, FreeTexts
from milan.uses.text.options import TextOptions, TextSummary
from milan.uses.text.sources import TextSource

__all__ = ["describe_texts"]

Progress = Callable[[str, int, int], None]
_UNITS = 64
"""Units that are described together."""


def describe_texts(
    source: TextSource,
    text: Annotated,
    catalog: CatalogPlace | Path | str,
    options: TextOptions | None = None,
    *,
    progress: Progress = lambda stage, done, total: None,
    say: Callable[[str], None] = lambda line: None,
) -> TextSummary:
    """Find the exemplar passages of every unit at both ends of its range, put words to them, store all.

    What the catalog holds already, of the same contents and settings, is not done again. Raises MilanError
    for whatever the user can mend: words and activations that do not line up, unknown layers.
    """
    options = options or TextOptions()
    activations = source.activations
    layers = list(dict.fromkeys(unit.layer for unit in activations.units(options.layers)))
    _check_units(options, activations, layers)
    settings = options.words or TextSettings()
    rows = activations.rows_of(text.sentences)
    samples = Samples.of(text.sentences, rows >= 0, settings.n_selected, settings.n_measured)
    run = _Run(source, text, options, rows, samples, Passages.of(text.sentences), progress)
    with Catalog.open(catalog, create=True, fresh=options.fresh) as store:
        store.add_network(source.name, run.provenance(layers[0]), tuple(activations.layers))
        for done, layer in enumerate(layers):
            progress("finding exemplars", done, len(layers))
            run.store_exemplars(store, layer)
        if options.words is not None:
            describer = TextDescriber(text, samples, settings)
            if not describer.measurer.can_measure:
                say(_too_few(int((rows >= 0).sum()), samples))
            for layer in layers:
                run.describe(store, layer, describer)
            if options.explainer is not None:
                run.explain(store, layers, describer, options.explainer, say)
        statuses = Counter(str(unit.status) for layer in layers for unit in store.units(source.name, layer))
    return TextSummary(
        network=source.name,
        catalog=str(store.place),
        n_sentences=text.sentences.n_sentences,
        n_words=int((rows >= 0).sum()),
        n_dropped=int((rows < 0).sum()),
        n_measured=len(samples.measured),
        n_units=sum(statuses.values()),
        statuses=dict(sorted(statuses.items())),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """One run over one text."""

    source: TextSource
    text: Annotated
    options: TextOptions
    rows: Int64[np.ndarray, " word"]
    samples: Samples
    passages: Passages
    progress: Progress

    def provenance(self, layer: str) -> Provenance:
        """What makes the exemplars of a layer."""
        text = self.text
        content = [text.sentences.words, text.sentences.sentence.tolist(), (self.rows >= 0).tolist()]
        return Provenance(
            self.source.spec,
            self.source.weights_hash,
            self.source.reading,
            content_key(content),
            {"layers": [layer], "spans": self.options.spans._asdict()},
            {"numpy": np.__version__},
        )

    def store_exemplars(self, store: Catalog, layer: str) -> None:
        """Find and store a layer's exemplars unless the catalog has them."""
        provenance = self.provenance(layer)
        if store.has_layer(self.source.name, layer, provenance.key()):
            return
        matrix = self.source.activations.layers[layer]
        found = find_spans(layer, matrix, self.rows, self.samples.exemplar, self.passages, self.options.spans)
        held = {name for side in (found, found.downward) if side is not None for name in _held(side)}
        store.store_layer(self.source.name, found, provenance, self._words_of(held), None)

    def describe(self, store: Catalog, layer: str, describer: TextDescriber) -> None:
        """Describe both ends of a layer's units, each as a whole unless it is done."""
        highest = store.layer_exemplars(self.source.name, layer)
        versions = {name: version_of(name) for name in ("numpy", "scipy")}
        settings = {**describer.settings.as_dict(), "voice": _voice(self.text), "simulator": None}
        for exemplars, downward in ((highest, False), (highest.downward, True)):
            if exemplars is None:
                continue
            version = store.start_description(self.source.name, layer, settings, versions, downward=downward)
            if not set(_wanted(exemplars, self.options)) <= store.described(version):
                self._describe_end(store, version, exemplars, describer, -1 if downward else 1)
            store.finish_description(version)
            if not downward and describer.measurer.can_measure and store.evaluation(version) is None:
                self._evaluate(store, version, layer, describer)

    def _evaluate(self, store: Catalog, version: int, layer: str, describer: TextDescriber) -> None:
        """Hold what is said of a layer's highest ends against words that know little of them."""
        words = LayerWords.read(store, store.layers(self.source.name, layer)[0])
        if words.units:
            values = (self._values(layer, some, 1) for some in (self.samples.selected, self.samples.measured))
            store.store_evaluation(version, evaluate_texts(words, describer, *values))

    def explain(
        self,
        store: Catalog,
        layers: Sequence[str],
        describer: TextDescriber,
        model: LanguageModel,
        say: Callable[[str], None],
    ) -> None:
        """Free text for both ends of the units of some layers."""
        words = [self.text.sentences.words[at] for at in self.samples.measured]
        asked, progress = self.options.free_text, self.progress
        writer = FreeTexts(store, self.source.name, describer, words, model, asked, progress, say)
        for layer in layers:
            highest = store.layer_exemplars(self.source.name, layer)
            for exemplars, sign in ((highest, 1), (highest.downward, -1)):
                if exemplars is not None:
                    measured = self._values(layer, self.samples.measured, sign)
                    writer.explain(End(exemplars, measured, sign < 0), _wanted(exemplars, self.options))

    def _values(
        self, layer: str, words: Int64[np.ndarray, " some"], sign: int
    ) -> Float32[np.ndarray, "some unit"]:
        """Activations of a layer's units at some words of the text."""
        matrix = self.source.activations.layers[layer]
        return np.float32(sign) * np.asarray(matrix[self.rows[words]], np.float32)

    def _describe_end(
        self,
        store: Catalog,
        version: int,
        exemplars: LayerExemplars,
        describer: TextDescriber,
        sign: Literal[1, -1],
    ) -> None:
        units = _wanted(exemplars, self.options)
        selected, measured = (
            self._values(exemplars.layer, words, sign)
            for words in (self.samples.selected, self.samples.measured)
        )
        choices: list[Choice] = []
        for start in range(0, len(units), _UNITS):
            some = units[start : start + _UNITS]
            found = describer.describe(selected[:, some], measured[:, some], some)
            choices += found.choices
            named = {counter.image for said in found.descriptions for counter in said.counter_exemplars}
            store.store_descriptions(version, found.descriptions, self._words_of(named))
            stage = f"describing {exemplars.layer}{' downward' if sign < 0 else ''}"
            self.progress(stage, start + len(some), len(units))
        store.store_shuffled(version, describer.shuffled(choices, measured[:, units]))

    def _words_of(self, named: Collection[str]) -> dict[str, tuple[str, ...]]:
        passages = self.passages
        return {name: passages.words(at) for at, name in enumerate(passages.names) if name in named}


def _too_few(n_words: int, samples: Samples) -> str:
    """What is said of a text too short to measure phrases on."""
    sides = f"{len(samples.exemplar)} choose phrases and {len(samples.measured)} are left to measure them"
    needed = f"{FEWEST_MEASURED} are needed, which about {3 * FEWEST_MEASURED} words of many sentences give"
    return f"of {n_words} words {sides}: {needed}; phrases go without a figure"


def _held(exemplars: LayerExemplars) -> list[str]:
    return [exemplars.paths[at] for at in np.unique(exemplars.images[exemplars.images >= 0]).tolist()]


def _wanted(exemplars: LayerExemplars, options: TextOptions) -> list[int]:
    """Units that await words."""
    return [
        unit
        for unit, status in enumerate(exemplars.statuses)
        if status is UnitStatus.PENDING and (options.units is None or unit in options.units)
    ]


def _voice(text: Annotated) -> dict[str, str]:
    """Who speaks: what could be said of words."""
    tags = content_key([text.lemmas, text.parts, text.features, text.relations])
    lists = content_key({phrase: sorted(words) for phrase, words in word_lists().items()})
    return {
        "candidates": "properties of words",
        "tags": tags,
        "lists": lists,
        "milan": version_of("milan-neurons"),
    }


def _check_units(options: TextOptions, activations: Activations, layers: list[str]) -> None:
    most = max(activations.layers[layer].shape[1] for layer in layers)
    if options.units is not None and min(options.units, default=most) >= most:
        raise BadSetting(
            f"--units begins at {min(options.units, default=0)}, the chosen layers have 0-{most - 1}"
        )
