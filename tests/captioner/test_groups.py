import numpy as np

from captioner.groups import PhraseIndex
from captioner.samples import Sample

SAMPLES = [Sample("a", None, ("a dog", "an animal"))] * 99 + [Sample("b", None, ("a cat", "an animal"))]
INDEX = PhraseIndex.of(SAMPLES)


def test_a_rare_phrase_is_drawn_more_than_its_share_and_less_than_evenly() -> None:
    drawn = INDEX.draw(np.random.default_rng(0), 10_000)
    cats = np.mean(drawn.phrases == INDEX.phrases.index("a cat"))
    assert 1 / 200 < cats < 1 / 3
    assert np.isclose(cats, 1 / (1 + 99**0.5 + 100**0.5), atol=0.01)


def test_a_group_shares_its_phrase() -> None:
    for group in INDEX.groups(np.random.default_rng(1), 50, size=7, stray=0.0):
        assert len(group.rows) == 7
        assert all(INDEX.phrases[group.phrase] in SAMPLES[row].phrases for row in group.rows)


def test_a_phrase_of_one_region_repeats_it() -> None:
    groups = INDEX.groups(np.random.default_rng(2), 200, size=4, stray=0.0)
    (cat,) = {tuple(g.rows) for g in groups if INDEX.phrases[g.phrase] == "a cat"}
    assert cat == (99, 99, 99, 99)


def test_strays_never_fill_a_group() -> None:
    for group in INDEX.groups(np.random.default_rng(3), 50, size=5, stray=1.0):
        assert INDEX.phrases[group.phrase] in SAMPLES[group.rows[0]].phrases


def test_a_kind_of_no_weight_is_not_drawn() -> None:
    samples = [*SAMPLES, Sample("c", None, ("a caption",), kind="caption")]
    index = PhraseIndex.of(samples, {"caption": 0.0})
    drawn = index.draw(np.random.default_rng(0), 2_000)
    assert index.phrases.index("a caption") not in drawn.phrases
