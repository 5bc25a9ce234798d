import numpy as np
import pytest

from milan.ablation.text import TranslatorUnits
from milan.errors import BadSetting, DataError
from milan.translation import Parallel, shipped_translator
from milan.uses.text.control import ControlOptions, control_number, control_values
from milan.uses.text.control.nouns import nouns_of, rendered
from milan.uses.text.control.values import NumberUnits, Setting, held_at
from milan.uses.text.number import Number

LEARNT = [
    f"{many} {things} {act}."
    for many, things in (
        *(("A", thing) for thing in ("dog", "man", "woman", "boy", "girl", "horse", "cat", "bird")),
        *(("Two", thing) for thing in ("dogs", "men", "women", "boys", "girls", "horses", "cats", "birds")),
    )
    for act in ("on the grass", "in the street", "near the water")
]
TEXT = Parallel(
    ["A dog runs on the beach.", "Two women are talking.", "A man plays the guitar."],
    ["Un chien court sur la plage.", "Deux femmes discutent.", "Un homme joue de la guitare."],
)


@pytest.fixture(scope="module")
def units() -> TranslatorUnits:
    return TranslatorUnits(shipped_translator())


@pytest.fixture(scope="module")
def known(units) -> NumberUnits:
    return NumberUnits.of(units, LEARNT, nouns_of(units.translator, LEARNT), "encoder.1", "gaussian")


def test_control_moves_towards_the_wanted_mean_and_beyond():
    left, wanted = np.array([0.0, 1.0]), np.array([1.0, -1.0])
    np.testing.assert_array_equal(control_values(left, wanted, 0), wanted)
    np.testing.assert_array_equal(control_values(left, wanted, -1), left)
    np.testing.assert_array_equal(control_values(left, wanted, 1), [2.0, -3.0])


def test_a_shift_takes_the_mean_to_where_setting_takes_all(known):
    chosen = known.order[:7].tolist()
    held, shifted = (known.edit(chosen, Number.PLURAL, Setting(0.5, way)) for way in ("set", "shift"))
    start = known.means[Number.SINGULAR][chosen]
    np.testing.assert_allclose(start * shifted.scale + shifted.shift, held.shift)
    assert held.scale == 0


def test_only_the_asked_nouns_are_touched(units, known):
    nouns = [noun for noun in nouns_of(units.translator, TEXT.source) if noun.sentence == 0]
    edit = known.edit(range(256), Number.PLURAL, Setting(2.0))
    within = held_at(units, TEXT.source, nouns, edit)
    before, after = units.translator.translate(TEXT.source), units.translator.translate(TEXT.source, within)
    assert [one.text for one in after][1:] == [one.text for one in before][1:]
    assert after[0].text != before[0].text
    assert [one.text for one in units.translator.translate(TEXT.source)] == [one.text for one in before]


def test_nouns_are_found_with_the_number_that_their_translation_has(units):
    nouns = nouns_of(units.translator, TEXT.source)
    led = units.translator.led(TEXT.source, TEXT.target)
    found = {
        noun.word.text: shown.number
        for noun, shown in zip(nouns, rendered(units.translator, TEXT.source, led, nouns), strict=True)
        if shown is not None
    }
    assert found["dog"] is Number.SINGULAR
    assert found["women"] is Number.PLURAL


def test_a_report_has_success_beside_quality_and_random_units(units):
    options = ControlOptions(counts=(20,), factors=(0.0, 1.0), n_random=2)
    report = control_number(units, LEARNT, TEXT, TEXT, options)
    assert [one.b for one in report.tried] == [0.0, 1.0]
    assert len(report.first_units) == report.random.n_units == 20
    assert sum(report.n_nouns.values()) > 0
    assert 0 <= report.chosen.success.low <= report.chosen.success.high <= 1
    assert report.chosen.bleu_lost.value == pytest.approx(report.bleu.value - report.chosen.bleu.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ControlOptions(counts=(999,)), "256 units: ask for 1 to 256"),
        (ControlOptions(counts=()), "ask for 1 to 256"),
        (ControlOptions(way="push"), "set or shift, got 'push'"),
        (ControlOptions(layer="decoder.0"), r"encoder.0 and encoder.1; got decoder.0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(units, options, message):
    with pytest.raises(BadSetting, match=message):
        control_number(units, LEARNT, TEXT, TEXT, options)


def test_sentences_without_both_numbers_are_refused(units):
    with pytest.raises(DataError, match="not of both numbers"):
        control_number(units, ["A dog."], TEXT, TEXT, ControlOptions())
