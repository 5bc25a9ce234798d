"""Words of which English makes no new ones, and a few that short phrases use in a way of their own."""

__all__ = [
    "ADJECTIVE_ENDINGS",
    "AUXILIARIES",
    "BEFORE_NOUNS",
    "COLOURS",
    "IRREGULAR_PARTICIPLES",
    "JOINS",
    "NOUN_PHRASE_BEGINS",
    "OTHER_WORDS",
    "PARTICLES",
    "PREPOSITIONS",
    "SIDES_OF",
    "THINGS_TOO",
]


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


PREPOSITIONS = _set(
    "about above across after against along alongside among amid around as at atop before behind below",
    "beneath beside besides between beyond by despite down during except for from in inside into like near",
    "of off on onto opposite out outside over past per than through throughout to toward towards under",
    "underneath until up upon via with within without",
)
PARTICLES = _set("down up out off over")
"""Adverbs before another preposition: lying down on grass."""
NOUN_PHRASE_BEGINS = _set(
    "a an the this that these those its his her their my our your some any each every no another both all",
    "one two three four five six seven eight nine ten several many few much various multiple someone",
    "something it them him",
)
OTHER_WORDS = NOUN_PHRASE_BEGINS | _set(
    "and or but nor not is are was were be been being has have had does did could would should which who",
    "what where when while very too also so more most less least quite rather almost n't just only there",
    "here she he they we you i",
)
AUXILIARIES = _set("can do will may might must")
"""Nouns where a noun may stand: a soda can."""
JOINS = _set("and or & to")
COLOURS = _set(
    "red orange yellow green blue purple violet pink brown black white gray grey beige tan turquoise teal",
    "gold silver golden cream maroon navy magenta cyan lavender aquamarine crimson scarlet indigo khaki",
    "olive salmon ruby",
)
THINGS_TOO = _set("cream gold olive ruby salmon silver")
"""Colours that are more often things where no noun follows."""
BEFORE_NOUNS = _set("left right light")
"""Nouns more often than not, but adjectives before a colour or a side: a light blue wall, the left half."""
SIDES_OF = _set("half side part hand corner edge ear eye wing")
IRREGULAR_PARTICIPLES = _set(
    "seen worn held made taken broken frozen woven torn cut built drawn grown hung written bent spread shown",
    "eaten hidden shot caught cast thrown fallen",
)
ADJECTIVE_ENDINGS = tuple(sorted(_set("ish ian ean ese ic al ous ive able ible ary en")))
