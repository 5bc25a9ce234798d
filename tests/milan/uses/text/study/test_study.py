import re

import numpy as np
import pytest
import torch

from milan.distances import Decisions, distance_table
from milan.errors import DataError, UnknownName
from milan.transliteration import PLACEHOLDER
from milan.uses.text.study import INSIDE, LAYERS, Sample, StudyOptions, read_layers, study
from milan.uses.text.study.sample import show_symbol


@pytest.mark.parametrize("layer", LAYERS)
def test_activations_are_those_of_the_network_alone_on_each_text(small_transliteration, small_sample, layer):
    found = read_layers(small_transliteration, small_sample, [layer])[layer]
    assert found.shape == (small_sample.n_positions, {"hidden": 12, "outputs": 152}.get(layer, 24))
    one = Sample(small_sample.texts[7:8], small_sample.vocabulary)
    start = small_sample.starts[7]
    alone = read_layers(small_transliteration, one, [layer])[layer]
    assert np.allclose(found[start : start + len(alone)], alone, atol=1e-6)


def test_outputs_are_chances_and_the_layers_fit_together(small_transliteration, small_sample):
    read = read_layers(small_transliteration, small_sample, LAYERS)
    assert np.allclose(read["outputs"].sum(1), 1, atol=1e-5)
    made = read["input_gate"] * read["cell_input"] + read["forget_gate"] * read["before"]
    assert np.allclose(made, read["cell"], atol=1e-6)
    assert np.allclose(read["output_gate"] * np.tanh(read["cell"]), read["lstm"], atol=1e-6)
    state = small_transliteration.network.state_dict()
    hidden = np.tanh(read["lstm"] @ state["hidden.0.weight"].numpy().T + state["hidden.0.bias"].numpy())
    assert np.allclose(hidden, read["hidden"], atol=1e-5)


def test_an_unknown_layer_names_the_nearest(small_transliteration, small_sample):
    with pytest.raises(UnknownName, match="Did you mean 'input_gate'"):
        read_layers(small_transliteration, small_sample, ["inputgate"])["inputgate"]


def test_tables_are_the_distances_of_every_layer(small_transliteration, small_sample, small_study):
    assert set(small_study.tables) == set(LAYERS)
    decisions = Decisions.of(small_sample.inputs, small_sample.outputs, small_study.pairs)
    cells = read_layers(small_transliteration, small_sample, ["cell"])["cell"]
    again = distance_table(cells, decisions, n_bins=20, repeats=3)
    assert np.array_equal(again.distance, small_study.tables["cell"].distance)
    assert np.array_equal(again.null, small_study.tables["cell"].null)


def test_units_are_asked_for_by_direction(small_study):
    pair = small_study.pair("t", "ծ")
    for layer in INSIDE:
        sides = [small_study.units_of(pair, layer, direction) for direction in (0, 1)]
        assert sorted(sides[0]) == list(range(12))
        assert sorted(sides[1]) == list(range(12, 24))
        assert small_study.units_of(pair, layer)[0] in (sides[0][0], sides[1][0])


def test_means_are_those_where_the_input_has_the_output(small_transliteration, small_sample, small_study):
    pair = small_study.pair("s", "_")
    a, b = small_study.pairs[pair]
    chosen = (small_sample.inputs == a) & (small_sample.outputs == b)
    hidden = read_layers(small_transliteration, small_sample, ["hidden"])["hidden"]
    assert np.allclose(small_study.means["hidden"][pair], hidden[chosen].mean(0), atol=1e-6)


def test_a_pair_that_is_too_rare_is_refused_with_the_known_ones(small_study):
    with pytest.raises(UnknownName, match=r"no pair 't:ճ'.*t:ծ"):
        small_study.pair("t", "ճ")
    names, rare = set(small_study.names), {}
    sample, rules = small_study.sample, small_study.transliteration.rules
    for a, b in zip(sample.inputs.tolist(), sample.outputs.tolist(), strict=True):
        pair = (
            show_symbol(sample.vocabulary.inputs[a], rules),
            show_symbol(sample.vocabulary.outputs[b], rules),
        )
        rare[pair] = rare.get(pair, 0) + (pair not in names)
    (read, told), n = max(rare.items(), key=lambda one: one[1])
    with pytest.raises(DataError, match=f"{re.escape(read)} becomes {re.escape(told)} {n} times and another"):
        small_study.pair(read, told)


def test_a_text_without_frequent_pairs_or_without_the_suffix_is_refused(small_transliteration, small_sample):
    with pytest.raises(DataError, match="300 times each"):
        study(small_transliteration, small_sample, StudyOptions())
    with pytest.raises(DataError, match="'ական'"):
        study(small_transliteration, small_sample, StudyOptions(least=10, suffix="ական"))
    with pytest.raises(DataError, match="no sentences"):
        Sample.of(["", " "], small_transliteration.rules)


def test_a_suffix_is_marked_with_its_placeholders_but_not_at_the_start_of_a_word(small_transliteration):
    rules = small_transliteration.rules
    sample = Sample.of(["թյուր միություններ"], rules)
    (latin, letters), marks = sample.texts[0], sample.within(rules.join("թյուն"))
    inside = "".join(letter for letter, mark in zip(letters, marks, strict=True) if mark)
    assert rules.split(inside.replace(PLACEHOLDER, "")) == "թյուն"
    assert not marks[: latin.index(" ")].any()


def test_a_planted_suffix_unit_is_found_and_measured_on_other_sentences(small_transliteration, small_sample):
    options = StudyOptions(least=10, n_bins=20, repeats=1, suffix="թյուն")
    marks = small_sample.within(small_transliteration.rules.join("թյուն"))
    module = small_transliteration.network.hidden

    def plant(_module, _arguments, output):
        planted = torch.zeros(output.shape[:2])
        for row, codes in enumerate(read_codes[-1]):
            at = codes_of.index(codes.tolist())
            planted[row] = torch.from_numpy(marks[small_sample.text_of == at].astype(np.float32))
        output[:, :, 3] = planted

    read_codes = []
    codes_of = [small_sample.inputs[small_sample.text_of == n].tolist() for n in range(60)]
    heard = small_transliteration.network.register_forward_pre_hook(
        lambda _, given: read_codes.append(given[0])
    )
    handle = module.register_forward_hook(plant)
    try:
        found = study(small_transliteration, small_sample, options).suffixes["hidden"]
    finally:
        handle.remove()
        heard.remove()
    assert found.best == 3
    assert found.figure.low > 0.99
    assert found.by_letter < 0.9
