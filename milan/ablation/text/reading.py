"""What the encoder's units do at words of a text."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from milan.ablation.text.translating import TranslatorUnits
from milan.errors import BadSetting
from milan.networks.interventions.change import altered
from milan.translation.batches import filled_up
from milan.translation.vocabulary import END

__all__ = ["at_tokens", "at_words"]

_AT_ONCE = 64


def at_words(
    units: TranslatorUnits, sentences: Sequence[str], layer: str
) -> Float32[np.ndarray, "word unit"]:
    """Activations at the last token of every word and sign, in the order of the text."""
    source = units.translator.source
    places = [
        (at, word.end - 1)
        for at, sentence in enumerate(sentences)
        for word in source.words(source.tokens(sentence))
    ]
    return at_tokens(units, sentences, places, layer)


@torch.inference_mode()
def at_tokens(
    units: TranslatorUnits, sentences: Sequence[str], places: Sequence[tuple[int, int]], layer: str
) -> Float32[np.ndarray, "place unit"]:
    """Activations at places, each the number of a sentence and of a token in it.

    BadSetting for a layer of the decoder, which has no place for a token that is read.
    """
    if not layer.startswith("encoder."):
        raise BadSetting(f"words are read by encoder.0 and encoder.1; got {layer}")
    heard: list[Tensor] = []

    def listen(emitted: Tensor) -> Tensor:
        heard.append(emitted)
        return emitted

    source, network = units.translator.source, units.translator.network
    of_sentence: dict[int, list[tuple[int, int]]] = {}
    for row, (sentence, token) in enumerate(places):
        of_sentence.setdefault(sentence, []).append((row, token))
    found = np.zeros((len(places), units.layer(layer).n_units), np.float32)
    wanted = list(of_sentence)
    with altered(network, [(units.layer(layer), listen)]):
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            network.encode(filled_up([[*source.tokens(sentences[at]), END] for at in some]))
            emitted = heard.pop().numpy()
            for place, at in enumerate(some):
                for row, token in of_sentence[at]:
                    found[row] = emitted[place, token]
    return found
