"""Pictures with faces, and the faces blurred."""

import numpy as np
import pytest

from milan.errors import UnknownName
from milan.scenes.concepts import concepts
from milan.scenes.faces import CLASSES, SIZE, blurred, draw
from milan.scenes.faces.pictures import OTHERS, PEOPLE, THINGS, smileys


def test_a_class_with_a_face_shows_one_and_its_twin_without_shows_none():
    for number, name in enumerate(CLASSES):
        picture, face = draw(name, np.random.default_rng(number))
        assert picture.shape == (SIZE, SIZE, 3)
        if name in THINGS:
            assert face is None
        else:
            assert face is not None
            assert face.concept in {*PEOPLE, *smileys()}
            assert face.mask.sum() > 100


def test_the_same_randomness_draws_the_same_picture():
    first, second = (draw("guitar with a face", np.random.default_rng(5)) for _ in range(2))
    assert (first.picture == second.picture).all()


def test_blurring_softens_the_face_and_changes_nothing_else():
    picture, face = draw("house with a face", np.random.default_rng(3))
    assert face is not None
    soft = blurred(picture, face.mask)
    assert (soft[~face.mask] == picture[~face.mask]).all()
    assert (soft[face.mask] != picture[face.mask]).any(axis=1).mean() > 0.8
    assert soft[face.mask].std(axis=0).mean() < picture[face.mask].std(axis=0).mean()


def test_what_lies_beside_things_is_known_and_of_its_kind():
    assert concepts().keys() >= {*PEOPLE, *OTHERS, *THINGS.values()}
    kinds = {key: concepts()[key].kinds for key in (*PEOPLE, *OTHERS)}
    assert all("person" in kinds[key] for key in PEOPLE)
    assert not any({"face", "person"} & set(kinds[key]) for key in OTHERS)


def test_an_unknown_class_is_refused_with_those_that_are_known():
    with pytest.raises(UnknownName, match="guitar"):
        draw("gitar", np.random.default_rng(0))
