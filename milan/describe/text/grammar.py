"""Properties of words by their tags in plain English, as Universal Dependencies has them."""

from collections import defaultdict

import numpy as np

from milan.describe.text.properties import Gathering, groups_of
from milan.texts import Annotated

__all__ = ["PARTS_OF_SPEECH", "add_lemmas", "add_tags", "feature_in_english"]

PARTS_OF_SPEECH = {
    "ADJ": "adjectives", "ADP": "adpositions such as 'of'", "ADV": "adverbs", "AUX": "auxiliary verbs",
    "CCONJ": "conjunctions such as 'and'", "DET": "determiners", "INTJ": "interjections", "NOUN": "nouns",
    "NUM": "numerals", "PART": "particles", "PRON": "pronouns", "PROPN": "names",
    "PUNCT": "punctuation marks", "SCONJ": "conjunctions such as 'because'", "SYM": "symbols",
    "VERB": "verbs", "X": "words of no known kind",
}  # fmt: skip

_VALUES = {
    "Number": {"Sing": "singular", "Plur": "plural", "Dual": "dual", "Coll": "collective"},
    "Tense": {"Past": "past-tense", "Pres": "present-tense", "Fut": "future-tense", "Imp": "imperfect-tense"},
    "VerbForm": {
        "Inf": "infinitive", "Part": "participle", "Ger": "gerund", "Fin": "finite", "Conv": "converb",
    },
    "Mood": {"Imp": "imperative", "Ind": "indicative", "Sub": "subjunctive", "Cnd": "conditional"},
    "Degree": {"Cmp": "comparative", "Sup": "superlative", "Pos": "positive-degree"},
    "Gender": {"Masc": "masculine", "Fem": "feminine", "Neut": "neuter", "Com": "common-gender"},
    "Case": {
        "Nom": "nominative", "Acc": "accusative", "Gen": "genitive", "Dat": "dative", "Ins": "instrumental",
        "Loc": "locative", "Abl": "ablative", "Voc": "vocative",
    },
    "Person": {"1": "first-person", "2": "second-person", "3": "third-person"},
    "PronType": {
        "Prs": "personal", "Int": "interrogative", "Rel": "relative", "Dem": "demonstrative",
        "Art": "article-like", "Neg": "negative", "Ind": "indefinite", "Tot": "collective", "Emp": "emphatic",
        "Rcp": "reciprocal",
    },
    "NumType": {"Card": "cardinal", "Ord": "ordinal", "Mult": "multiplicative", "Frac": "fractional"},
    "Voice": {"Pass": "passive", "Act": "active", "Mid": "middle-voice"},
    "Aspect": {"Perf": "perfective", "Imp": "imperfective", "Prog": "progressive", "Prosp": "prospective"},
    "Definite": {"Def": "definite", "Ind": "indefinite"},
    "Polarity": {"Neg": "negative", "Pos": "affirmative"},
    "Animacy": {"Anim": "animate", "Inan": "inanimate", "Hum": "human", "Nhum": "non-human"},
    "Poss": {"Yes": "possessive"}, "Reflex": {"Yes": "reflexive"}, "Abbr": {"Yes": "abbreviated"},
    "Foreign": {"Yes": "foreign"}, "Typo": {"Yes": "misspelt"},
}  # fmt: skip

_RELATIONS = {
    "nsubj": "subjects", "obj": "direct objects", "iobj": "indirect objects",
    "root": "the main word of the sentence", "amod": "adjectives beside their noun",
    "compound": "nouns before another noun", "conj": "words joined by 'and' or 'or'",
    "nmod": "nouns that describe another noun", "obl": "nouns that say where, when or how",
    "appos": "names beside what they name", "vocative": "people spoken to", "flat": "further parts of a name",
    "cop": "'be' that links a subject and what it is", "xcomp": "verbs without a subject of their own",
}  # fmt: skip


def feature_in_english(feature: str, kind: str = "words") -> str:
    """A feature of words of some kind.

    >>> feature_in_english("Tense=Past", "verbs"), feature_in_english("Clusivity=In")
    ('past-tense verbs', 'words with Clusivity=In')
    """
    name, _, value = feature.partition("=")
    said = _VALUES.get(name, {}).get(value)
    return f"{kind} with {feature}" if said is None else f"{said} {kind}"


def add_tags(gathering: Gathering, text: Annotated) -> None:
    """Parts of speech, features of each, features of words of any kind, and relations."""
    for part, rows in groups_of(text.parts).items():
        gathering.add(PARTS_OF_SPEECH.get(part, f"words tagged {part}"), "tag", rows)
    of_words: dict[str, list[int]] = defaultdict(list)
    of_parts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, (features, own) in enumerate(zip(text.features, text.parts, strict=True)):
        for feature in features:
            of_words[feature].append(row)
            if own is not None:
                of_parts[feature, PARTS_OF_SPEECH.get(own, f"words tagged {own}")].append(row)
    for (feature, kind), held in of_parts.items():
        gathering.add(feature_in_english(feature, kind), "tag", np.array(held))
    for feature, held in of_words.items():
        gathering.add(feature_in_english(feature), "tag", np.array(held))
    for relation, rows in groups_of(text.relations).items():
        if relation in _RELATIONS:
            gathering.add(_RELATIONS[relation], "tag", rows)


def add_lemmas(gathering: Gathering, text: Annotated) -> None:
    """All forms of a word: "forms of 'go'"."""
    for lemma, rows in groups_of(text.lemmas).items():
        gathering.add(f"forms of '{lemma}'", "lemma", rows)
