import numpy as np
import pytest

from milan.errors import BadSetting, UnknownName
from milan.scenes import Scene, SceneSettings, render_scene, stream_scenes

SMALL = SceneSettings(size=96, max_objects=5)
SEEDS = range(25)


def mask_named(scene: Scene, phrase: str) -> np.ndarray:
    parts = [part for item in scene.objects for part in item.parts]
    return next(part.mask for part in parts if part.phrase == phrase)


def centre(mask: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(columns.mean()), float(rows.mean())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others():
    first, second, other = (render_scene(seed, SMALL) for seed in (4, 4, 5))
    assert first.picture.tobytes() == second.picture.tobytes()
    assert [i.phrases for i in first.objects] == [i.phrases for i in second.objects]
    assert all(np.array_equal(a.mask, b.mask) for a, b in zip(first.objects, second.objects, strict=True))
    assert first.picture.tobytes() != other.picture.tobytes()


def test_a_stream_is_the_scenes_of_consecutive_seeds():
    streamed = [scene.picture for scene in stream_scenes(10, 3, SMALL)]
    assert all(np.array_equal(p, render_scene(10 + i, SMALL).picture) for i, p in enumerate(streamed))


@pytest.mark.parametrize("seed", SEEDS)
def test_masks_of_a_scene_are_disjoint_and_cover_the_picture(seed):
    scene = render_scene(seed, SMALL)
    owners = np.sum([item.mask for item in scene.objects], axis=0)
    assert owners.max() == 1
    # Slivers of background too small to point at are nobody's.
    assert (owners == 0).sum() < 48


@pytest.mark.parametrize("seed", SEEDS)
def test_boxes_are_tight_and_parts_lie_inside_their_object(seed):
    for item in render_scene(seed, SMALL).objects:
        x, y, width, height = item.box
        inside = item.mask[y : y + height, x : x + width]
        assert inside.sum() == item.mask.sum() > 0
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()
        for part in item.parts:
            assert part.mask.any()
            assert not (part.mask & ~item.mask).any()


def test_an_earlier_object_keeps_the_share_of_itself_that_the_settings_ask_for():
    kinds = ("shape", "emoji")
    crowded = {"size": 96, "max_objects": 8, "scale": (0.4, 0.6), "concepts": frozenset({"shape:square"})}
    shares = []
    for seed in range(30):
        for item in render_scene(seed, SceneSettings(kinds=kinds, visible=0.6, **crowded)).objects:
            _, _, width, height = item.box
            shares.append(item.mask.sum() / max(width, height) ** 2)
    # A square's longer visible side is its side, unless it was cut on two sides.
    assert min(shares) >= 0.6 - 0.01
    assert min(shares) < 0.9


def test_a_shape_has_its_colour_where_its_mask_is():
    settings = SceneSettings(size=96, max_objects=1, kinds=("shape",), concepts=frozenset({"shape:square"}))
    channels = {"red": 0, "green": 1, "blue": 2}
    seen = set()
    for seed in range(60):
        for item in render_scene(seed, settings).objects:
            if item.colour in channels:
                picture = render_scene(seed, settings).picture
                assert picture[item.mask].mean(axis=0).argmax() == channels[item.colour]
                seen.add(item.colour)
    assert seen == set(channels)


def test_left_half_is_on_the_left_and_top_half_above():
    for scene in stream_scenes(0, 20, SMALL):
        for item in scene.objects:
            sides = {
                part.phrase.split(" half")[0]: part.mask for part in item.parts if " half of " in part.phrase
            }
            if {"left", "right"} <= sides.keys():
                assert centre(sides["left"])[0] < centre(sides["right"])[0]
            if {"top", "bottom"} <= sides.keys():
                assert centre(sides["top"])[1] < centre(sides["bottom"])[1]


@pytest.mark.parametrize("concept", ["emoji:dog_face", "emoji:automobile", "emoji:sailboat"])
def test_left_and_right_parts_stay_left_and_right_in_a_flipped_scene(concept):
    pairs = {"emoji:dog_face": "ear", "emoji:automobile": "wheel", "emoji:sailboat": "sail"}
    part = pairs[concept]
    for seed in range(6):
        for flipped in (False, True):
            settings = SceneSettings(
                size=96, max_objects=1, kinds=("emoji",), concepts=frozenset({concept}), flipped=flipped
            )
            scene = render_scene(seed, settings)
            phrase = scene.objects[0].phrases[0]
            left = centre(mask_named(scene, f"left {part} of {phrase}"))
            right = centre(mask_named(scene, f"right {part} of {phrase}"))
            assert left[0] < centre(scene.objects[0].mask)[0] < right[0]


def test_a_flipped_scene_is_the_mirror_image_with_phrases_that_follow():
    kinds = ("emoji", "shape", "background")
    for seed in range(8):
        scene = render_scene(
            seed, SceneSettings(size=96, kinds=kinds, concepts=frozenset({"emoji:fox", "shape:star"}))
        )
        flipped = render_scene(
            seed,
            SceneSettings(
                size=96, kinds=kinds, concepts=frozenset({"emoji:fox", "shape:star"}), flipped=True
            ),
        )
        np.testing.assert_array_equal(flipped.picture, scene.picture[:, ::-1])
        for before, after in zip(scene.objects, flipped.objects, strict=True):
            assert before.phrases == after.phrases
            np.testing.assert_array_equal(after.mask, before.mask[:, ::-1])


def test_writing_stays_readable_in_a_flipped_scene():
    settings = {"size": 128, "max_objects": 1, "kinds": ("letter",), "concepts": frozenset({"letter:F"})}
    scene = render_scene(3, SceneSettings(**settings))
    flipped = render_scene(3, SceneSettings(**settings, flipped=True))
    (x, y, width, height), (x_flipped, *_) = scene.objects[0].box, flipped.objects[0].box
    assert x_flipped == 128 - x - width
    before = scene.objects[0].mask[y : y + height, x : x + width]
    after = flipped.objects[0].mask[y : y + height, x_flipped : x_flipped + width]
    np.testing.assert_array_equal(before, after)


def test_phrases_go_from_the_most_specific_to_the_most_general():
    settings = SceneSettings(
        size=96, max_objects=1, kinds=("emoji",), concepts=frozenset({"emoji:red_apple"})
    )
    assert render_scene(0, settings).objects[0].phrases == ("a red apple", "an apple", "a fruit", "food")


def test_objects_are_named_in_the_languages_asked_for():
    settings = SceneSettings(
        size=96,
        max_objects=1,
        kinds=("emoji",),
        concepts=frozenset({"emoji:red_apple"}),
        languages=("de", "ja"),
    )
    assert render_scene(0, settings).objects[0].names == {"de": "roter apfel", "ja": "赤リンゴ"}


def test_only_the_kinds_asked_for_are_drawn_and_listed():
    kinds = {
        item.kind
        for s in stream_scenes(0, 30, SceneSettings(size=64, kinds=("letter",)))
        for item in s.objects
    }
    assert kinds == {"letter"}


def test_without_background_concepts_any_background_may_be_painted():
    settings = SceneSettings(size=64, concepts=frozenset({"shape:star"}))
    concepts = {item.concept for scene in stream_scenes(0, 40, settings) for item in scene.objects}
    assert {"shape:star", "background:sky", "background:gradient"} <= concepts


def test_another_drawing_style_takes_the_place_of_the_cutouts():
    def blue_blob(character: str) -> np.ndarray:
        return np.broadcast_to(np.array([0, 0, 255, 255], np.uint8), (10, 10, 4)).copy()

    settings = SceneSettings(
        size=96, max_objects=1, kinds=("emoji",), concepts=frozenset({"emoji:red_apple"})
    )
    scenes = [render_scene(seed, settings, blue_blob) for seed in range(10)]
    drawn = [(s, item) for s in scenes for item in s.objects]
    assert drawn
    assert all((scene.picture[item.mask] == [0, 0, 255]).all() for scene, item in drawn)
    assert {item.colour for _, item in drawn} == {"blue"}


def test_a_style_that_does_not_draw_an_emoji_says_which():
    settings = SceneSettings(size=96, kinds=("emoji",), concepts=frozenset({"emoji:red_apple"}))
    with pytest.raises(UnknownName, match="🍎"):
        render_scene(0, settings, lambda character: None)


def test_concepts_of_other_kinds_than_those_asked_for_are_refused():
    with pytest.raises(BadSetting, match="emoji"):
        render_scene(0, SceneSettings(kinds=("emoji",), concepts=frozenset({"shape:star"})))


def test_an_unknown_concept_names_the_nearest():
    settings = SceneSettings(concepts=frozenset({"emoji:red_aple"}))
    with pytest.raises(UnknownName, match="emoji:red_apple"):
        render_scene(0, settings)


def test_a_negative_seed_is_refused():
    with pytest.raises(BadSetting, match="-1"):
        render_scene(-1)
