from milan.transliteration.corpus import group_alike, split_lines

_SAID = "The minister opened the northern bridge yesterday"
_AGAIN = "Yesterday the northern bridge was opened by the minister"


def test_paraphrases_wherever_they_stand_are_of_one_group():
    others = [f"{first} {second} is something else" for first in "abcdefgh" for second in "ijklmnop"]
    groups = group_alike([_SAID, *others[:30], _AGAIN, *others[30:]])
    assert groups[31] == groups[0]


def test_equal_lines_are_of_one_group_even_without_rare_words():
    assert group_alike(["a", "b", "a"]) == [0, 1, 0]


def test_nothing_alike_is_on_two_sides():
    lines = [
        line
        for number in range(300)
        for line in (f"sentence w{number}x v{number}y u{number}z", f"v{number}y u{number}z w{number}x other")
    ]
    sides = split_lines(lines)
    numbers = [{line.split()[-2].strip("vuwxyz") for line in side} for side in sides]
    assert not numbers[0] & numbers[1]
    assert not numbers[0] & numbers[2]
    assert sum(map(len, sides)) == 600


def test_the_split_is_about_as_told_and_the_same_in_any_order():
    lines = [f"{number}line {number}with {number}words" for number in range(4000)]
    sides = split_lines(lines)
    assert abs(len(sides.train) / 4000 - 0.65) < 0.03
    assert abs(len(sides.test) / 4000 - 0.3) < 0.03
    assert [sorted(side) for side in split_lines(lines[::-1])] == [sorted(side) for side in sides]
