import milan.errors
from milan.errors import MilanError, UnknownName, UsageError, nearest


def test_an_unknown_name_says_the_nearest_and_where_to_look() -> None:
    error = UnknownName("layer", "layr4", ["layer3", "layer4"], "List them: milan layers X")
    assert str(error) == "no layer 'layr4'. Did you mean 'layer4'? List them: milan layers X"


def test_nothing_is_suggested_when_nothing_is_close() -> None:
    assert nearest("zzz", ["layer1"]) is None
    assert str(UnknownName("layer", "zzz", ["layer1"])) == "no layer 'zzz'."


def test_every_error_is_in_the_tree_of_the_docstring_and_has_an_exit_code() -> None:
    assert milan.errors.__doc__ is not None
    for name in milan.errors.__all__:
        kind = getattr(milan.errors, name)
        if isinstance(kind, type):
            assert issubclass(kind, MilanError)
            assert name in milan.errors.__doc__
            assert kind.exit_code == (2 if issubclass(kind, UsageError) else 1)
