"""Units of a text network that are found by name: months, negation, numbers, as in Dalvi et al. (AAAI 2019).

    milan text extract hf:DIR --texts train.conllu -o activations/
    python tests/experiments/text_units.py activations/

For each list of words the unit is chosen on three fifths of the sentences: that of the greatest z of a
class's mean, whichever way it goes. Its top words and its average precision are of the other sentences, where
no choice was made: means of its standardised activation over each word's places, for words of five places or
more, spelt in small letters.
"""

import argparse
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from milan.describe.text.top_words import WordMeans
from milan.probes import Labelled, average_precision, ranker
from milan.texts import Activations
from milan.uses.text.splitting import split_words

_MONTHS = "january february march april june july august september october november december"
_NEGATION = "no not n't never nothing none nobody neither nor nowhere without cannot"
_DIGITS = set("0123456789.,:")


def named(word: str, name: str) -> bool:
    """Whether a word is of a list; `may` is left out of the months, being mostly a verb."""
    low = word.lower()
    if name == "number":
        return low[:1].isdigit() and set(low) <= _DIGITS
    return low in (_MONTHS if name == "month" else _NEGATION).split()


def main() -> None:
    """One row a list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("activations", type=Path)
    asked = parser.parse_args()
    activations = Activations.open(asked.activations)
    text, units = activations.words, activations.units()
    sides = split_words(text, np.arange(len(text)), 0)
    held_out = np.concatenate([sides.dev, sides.test])
    train, rest = activations.matrix(words=sides.train), activations.matrix(words=held_out)
    means = WordMeans([text.words[at] for at in held_out])
    for name in ("month", "negation", "number"):
        is_named: Bool[np.ndarray, " word"] = np.array([named(word, name) for word in text.words])
        to_learn = Labelled(train, is_named[sides.train].astype(np.int64), 2)
        best = int(ranker("class_mean_z")(to_learn).ranking.order[0])
        column = train[:, best].astype(np.float64)
        values = (rest[:, best] - column.mean()) / column.std()
        values *= np.sign(column[is_named[sides.train]].mean() - column.mean())
        active = values[:, None].astype(np.float32)
        listed = [top.word for top in means.top(active)[0]]
        labels = is_named[held_out].astype(np.int64)
        precision = average_precision(Labelled(active, labels, 2))[1, 0]
        print(
            f"{name}: {units[best]}, average precision {precision:.2f} (by chance {labels.mean():.3f}), "
            f"{sum(named(word, name) for word in listed)} of {len(listed)} top words are: {', '.join(listed)}"
        )


if __name__ == "__main__":
    main()
