"""A text of our own making, with all its tags: small talk of people, places, months and numbers."""

from typing import NamedTuple

import numpy as np

from milan.texts import Annotated, Sentences

__all__ = ["write_text"]


class _Word(NamedTuple):
    form: str
    lemma: str
    part: str
    features: str = ""


_VERBS = tuple(
    tuple(forms.split("/"))
    for forms in (
        "walk/walks/walked/walking", "see/sees/saw/seeing", "paint/paints/painted/painting",
        "know/knows/knew/knowing", "help/helps/helped/helping", "buy/buys/bought/buying",
        "clean/cleans/cleaned/cleaning", "bring/brings/brought/bringing", "call/calls/called/calling",
        "find/finds/found/finding", "watch/watches/watched/watching", "sell/sells/sold/selling",
    )
)  # fmt: skip
_NOUNS = [
    "dog",
    "cat",
    "house",
    "garden",
    "river",
    "teacher",
    "farmer",
    "letter",
    "table",
    "bridge",
    "window",
    "train",
    "ship",
    "market",
    "song",
    "picture",
]
_NAMES = ["Anna", "Bela", "Carlos", "Dina", "Emil", "Farida", "Goran", "Hana", "Ivan", "Jonas"]
_CITIES = ["Paris", "London", "Yerevan", "Cairo", "Lima", "Oslo", "Kyoto", "Rome"]
_ADJECTIVES = [
    "old",
    "new",
    "small",
    "large",
    "quiet",
    "happy",
    "bright",
    "heavy",
    "green",
    "red",
    "blue",
    "yellow",
]
_ADVERBS = ["quickly", "slowly", "gladly", "quietly", "rarely", "often", "sometimes", "always"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"]


def write_text(n_sentences: int, seed: int = 0) -> Annotated:
    """Sentences of 4 to some 20 words with all tags but relations; equal arguments, equal text."""
    random = np.random.default_rng(seed)
    written = [_sentence(random) for _ in range(n_sentences)]
    words = [word for sentence in written for word in sentence]
    return Annotated(
        Sentences.of([word.form for word in sentence] for sentence in written),
        tuple(word.lemma for word in words),
        tuple(word.part for word in words),
        tuple(tuple(word.features.split("|")) if word.features else () for word in words),
        (None,) * len(words),
    )


def _sentence(random: np.random.Generator) -> list[_Word]:
    words = _clause(random)
    if random.random() < 0.35:
        words += [_one(random, ["and", "but", "while", "because"], "CCONJ"), *_clause(random)]
    if random.random() < 0.3:
        words += [_Word("in", "in", "ADP"), _one(random, _MONTHS, "PROPN", "Number=Sing")]
    if random.random() < 0.2:
        words.insert(0, _Word(",", ",", "PUNCT"))
        words.insert(0, _one(random, ["yesterday", "today", "sometimes", "now", "then"], "ADV"))
    first = words[0]
    words[0] = first._replace(form=first.form[0].upper() + first.form[1:])
    return [*words, _Word("." if random.random() < 0.8 else "?", ".", "PUNCT")]


def _clause(random: np.random.Generator) -> list[_Word]:
    words = _people(random)
    base, third, past, going = _VERBS[random.integers(len(_VERBS))]
    kind = random.random()
    if kind < 0.4:
        words.append(_Word(past, base, "VERB", "Tense=Past|VerbForm=Fin"))
    elif kind < 0.65:
        words.append(_Word(third, base, "VERB", "Tense=Pres|VerbForm=Fin"))
    elif kind < 0.8:
        words += [
            _Word("is", "be", "AUX", "Tense=Pres|VerbForm=Fin"),
            _Word(going, base, "VERB", "VerbForm=Ger"),
        ]
    else:
        not_ = _one(random, ["not", "never"], "PART", "Polarity=Neg")
        words += [
            _one(random, ["will", "can", "may"], "AUX", "VerbForm=Fin"),
            not_,
            _Word(base, base, "VERB", "VerbForm=Inf"),
        ]
    if random.random() < 0.3:
        words.append(_one(random, _ADVERBS, "ADV"))
    words += _things(random)
    if random.random() < 0.3:
        words += [
            _one(random, ["in", "near", "to", "from"], "ADP"),
            _one(random, _CITIES, "PROPN", "Number=Sing"),
        ]
    return words


def _people(random: np.random.Generator) -> list[_Word]:
    if random.random() < 0.4:
        return [_one(random, _NAMES, "PROPN", "Number=Sing")]
    if random.random() < 0.4:
        return [_one(random, ["he", "she", "it"], "PRON", "Number=Sing|PronType=Prs")]
    return _things(random)


def _things(random: np.random.Generator) -> list[_Word]:
    words: list[_Word] = []
    plural = random.random() < 0.4
    if plural and random.random() < 0.5:
        words.append(_one(random, _NUMBERS, "NUM", "NumType=Card"))
    else:
        words.append(_one(random, ["the", "my", "some"] if plural else ["the", "a", "my", "no"], "DET"))
    if random.random() < 0.4:
        words.append(_one(random, _ADJECTIVES, "ADJ", "Degree=Pos"))
    noun = _NOUNS[random.integers(len(_NOUNS))]
    number = "Number=Plur" if plural else "Number=Sing"
    return [*words, _Word(f"{noun}s" if plural else noun, noun, "NOUN", number)]


def _one(random: np.random.Generator, forms: list[str], part: str, features: str = "") -> _Word:
    form = forms[random.integers(len(forms))]
    return _Word(form, form, part, features)
