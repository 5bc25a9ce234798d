"""Networks that read text: a spec goes in; out comes a `TextNetwork` that says what it does with every word.

    network = open_text_network("hf:sentence-encoder/")
    encoded = [network.encode(words) for words in sentences]          # tokens, and which of them are whose
    layers = network.chosen(["encoder.layer.5"])
    network.run([one.tokens for one in encoded], layers)["encoder.layer.5"]   # [sentence, token, unit]

Layers are named by module path, as in networks that see. What goes on inside an LSTM or a GRU is
heard by `record_gates`.
"""

from milan.networks.text.gates import Gates, GruGates
from milan.networks.text.language_model import LanguageModel, language_model_of
from milan.networks.text.layers import TextLayer
from milan.networks.text.network import TextNetwork
from milan.networks.text.open import open_text_network
from milan.networks.text.recording import record_gates
from milan.networks.text.tokens import Encoded, encode_each

__all__ = [
    "Encoded",
    "Gates",
    "GruGates",
    "LanguageModel",
    "TextLayer",
    "TextNetwork",
    "encode_each",
    "language_model_of",
    "open_text_network",
    "record_gates",
]
