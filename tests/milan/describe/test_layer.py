from collections.abc import Callable

from captioner.protocols import Picture
from milan.describe import PmiSettings, Voice, describe_layer, gather_evidence
from milan.describe.candidates import CHUNK, CandidateFinder
from milan.records import Description, LayerExemplars

OpenView = Callable[[str], Picture]
LayerOf = Callable[..., LayerExemplars]
SETTINGS = PmiSettings(n_retrieved=2, n_lookalikes=1)
COLOURS = ["red", "green", "blue"]


def flat(chunks: object) -> list[Description]:
    return [description for chunk in chunks for description in chunk]  # type: ignore[attr-defined]


def test_each_unit_is_said_to_be_its_colour(voice: Voice, open_view: OpenView, layer_of: LayerOf) -> None:
    (seen,) = gather_evidence([layer_of(COLOURS)], open_view, voice).layers
    described = flat(describe_layer(seen, voice, SETTINGS))
    assert [(d.phrase or "").split()[0] for d in described] == COLOURS
    assert all(d.candidates[0].score >= d.candidates[-1].score for d in described)


def test_candidates_come_from_the_decoder_the_bank_and_units_that_look_alike(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    (seen,) = gather_evidence([layer_of(["red", "red", "green"])], open_view, voice).layers
    finder = CandidateFinder(seen, voice, PmiSettings(n_retrieved=1, n_lookalikes=2))
    found = finder.of(0)
    told = dict(zip(found.phrases, found.sources, strict=True))
    assert told["red thing"] == "decoder"
    assert told["red paint"] == "bank"
    assert told["green thing"] == "lookalike"
    assert len(set(found.phrases)) == len(found.phrases)


def test_a_unit_gets_the_same_words_whether_asked_alone_or_with_all(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    colours = (COLOURS * CHUNK)[: CHUNK + 6]
    (seen,) = gather_evidence([layer_of(colours)], open_view, voice).layers
    everything = flat(describe_layer(seen, voice, SETTINGS))
    alone = flat(describe_layer(seen, voice, SETTINGS, units={CHUNK + 2}))
    assert alone == [everything[CHUNK + 2]]


def test_going_on_after_a_kill_gives_the_rest_exactly(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    colours = (COLOURS * CHUNK)[: 2 * CHUNK]
    (seen,) = gather_evidence([layer_of(colours)], open_view, voice).layers
    chunks = list(describe_layer(seen, voice, SETTINGS))
    rest = list(describe_layer(seen, voice, SETTINGS, done=range(CHUNK)))
    assert rest == chunks[1:]


def test_nothing_is_asked_of_the_captioner_when_no_unit_is_wanted(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    (seen,) = gather_evidence([layer_of(["red"], dead=[0])], open_view, voice).layers
    assert list(describe_layer(seen, voice, SETTINGS)) == []
    assert voice.captioner.chunks == []  # type: ignore[attr-defined]
