"""Where phrases lie in meaning, without anything that looks at pictures."""

import numpy as np
from jaxtyping import Float32

from captioner.sentences import sentence_encoder

__all__ = ["embed_phrases"]


def embed_phrases(phrases: list[str]) -> Float32[np.ndarray, "phrase dim"]:
    """Where the packaged sentence encoder puts phrases, for search by meaning; unit length."""
    return sentence_encoder().embed(phrases)
