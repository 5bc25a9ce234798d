import numpy as np
import pytest

from milan.errors import BadSetting, DataError

SENTENCES = ["Two dogs are running on the beach.", "A man plays the guitar.", "A woman."]


def test_captions_are_translated(translator):
    texts = [one.text for one in translator.translate(SENTENCES)]
    assert texts[0].startswith("Deux chiens")
    assert "plage" in texts[0]
    assert "homme" in texts[1]
    assert "guitare" in texts[1]


def test_neighbours_in_a_batch_change_no_translation(translator):
    together = translator.translate(SENTENCES)
    assert [one.text for one in together] == [translator.translate([s])[0].text for s in SENTENCES]


def test_an_empty_line_stays_one(translator):
    written = translator.translate(["", SENTENCES[0], "  "])
    assert [bool(one.text) for one in written] == [False, True, False]
    assert (written[0].tokens, written[0].attention.shape) == ([], (0, 1))
    assert [bool(text) for text in translator.search(["", SENTENCES[2]], width=2)] == [False, True]


def test_a_beam_of_one_is_the_greedy_way(translator):
    assert translator.search(SENTENCES, width=1) == [one.text for one in translator.translate(SENTENCES)]


def test_a_beam_finds_translations_and_refuses_no_width(translator):
    assert all(translator.search(SENTENCES, width=4))
    with pytest.raises(BadSetting, match="1 translation wide or more, got 0"):
        translator.search(SENTENCES, width=0)


def test_led_through_its_own_translation_the_network_looks_where_it_looked(translator):
    written = translator.translate(SENTENCES)
    led = translator.led(SENTENCES, [one.text for one in written])
    for own, again in zip(written, led, strict=True):
        assert again.tokens == own.tokens
        np.testing.assert_allclose(again.attention, own.attention, atol=1e-5)


def test_a_missing_reference_is_said(translator):
    with pytest.raises(DataError, match="1 translations for 3 sentences"):
        translator.led(SENTENCES, ["Deux chiens."])
