"""English noun phrases in the bank's style: lower case, an article where a word takes one."""

from captioner.bank_sources.inflection import SINGULAR_IN_S

__all__ = ["definite", "indefinite", "plain", "without_article"]


def _words(text: str) -> frozenset[str]:
    """Words of a list; `~` stands for a space inside one."""
    return frozenset(word.replace("~", " ") for word in text.split())


# Substances are told by WordNet; these are the other nouns that are not counted.
_MASS = _words(
    """
    ammunition artillery barley drapery flannel gingham lather livestock masonry mulch shrapnel taffy
    tennis tweed alcohol algae apparel armor armour asparagus asphalt attire bacon badminton bark batter
    beef beer body~armor bowling boxing bread broccoli butter cabbage cake candy cardboard cauliflower
    cheese china chocolate chrome cider clothing coffee confetti coral corn cotton cream crockery cutlery
    defense denim dew dirt dna dough drizzle dust e-mail equipment fabric fat feces field~hockey fire
    flesh flour fog foil foliage food footwear fruit fudge fur furniture garb garbage garlic gear ginger
    glassware gold gossamer graffiti grass gravel gravy grease hair ham hardware hay headgear honey ice
    ice~cream ice~hockey instrumentation ivory jam jewellery jewelry juice lace lacrosse lamb leather
    lettuce lightning linen lingerie luggage machinery mail marmalade meat milk mist mold moss mud mustard
    neon nourishment oatmeal oil paint paper paraphernalia parsley pasta pastry paving pepper ping~pong
    plaster pollen popcorn porcelain pork porridge pottery poultry produce rain rice rust sake salad salt
    sand scaffolding seafood seaweed silk silver silverware skin sky~blue smoke snow soap soil soup
    spaghetti spinach stubble stucco sugar sunlight sushi tableware tapestry tea textile thread timber
    toast tofu traffic vegetation velvet venison water weather wheat wine wood wool yarn yogurt wallpaper
    ink cloth underwear luggage rum vodka whiskey ale baggage brandy brittle chalk espresso gum jelly
    gloss mascara powder salsa sauce satin soda syrup tonic vinegar mix
    """
)
_PLURAL = _words("cattle children dice feet fungi geese men mice oxen people police skis teeth women")
_SPOKEN_WITH_A_VOWEL = frozenset("aefhilmnorsx")
_CONSONANT_SOUND = tuple(_words("uni use usu uter uku eu ewe one- one~ once ufo u-"))
_VOWEL_SOUND = tuple(_words("hour honest honor honour heir x-ray mp3 f- x- sos"))
_UN_BEFORE_I = ("unin", "unim", "unident")  # a vowel after all: un- and not uni-


def plain(words: str) -> str:
    """Lower case, spaces for underscores.

    >>> plain("German_shepherd dog")
    'german shepherd dog'
    """
    return " ".join(words.replace("_", " ").lower().split())


def indefinite(noun: str, mass: bool = False) -> str:
    """Put a or an before one countable thing; leave plurals and what is not counted bare.

    >>> [indefinite(noun) for noun in ("apple", "unicorn", "hourglass", "grapes", "bread", "slice of bread")]
    ['an apple', 'a unicorn', 'an hourglass', 'grapes', 'bread', 'a slice of bread']
    >>> indefinite("mercury", mass=True)
    'mercury'
    """
    if noun.startswith(("a ", "an ", "the ")) or _is_bare(noun, mass):
        return noun
    return f"{'an' if _starts_with_a_vowel(noun) else 'a'} {noun}"


def definite(part: str, whole: str, mass: bool = False) -> str:
    """Name a part of a whole.

    >>> definite("wheel", "car"), definite("eyes", "owl")
    ('the wheel of a car', 'the eyes of an owl')
    """
    return f"the {part} of {indefinite(whole, mass)}"


def without_article(phrase: str) -> str:
    """Take a leading article away.

    >>> without_article("an owl"), without_article("another")
    ('owl', 'another')
    """
    first, _, rest = phrase.partition(" ")
    return rest if rest and first in ("a", "an", "the") else phrase


def _is_bare(noun: str, mass: bool) -> bool:
    head = noun
    for link in (" of ", " with ", " on ", " in ", " for ", " at "):
        head = head.split(link)[0]
    last = head.split()[-1].split("-")[-1]
    if head != noun:
        mass = False  # "a piece of gold": the head is counted
    plural = last in _PLURAL or (
        len(last) > 1
        and last.endswith("s")
        and not last.endswith(("ss", "us", "is"))
        and last not in SINGULAR_IN_S
    )
    return mass or plural or last in _MASS or last.endswith(("wear", "ware")) or head in _MASS


def _starts_with_a_vowel(noun: str) -> bool:
    first = noun.split(maxsplit=1)[0]
    if len(first) == 1:
        return first in _SPOKEN_WITH_A_VOWEL
    if noun.startswith(_VOWEL_SOUND + _UN_BEFORE_I):
        return True
    return first[0] in "aeiou" and not noun.startswith(_CONSONANT_SOUND)
