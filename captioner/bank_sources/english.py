"""English noun phrases in the bank's style: lower case, an article where a word takes one."""

__all__ = ["definite", "indefinite", "plain"]

# Substances are told by WordNet; these are the other nouns that are not counted.
_MASS = frozenset(
    """
    apparel attire badminton bowling boxing dna e-mail garb ice~hockey field~hockey lacrosse nourishment
    paraphernalia ping~pong produce instrumentation defense linen denim velvet chrome foil asphalt plaster
    alcohol algae armor armour asparagus bacon bark batter beef beer body~armor bread broccoli butter cabbage
    cake candy cardboard cauliflower cheese china chocolate cider clothing coffee confetti coral corn cotton
    cream crockery cutlery dew dirt dough drizzle dust equipment fabric fat feces fire flesh flour fog foliage
    food footwear fruit fudge fur furniture garbage garlic gear ginger glassware gold gossamer graffiti grass
    gravel gravy grease ham hardware headgear hay honey ice ice~cream ivory jam jewelry jewellery juice lace
    lamb leather lettuce lightning linen lingerie luggage machinery mail marmalade meat milk mist mold moss
    mud mustard neon oil oatmeal paint paper parsley pasta pastry paving pepper pollen popcorn porcelain pork
    porridge pottery poultry rain rice rust sake salad salt sand scaffolding seafood seaweed silk silver
    silverware skin sky~blue smoke snow soap soil soup spaghetti spinach stubble stucco sugar sunlight sushi
    tableware tapestry tea textile thread timber toast tofu traffic vegetation venison water weather wheat
    wine wood wool yarn yogurt
    """.replace("~", "_").split()
)
_SINGULAR_IN_S = frozenset(
    """
    abacus albatross arras asbestos atlas bus cactus canvas carcass christmas chaos chassis citrus clematis
    colossus compass corps crocus cypress eucalyptus gallows gas gladiolus hibiscus hippopotamus humerus ibis
    iris lens lotus mantis minibus octopus omnibus papyrus pelvis platypus plexus porpoise rhinoceros ruckus
    sarcophagus sassafras stegosaurus tennis tortoise trellis trolleybus uterus walrus bus~stop circus campus
    apparatus fetus virus fungus bonus thermos ananas hummus isthmus nimbus cumulus canis hyacinthus narcissus
    cosmos tyrannosaurus-rex rex thesaurus dais mistress caddis axis basis
    """.replace("~", "_").split()
)
_PLURAL = frozenset(
    """
    cattle children dice feet fungi geese men mice oxen people police skis teeth women
    """.split()
)
_CONSONANT_SOUND = (
    "uni",
    "use",
    "usu",
    "uter",
    "uku",
    "euro",
    "eu",
    "ewe",
    "one-",
    "one ",
    "once",
    "ufo",
    "u-",
)
_VOWEL_SOUND = ("hour", "honest", "honor", "honour", "heir", "x-ray", "mp3", "f-", "x-", "sos")
_UNINTERESTING = ("unin", "unim", "unident")  # un- before i: a vowel after all
_SPOKEN_WITH_A_VOWEL = frozenset("aefhilmnorsx")


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


def _is_bare(noun: str, mass: bool) -> bool:
    head = noun
    for link in (" of ", " with ", " on ", " in ", " for ", " at ", " and "):
        head = head.split(link)[0]
    last = head.split()[-1].split("-")[-1]
    if head != noun:
        mass = False  # "a piece of gold": the head is counted
    plural = last in _PLURAL or (
        last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in _SINGULAR_IN_S
    )
    return (
        mass or plural or last in _MASS or last.endswith(("wear", "ware")) or head.replace(" ", "_") in _MASS
    )


def _starts_with_a_vowel(noun: str) -> bool:
    first = noun.split(maxsplit=1)[0]
    if len(first) == 1:
        return first in _SPOKEN_WITH_A_VOWEL
    if noun.startswith(_VOWEL_SOUND + _UNINTERESTING):
        return True
    return first[0] in "aeiou" and not noun.startswith(_CONSONANT_SOUND)
