"""How good the descriptions of a catalog are: what it states, and what asks for its pictures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from milan.catalog import Catalog, KeptLayer
from milan.describe import FEWEST_MEASURED, name_pictures, reopen_simulator
from milan.errors import CatalogError, DataError, UnknownName
from milan.networks import Preprocessing
from milan.places import CatalogPlace
from milan.records import LayerEvaluation, WordsOf, content_key
from milan.uses.evaluate.comparison import Phrases, compared
from milan.uses.evaluate.options import EvaluateOptions
from milan.uses.evaluate.prediction import Trial
from milan.uses.evaluate.words import LayerWords
from milan.uses.measuring import read_measured
from milan.uses.pictures import find_pictures
from milan.uses.views import Views

__all__ = ["evaluate_catalog"]

Progress = Callable[[str, int, int], None]
_OF_THE_RANGE = frozenset({"select", "range_weight", "simulator"})
"""Settings that may differ between descriptions and those that the exemplars alone give."""


def evaluate_catalog(
    catalog: CatalogPlace | Path | str,
    options: EvaluateOptions | None = None,
    *,
    progress: Progress = lambda stage, done, total: None,
) -> list[LayerEvaluation]:
    """Evaluate the descriptions shown of each layer.

    With the images the whole table is measured and kept in the catalog, until the words change. Without them
    it is the table kept, or what descriptions state. Raises UnknownName for a layer that is not there,
    CatalogError where nothing is described or nothing was measured, DataError for another folder.
    """
    options = options or EvaluateOptions()
    if options.images is not None:
        Catalog.check(catalog)  # minutes of reading should not end at another writer's lock
    with Catalog.open(catalog) as store:
        described = [LayerWords.read(store, layer) for layer in _chosen(store, options.layers)]
        described = [words for words in described if words.units]
        if not described:
            raise CatalogError(f"{store.place}: nothing is described yet; run milan describe first")
        if options.images is None:
            return [_known(store, words, options.seed) for words in described]
        found = [
            evaluation
            for together in _by_eyes(described)
            for evaluation in _measure(store, together, options.images, options, progress)
        ]
    order = [(words.layer.network, words.layer.name) for words in described]
    return sorted(found, key=lambda own: order.index((own.network, own.layer)))


def _chosen(store: Catalog, names: Sequence[str]) -> list[KeptLayer]:
    """Layers of a catalog that have words, by name or pattern; all without names."""
    kept = [layer for layer in store.layers() if layer.versions]
    for name in names:
        if not any(fnmatchcase(layer.name, name) for layer in kept):
            known = [layer.name for layer in kept]
            raise UnknownName("described layer", name, known, f"The catalog has: {', '.join(known)}")
    return [layer for layer in kept if not names or any(fnmatchcase(layer.name, name) for name in names)]


def _known(store: Catalog, words: LayerWords, seed: int) -> LayerEvaluation:
    return store.evaluation(words.version.number) or words.stated(seed)


def _by_eyes(described: Sequence[LayerWords]) -> list[list[LayerWords]]:
    """Layers that the same voice and simulator read in the same pictures, which are read once for all."""
    groups: dict[str, list[LayerWords]] = {}
    for words in described:
        made = words.layer.provenance
        key = [made.dataset_hash, made.preprocessing, words.measured_by, words.voice]
        groups.setdefault(content_key(key), []).append(words)
    return list(groups.values())


def _measure(
    store: Catalog,
    together: Sequence[LayerWords],
    images: Path,
    options: EvaluateOptions,
    progress: Progress,
) -> Iterator[LayerEvaluation]:
    """Evaluate layers that share pictures and simulator, and keep their tables."""
    first = together[0]
    if first.is_of_text:
        raise CatalogError(
            f"{first.layer} was described from a text, whose words measured it: leave out --images"
        )
    if first.measured_by is None:
        raise CatalogError(
            f"{first.layer} was described with --simulator none, so nothing measured it: describe it with one"
        )
    exemplars = [store.layer_exemplars(words.layer.network, words.layer.name) for words in together]
    n_images = len(exemplars[0].measured.images)
    if n_images < FEWEST_MEASURED:
        raise DataError(
            f"{n_images} images measured {first.layer}, {FEWEST_MEASURED} are needed: describe more of them"
        )
    manifest = find_pictures(images, first.layer, exemplars[0])
    views = Views(Preprocessing.from_dict(first.layer.provenance.preprocessing), manifest)
    simulator = reopen_simulator(
        first.measured_by, first.voice["bank"], name=options.simulator, phrases=options.phrases
    )
    top = sorted({image for words in together for image in words.top_images})
    presence = read_measured(exemplars, views, simulator, options.workers, progress)
    names = name_pictures(first.voice["encoder"], top, views.open)
    for words, own in zip(together, exemplars, strict=True):
        rivals = {WordsOf.EXEMPLARS_ALONE: _alone(store, words)}
        if names is not None:
            rivals[WordsOf.TOP_IMAGE] = {at: names[image] for at, image in enumerate(words.top_images)}
        trial = Trial.of_images(own.measured, words.units, presence)
        evaluation = compared(words.stated(options.seed), words.phrases, rivals, trial, options)
        store.store_evaluation(words.version.number, evaluation)
        yield evaluation


def _alone(store: Catalog, words: LayerWords) -> Phrases:
    """What the exemplars alone say of the units, where the catalog holds that beside the version shown."""
    shown = words.version.settings
    for version in words.layer.versions[1:]:
        if version.settings.get("select") == "pmi" and _but(version.settings) == _but(shown):
            said = store.best_phrases(version.number)
            return {at: said[unit] for at, unit in enumerate(words.units) if unit in said}
    return {}


def _but(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in _OF_THE_RANGE}
