"""One and many: plurals of English nouns and the way back."""

__all__ = ["SINGULAR_IN_S", "plural", "says_twice", "singular"]

SINGULAR_IN_S = frozenset(
    word
    for line in (
        "abacus albatross ananas apparatus arras asbestos atlas axis basis bonus bus cactus caddis campus",
        "canvas carcass chaos chassis christmas circus citrus clematis colossus compass corps cosmos crocus",
        "cumulus cypress dais eucalyptus fungus gallows gas gladiolus hibiscus hippopotamus humerus hummus",
        "ibis iris isthmus lens lotus mantis minibus mistress narcissus nimbus octopus omnibus papyrus",
        "pelvis platypus plexus porpoise rhinoceros ruckus sarcophagus sassafras stegosaurus tennis thermos",
        "thesaurus tortoise trellis trolleybus uterus virus walrus",
    )
    for word in line.split()
)
"""Words that look like plurals and are none."""

_MANY = {
    "antenna": "antennae", "calf": "calves", "child": "children", "die": "dice", "foot": "feet",
    "goose": "geese", "half": "halves", "hoof": "hooves", "knife": "knives", "leaf": "leaves",
    "loaf": "loaves", "man": "men", "mouse": "mice", "ox": "oxen", "person": "people", "potato": "potatoes",
    "scarf": "scarves", "shelf": "shelves", "thief": "thieves", "tomato": "tomatoes", "tooth": "teeth",
    "wife": "wives", "wolf": "wolves", "woman": "women", "mango": "mangoes", "mosquito": "mosquitoes",
}  # fmt: skip
_BOTH = frozenset(
    word
    for line in (
        "bison cattle cod deer elk fish goldfish jellyfish moose reindeer sheep shrimp squid starfish swine",
        "aircraft swordfish clownfish crossroads",
    )
    for word in line.split()
)
_ONE = {many: one for one, many in _MANY.items()} | {
    word: word.removesuffix("s")
    for line in (
        "ties pies cookies horses noses houses axes hoodies movies roses causes zombies collies blouses",
        "hoses brownies smoothies",
    )
    for word in line.split()
}


_SAY_NOTHING = frozenset(["a", "an", "and", "in", "of", "on", "the", "with"])


def plural(noun: str) -> str:
    """Name several of a countable thing; a noun of nouns changes its head.

    >>> [plural(noun) for noun in ("dog", "bus", "cherry", "red fox", "slice of bread", "sheep", "mouse")]
    ['dogs', 'buses', 'cherries', 'red foxes', 'slices of bread', 'sheep', 'mice']
    """
    head, of, rest = noun.partition(" of ")
    *before, last = head.split(" ")
    return " ".join([*before, _several(last)]) + of + rest


def singular(noun: str) -> str:
    """Name one of several, by the last word; a singular stays as it is.

    >>> [singular(noun) for noun in ("dogs", "buses", "cherries", "wolves", "glass", "bus", "shoes", "mice")]
    ['dog', 'bus', 'cherry', 'wolf', 'glass', 'bus', 'shoe', 'mouse']
    """
    *before, last = noun.split(" ")
    return " ".join([*before, _single(last)])


def says_twice(phrase: str) -> bool:
    """Whether a word that says something comes twice, be it in the plural.

    >>> says_twice("white dots on a white wall"), says_twice("the wheel of wheels"), says_twice("a cat")
    (True, True, False)
    """
    said = [singular(word) for word in phrase.split() if word not in _SAY_NOTHING]
    return len(set(said)) < len(said)


def _several(word: str) -> str:
    if word.endswith("shelf"):
        return f"{word[:-1]}ves"
    if word in _BOTH or word in _MANY:
        return _MANY.get(word, word)
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def _single(word: str) -> str:
    if word in _ONE:
        return _ONE[word]
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in SINGULAR_IN_S or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word[:-2] in SINGULAR_IN_S:
        return word[:-2]
    return word[:-2] if word.endswith(("sses", "xes", "zzes", "ches", "shes", "uses")) else word[:-1]
