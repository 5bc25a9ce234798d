import json

import numpy as np
import pytest

from milan.errors import DataError
from milan.networks.text import open_text_network
from milan.records.files import shipped_file
from milan.transliteration import Transliteration, romanise


def test_armenian_ships_with_the_shape_of_the_study_and_comes_back():
    armenian = Transliteration.open("hy")
    assert armenian.network.lstm.hidden_size == 228
    assert armenian.network.outputs.in_features == 300
    assert armenian.restore(["barev, im anuny Armen e"]) == ["բարև, իմ անունը Արմեն է"]


def test_addresses_and_signs_come_out_as_they_went_in():
    armenian = Transliteration.open("hy")
    restored = armenian.restore(["kayqy http://www.window.com/table.html e 😀"])
    assert "http://www.window.com/table.html" in restored[0]
    assert restored[0].endswith("😀")


def test_most_of_a_sentence_that_was_never_seen_comes_back():
    armenian = Transliteration.open("hy")
    text = "Երեկ երեկոյան մենք միասին գնացինք քաղաքի կենտրոնում գտնվող մեծ այգին"
    latin = [romanise(text, armenian.rules, np.random.default_rng(seed)).latin for seed in range(5)]
    told = armenian.restore(latin)
    right = [one == other for line in told for one, other in zip(line, text, strict=False)]
    assert np.mean(right) > 0.9


def test_a_language_with_rules_alone_says_how_to_train_a_network():
    with pytest.raises(DataError, match=r"no network ships for 'ru'.*transliteration\.train ru TEXT"):
        Transliteration.open("ru")


def test_cards_state_accuracy_beside_both_baselines_and_the_licence():
    card = json.loads(shipped_file("transliteration/hy/card.json").read_text(encoding="utf-8"))
    network, frequent, contexts = card["accuracy"].values()
    assert network["letters"] > contexts["letters"] > frequent["letters"]
    assert "CC BY-SA 4.0" in card["licence"]


def test_its_units_are_read_like_those_of_any_text_network():
    network = open_text_network("milan.transliteration.shipped:armenian")
    encoded = network.encode(["barev", "im", "anun"])
    assert encoded.spans == ((0, 5), (6, 8), (9, 13))
    layer = next(layer for layer in network.layers if layer.name == "lstm")
    assert (layer.n_units, layer.n_backward) == (456, 228)
    read = network.run([encoded.tokens], [layer])["lstm"]
    codes = network.module.vocabulary.encode_inputs("barev im anun")
    assert read.shape == (1, 13, 456)
    assert encoded.tokens == tuple(codes.tolist())
