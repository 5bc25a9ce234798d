"""What a language model is asked, each time after a few worked examples.

Ways to ask as published: words that drive a unit marked by << and >>, yes or no a passage (EleutherAI's
delphi, its detection score), and a list of words with a slot each, all read at once (OpenAI's automated
interpretability, its simulation score). Words and examples are our own; a plain continuation is asked for, so
that models without a chat format serve as well.
"""

from collections.abc import Sequence

__all__ = [
    "EXAMPLES",
    "LEVELS",
    "NO",
    "UNKNOWN",
    "YES",
    "explain_prompt",
    "fits_piece",
    "fits_prompt",
    "levels_prompt",
]

LEVELS = tuple("0123456789")
"""How active a unit may be said to be: a digit, because it is one token nearly everywhere."""
UNKNOWN = "unknown"
"""What stands in a slot that is to be guessed."""
YES, NO = " yes", " no"

_DAYS, _PAST, _NO = "days of the week", "verbs in the past tense", "negation"
_MONEY = "money and prices"
EXAMPLES = (_DAYS, _PAST, _NO, _MONEY)
"""What the worked examples are said to answer to."""
_WRITTEN = {
    _DAYS: ("We leave on <<Monday>> .", "The shop is closed on <<Sundays>> .", "One <<Friday>> in June ."),
    _PAST: ("They <<walked>> home in the rain .", "She <<opened>> the letter .", "Nobody <<answered>> him ."),
    _NO: ("It was <<not>> my fault .", "There is <<no>> milk left .", "I have <<never>> been there ."),
    _MONEY: ("The ticket cost ten <<dollars>> .", "She pays the <<rent>> in cash .", "A <<cheap>> room ."),
}
_FITS = (
    (_DAYS, "The next meeting is on Tuesday .", True),
    (_MONEY, "The cat slept under the table .", False),
    (_NO, "Nobody knew where he had gone .", True),
    (_PAST, "It will rain tomorrow .", False),
)
_LEVELS = (
    (_DAYS, (("See", 0), ("you", 0), ("next", 1), ("Thursday", 9), (".", 0))),
    (_PAST, (("He", 0), ("never", 0), ("asked", 9), ("why", 0), ("she", 0), ("left", 8), (".", 0))),
    (_MONEY, (("I", 0), ("paid", 6), ("twenty", 4), ("euros", 9), ("for", 1), ("it", 0), (".", 0))),
)
_GUESSED = 2
"""Words of each example whose level is not told, as none is in what is asked."""


def explain_prompt(passages: Sequence[str]) -> str:
    """Ask for what passages have in common, their strongest words marked; of none, what is likely at all."""
    examples = [_explained(shown, phrase) for phrase, shown in _WRITTEN.items()]
    return "\n\n".join([*examples, _explained(passages or ("...",), "")]).rstrip()


def _explained(passages: Sequence[str], phrase: str) -> str:
    lines = "\n".join(f"- {passage}" for passage in passages)
    return f"Passages:\n{lines}\nWhat the words in << >> have in common: {phrase}"


def fits_prompt() -> str:
    """Worked examples of whether a phrase fits a passage; `fits_piece` asks the next."""
    examples = (fits_piece(phrase, passage) + (YES if fits else NO) for phrase, passage, fits in _FITS)
    return "\n\n".join(examples) + "\n\n"


def fits_piece(phrase: str, passage: str) -> str:
    """Ask whether a phrase fits a passage."""
    return f"Phrase: {phrase}\nPassage: {passage}\nIs there something in the passage that the phrase fits?"


def levels_prompt(phrase: str) -> str:
    """Ask how active a unit is at each word; what follows are words, a line each, with a tab and a slot."""
    examples = (_levels(*example) for example in _LEVELS)
    return "\n\n".join([*examples, _answers_to(phrase)])


def _levels(phrase: str, words: Sequence[tuple[str, int]]) -> str:
    lines = (
        f"{word}\t{UNKNOWN if place < _GUESSED else level}\n" for place, (word, level) in enumerate(words)
    )
    return _answers_to(phrase) + "".join(lines).rstrip()


def _answers_to(phrase: str) -> str:
    return f"A unit answers to: {phrase}\nIts activation at each word, 0 to 9:\n"
