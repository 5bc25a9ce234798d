"""A causal language model of transformers: what it writes, how likely it finds words, what it answers."""

import copy
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor, nn

from milan.errors import NetworkError, UsageError
from milan.networks.open import device_of
from milan.networks.sources.transformers import load_pretrained
from milan.networks.weights import hash_weights

__all__ = ["LanguageModel", "Likelihood"]

_ROWS = 8
"""Texts that are read at a time after one prompt."""
_LONGEST = 4096
"""Tokens that a model reads which states no length."""
_TEMPERATURE = 0.7


class Likelihood(NamedTuple):
    """How likely a text is after a prompt."""

    log_p: float
    """In nats, summed over tokens."""
    n_tokens: int


class LanguageModel:
    """Continues text. Everything it answers depends on its weights, the prompt and the seed alone."""

    def __init__(self, spec: str, module: nn.Module, tokenizer: Any, device: torch.device) -> None:
        self.spec = spec
        self.module = module
        self._tokenizer = tokenizer
        self._device = device

    @classmethod
    def open(cls, spec: str, device: str = "cpu") -> Self:
        """Open `hf:DIR_OR_ID`, or a `.gguf` file in a folder as `hf:DIR/FILE.gguf`.

        UsageError for another spec; NetworkError for what cannot be opened, has no head that predicts words,
        or looks ahead (an encoder).
        """
        scheme, _, target = spec.partition(":")
        if scheme != "hf" or not target:
            raise UsageError(f"an explainer is hf:DIR_OR_ID, a causal language model; got {spec!r}")
        import transformers

        options: dict[str, Any] = {"dtype": torch.float32}
        if target.endswith(".gguf"):
            target, options["gguf_file"] = str(Path(target).parent), Path(target).name
        makers: Any = transformers
        files = {name: value for name, value in options.items() if name == "gguf_file"}
        tokenizer = load_pretrained(makers.AutoTokenizer, target, **files)
        module, report = load_pretrained(
            makers.AutoModelForCausalLM, target, output_loading_info=True, **options
        )
        if missing := sorted(report["missing_keys"]):
            raise NetworkError(
                f"{spec} is no language model: {len(missing)} weights are missing, such as {missing[0]}"
            )
        where = device_of(device)
        module.requires_grad_(False).eval().to(where)
        model = cls(spec, module, tokenizer, where)
        if not model._reads_forward():
            raise NetworkError(f"{spec} is no causal language model: it sees words that are still to come")
        return model

    @cached_property
    def weights_hash(self) -> str:
        """sha256 over names, shapes, types and bytes of all parameters and buffers."""
        return hash_weights(self.module)

    def write(self, prompt: str, n: int, seed: int = 0, most_tokens: int = 16) -> list[str]:
        """The first line of `n` ways to go on: the likeliest words one by one, then drawn ones.

        Lines may be equal or empty. The seed is the draws' own: torch's state is left as it was.
        """
        tokens = self._tokens(prompt)[None]
        self._check_length(tokens.shape[1] + most_tokens)
        asked: dict[str, Any] = {
            "attention_mask": torch.ones_like(tokens),
            "max_new_tokens": most_tokens,
            "pad_token_id": self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
        }
        drawn = {"do_sample": True, "temperature": _TEMPERATURE, "num_return_sequences": n - 1}
        generate: Any = self.module.generate
        devices = [self._device] if self._device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices), torch.inference_mode():
            torch.manual_seed(seed)
            found = [*generate(tokens, **asked, do_sample=False)]
            if n > 1:
                found += [*generate(tokens, **asked, **drawn)]
        written = (self._tokenizer.decode(own[tokens.shape[1] :], skip_special_tokens=True) for own in found)
        return [next(iter(text.strip().splitlines()), "").strip() for text in written]

    def likelihoods(self, prompt: str, texts: Sequence[str]) -> list[Likelihood]:
        """How likely each text is as the prompt's continuation."""
        rows = [self._pieces([text]) for text in texts]
        found = []
        for (tokens, _), logits in zip(rows, self._after(prompt, [row[0] for row in rows]), strict=True):
            chosen = logits[: len(tokens)].log_softmax(-1)
            log_p = chosen.gather(1, torch.tensor(tokens, device=chosen.device)[:, None]).sum()
            found.append(Likelihood(float(log_p), len(tokens)))
        return found

    def answers(
        self, prompt: str, texts: Sequence[Sequence[str]], options: Sequence[str]
    ) -> list[Float64[np.ndarray, "piece option"]]:
        """After every piece of each text, with the prompt before it, the share of each option among them.

        Each option has to be one token behind the pieces, different from the others: NetworkError if not.
        """
        ids = [self._one_token(option) for option in options]
        if len(set(ids)) < len(ids):
            raise NetworkError(f"{self.spec} has no token of its own for each of {', '.join(options)}")
        rows = [self._pieces(pieces) for pieces in texts]
        logits = self._after(prompt, [row[0] for row in rows])
        return [
            after[torch.tensor(ends, device=after.device)][:, ids].softmax(-1).double().cpu().numpy()
            for (_, ends), after in zip(rows, logits, strict=True)
        ]

    def _after(
        self, prompt: str, rows: Sequence[Sequence[int]]
    ) -> Iterator[Float[Tensor, "token vocabulary"]]:
        """Logits for what follows the prompt (row 0) and each token of a row; the prompt is read once."""
        start = self._tokens(prompt)
        self._check_length(len(start) + max(map(len, rows), default=0))
        with torch.inference_mode():
            read = self.module(start[None], use_cache=True)
        cache = getattr(read, "past_key_values", None)
        if cache is None:
            raise NetworkError(f"{self.spec} keeps no memory of what it read: one with attention is needed")
        for some in (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)):
            # What stands behind a shorter row comes later than all that is read of it.
            longest = max(1, *map(len, some))
            tokens = torch.tensor([[*row, *[0] * (longest - len(row))] for row in some], device=self._device)
            own = copy.deepcopy(cache)
            own.batch_repeat_interleave(len(some))
            with torch.inference_mode():
                logits = self.module(tokens, past_key_values=own, use_cache=True).logits
            for row, after in zip(some, logits, strict=True):
                yield torch.cat([read.logits[0, -1:], after[: len(row)]])

    def _tokens(self, prompt: str) -> Tensor:
        start = self._tokenizer.bos_token_id
        ids = self._encode(prompt)
        return torch.tensor(ids if start is None else [start, *ids], device=self._device)

    def _pieces(self, pieces: Sequence[str]) -> tuple[list[int], list[int]]:
        """Tokens of a text that comes in pieces, and how many there are up to the end of each."""
        tokens: list[int] = []
        ends = []
        for piece in pieces:
            tokens += self._encode(piece)
            ends.append(len(tokens))
        return tokens, ends

    def _encode(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False).input_ids
        return found

    def _one_token(self, option: str) -> int:
        """The token of an option as it stands behind a tab, or after its own blank."""
        before = self._encode("\t")
        found = self._encode(f"\t{option}")
        if len(found) != len(before) + 1:
            raise NetworkError(f"{self.spec} has no single token for {option!r}, so it cannot answer by it")
        return found[-1]

    def _check_length(self, n_tokens: int) -> None:
        told = [
            self._tokenizer.model_max_length,
            getattr(self.module.config, "max_position_embeddings", None),
        ]
        longest = min((int(length) for length in told if length and length < 10**6), default=_LONGEST)
        if n_tokens > longest:
            raise NetworkError(f"{self.spec} reads {longest} tokens, {n_tokens} are needed to explain a unit")

    def _reads_forward(self) -> bool:
        """Whether what follows changes nothing of what is said after the first token."""
        pairs = torch.tensor([[1, 2], [1, 3]], device=self._device)
        with torch.inference_mode():
            first, second = self.module(pairs).logits[:, 0]
        return bool(torch.allclose(first, second, atol=1e-4))
