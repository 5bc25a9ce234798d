"""BLIP: an image encoder, and a text decoder that attends to it and speaks without it too."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32, Int
from torch import Tensor

from captioner.hub.evidence import N_SHOWN, mean_over_regions, rank, token_sums
from captioner.hub.prompt_picture import PromptPictureReader, as_picture
from captioner.protocols import LogLikelihood

__all__ = ["BlipCaptioner"]

_BATCH = 64  # pairs of region and phrase a pass of the decoder
_MAX_NEW_TOKENS = 16

PromptPictures = Float32[np.ndarray, "region side side 3"]


class BlipCaptioner:
    """A `Captioner` on transformers' `BlipForConditionalGeneration`.

    log p(d) is the same decoder with the image withheld: BLIP's layers skip their cross-attention then. It is
    the very language model that also answers log p(d|E), so that their difference is due to the evidence.
    """

    def __init__(self, name: str, model: Any, processor: Any, device: str = "cpu") -> None:
        self.name = name
        self.reader = PromptPictureReader(model.vision_model)
        self._model = model.eval().to(device)
        self._processor = processor
        self._device = device

    def propose(self, evidence: Sequence[PromptPictures], n: int) -> list[list[str]]:
        """Beam search on the strongest regions of each unit; their phrases merged, likeliest first."""
        return [self._propose(regions[:N_SHOWN], n) for regions in evidence]

    def log_p_given(
        self, evidence: Sequence[PromptPictures], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        """log p(d|E): the mean over the unit's regions, see `mean_over_regions`."""
        return [
            self._judge(self._states(regions), own) for regions, own in zip(evidence, phrases, strict=True)
        ]

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d): the text decoder with no image to attend to."""
        return self._score(phrases, None)

    def _propose(self, regions: PromptPictures, n: int) -> list[str]:
        if len(regions) == 0 or n == 0:
            return []
        states = self._states(regions)
        config = self._model.config.text_config
        with torch.inference_mode():
            tokens = self._model.text_decoder.generate(
                input_ids=torch.full((len(states), 1), config.bos_token_id, device=self._device),
                encoder_hidden_states=states,
                encoder_attention_mask=torch.ones(states.shape[:2], dtype=torch.long, device=self._device),
                eos_token_id=config.sep_token_id,
                pad_token_id=config.pad_token_id,
                num_beams=n,
                num_return_sequences=n,
                do_sample=False,
                max_new_tokens=_MAX_NEW_TOKENS,
            )
        said = self._processor.tokenizer.batch_decode(tokens[:, 1:], skip_special_tokens=True)
        return rank(said, lambda phrases: self._judge(states, phrases), n)

    def _judge(self, states: Float[Tensor, "region token width"], phrases: Sequence[str]) -> LogLikelihood:
        return mean_over_regions([self._score(phrases, state) for state in list(states) or [None]])

    def _states(self, regions: PromptPictures) -> Float[Tensor, "region token width"]:
        if len(regions) == 0:
            return torch.zeros(0, 1, 1)
        inputs = self._processor.image_processor(
            [as_picture(region) for region in regions], return_tensors="pt"
        )
        with torch.inference_mode():
            pixels = inputs["pixel_values"].to(self._device, self._model.dtype)
            states: Float[Tensor, "region token width"] = self._model.vision_model(pixels).last_hidden_state
        return states

    def _score(self, phrases: Sequence[str], state: Float[Tensor, "token width"] | None) -> LogLikelihood:
        """Teacher-forced: each token is predicted from those before it, the end of the phrase included."""
        totals, counts = [np.zeros(0)], [np.zeros(0)]
        for start in range(0, len(phrases), _BATCH):
            text = self._processor.tokenizer(
                list(phrases[start : start + _BATCH]), padding=True, padding_side="right", return_tensors="pt"
            ).to(self._device)
            ids, present = text["input_ids"], text["attention_mask"]
            ids[:, 0] = self._model.config.text_config.bos_token_id  # as in generation, where BERT has [CLS]
            counted = present[:, 1:].bool()
            totals.append(token_sums(self._logits(ids, present, state), ids[:, 1:], counted).cpu().numpy())
            counts.append(counted.sum(dim=1).double().cpu().numpy())
        return LogLikelihood(np.concatenate(totals), np.concatenate(counts))

    def _logits(
        self,
        ids: Int[Tensor, "phrase token"],
        present: Int[Tensor, "phrase token"],
        state: Float[Tensor, "state width"] | None,
    ) -> Float[Tensor, "phrase token_but_last vocabulary"]:
        """What predicts each token but the first.

        All phrases begin alike, so the first token is read once. That turns the picture into keys and values
        of the cross-attention, which all phrases then share: most of the arithmetic, for a phrase is short
        and a picture has hundreds of states.
        """
        memory = None if state is None else state[None]
        decoder = self._model.text_decoder
        with torch.inference_mode():
            start = decoder(ids[:1, :1], encoder_hidden_states=memory, use_cache=True)
            shared = start.past_key_values
            for kept in (shared.self_attention_cache, shared.cross_attention_cache):
                for layer in filter(_is_filled, kept.layers):
                    layer.keys = layer.keys.expand(len(ids), -1, -1, -1)
                    layer.values = layer.values.expand(len(ids), -1, -1, -1)
            rest = decoder(
                ids[:, 1:],
                attention_mask=present,
                encoder_hidden_states=memory,
                past_key_values=shared,
                use_cache=True,
            )
        first: Float[Tensor, "phrase 1 vocabulary"] = start.logits.expand(len(ids), -1, -1)
        return torch.cat([first, rest.logits[:, :-1]], dim=1)


def _is_filled(layer: Any) -> bool:
    # without a picture the cross-attention has nothing to keep
    return bool(layer.is_initialized)
