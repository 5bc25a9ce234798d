"""Chat models with eyes (SmolVLM, Idefics3, LLaVA): asked about a region, judged by their answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32
from PIL import Image
from torch import Tensor

from captioner.errors import CaptionerError
from captioner.hub.evidence import N_SHOWN, mean_over_regions, rank, token_sums
from captioner.hub.prompt_picture import PromptPictureReader, as_picture
from captioner.protocols import LogLikelihood

__all__ = ["QUESTION", "ChatCaptioner"]

QUESTION = (
    "One region of the picture is bright, the rest is dimmed. Say what the bright region shows, in two to "
    "six lower-case words, such as: a red bus. Answer with the words only."
)
"""What the model is asked about each region; the prior asks the same without a picture."""

_MAX_NEW_TOKENS = 16
_BATCH = 64  # phrases a pass

PromptPictures = Float32[np.ndarray, "region side side 3"]


class ChatCaptioner:
    """A `Captioner` on a model of `AutoModelForImageTextToText` whose processor has a chat template.

    log p(d|region) is that of the words as the model's answer to QUESTION, the end of the answer included;
    log p(d) that of the same answer to the same question with no picture. The conversation up to the answer
    is read once a region, and its keys and values are shared by all phrases.
    """

    def __init__(self, name: str, model: Any, processor: Any, device: str = "cpu") -> None:
        if not getattr(processor, "chat_template", None):
            raise CaptionerError(
                f"{name} has no chat template: take a BLIP captioner or a chat model such as SmolVLM-Instruct"
            )
        if getattr(processor.image_processor, "do_image_splitting", False):
            # tiles are for reading fine print in large pictures; a prompt picture is small and already cut
            # out
            processor.image_processor.do_image_splitting = False
        self.name = name
        self.reader = PromptPictureReader(model.get_encoder(modality="image"))
        self._model = model.eval().to(device)
        self._processor = processor
        self._device = device
        ends = model.generation_config.eos_token_id
        self._ends: list[int] = [ends] if isinstance(ends, int) else list(ends)

    def propose(self, evidence: Sequence[PromptPictures], n: int) -> list[list[str]]:
        """Answers of a beam search on the strongest regions of each unit; merged, likeliest first."""
        return [self._propose(regions[:N_SHOWN], n) for regions in evidence]

    def log_p_given(
        self, evidence: Sequence[PromptPictures], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        """log p(d|E): the mean over the unit's regions, see `mean_over_regions`."""
        return [self._judge(regions, own) for regions, own in zip(evidence, phrases, strict=True)]

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d): the answer to the question when no picture is shown."""
        return self._score(phrases, None)

    def _propose(self, regions: PromptPictures, n: int) -> list[str]:
        said: list[str] = []
        for region in regions if n else []:
            inputs = self._asked(as_picture(region))
            with torch.inference_mode():
                tokens = self._model.generate(
                    **inputs,
                    num_beams=n,
                    num_return_sequences=n,
                    do_sample=False,
                    max_new_tokens=_MAX_NEW_TOKENS,
                )
            answers = tokens[:, inputs["input_ids"].shape[1] :]
            said += self._processor.tokenizer.batch_decode(answers, skip_special_tokens=True)
        return rank(said, lambda phrases: self._judge(regions, phrases), n)

    def _judge(self, regions: PromptPictures, phrases: Sequence[str]) -> LogLikelihood:
        pictures: list[Image.Image | None] = [*map(as_picture, regions)] or [None]
        return mean_over_regions([self._score(phrases, picture) for picture in pictures])

    def _prompt(self, with_picture: bool) -> str:
        shown = [{"type": "image"}] if with_picture else []
        conversation = [{"role": "user", "content": [*shown, {"type": "text", "text": QUESTION}]}]
        return str(self._processor.apply_chat_template(conversation, add_generation_prompt=True))

    def _asked(self, picture: Image.Image | None) -> dict[str, Tensor]:
        """The conversation up to the model's answer, as the model's inputs."""
        shown = {} if picture is None else {"images": [picture]}
        prompt = self._prompt(with_picture=picture is not None)
        inputs = self._processor(text=[prompt], **shown, return_tensors="pt").to(self._device)
        return {
            key: value.to(self._model.dtype) if value.is_floating_point() else value
            for key, value in inputs.items()
        }

    def _score(self, phrases: Sequence[str], picture: Image.Image | None) -> LogLikelihood:
        totals, counts = [np.zeros(0)], [np.zeros(0)]
        for start in range(0, len(phrases), _BATCH):
            total, count = self._score_batch(phrases[start : start + _BATCH], self._asked(picture))
            totals.append(total.cpu().numpy())
            counts.append(count.cpu().numpy())
        return LogLikelihood(np.concatenate(totals), np.concatenate(counts))

    def _score_batch(
        self, phrases: Sequence[str], asked: dict[str, Tensor]
    ) -> tuple[Float[Tensor, " phrase"], Float[Tensor, " phrase"]]:
        rows = [self._answer(phrase) for phrase in phrases]
        width = max(map(len, rows))
        ids = torch.tensor([row + [self._ends[0]] * (width - len(row)) for row in rows], device=self._device)
        lengths = torch.tensor([len(row) for row in rows], device=self._device)
        with torch.inference_mode():
            read = self._model(**asked, use_cache=True)
            read.past_key_values.batch_repeat_interleave(len(rows))
            seen = asked["attention_mask"].expand(len(rows), -1)
            present = torch.arange(width, device=self._device) < lengths[:, None]
            answered = self._model(
                input_ids=ids,
                attention_mask=torch.cat([seen, present.to(seen.dtype)], dim=1),
                past_key_values=read.past_key_values,
            )
        first = read.logits[:, -1:].expand(len(rows), -1, -1)
        # [:, i] predicts token i, or the end after the last one
        logits = torch.cat([first, answered.logits], dim=1)
        words = token_sums(logits[:, :-1], ids, present)
        after_last = logits[torch.arange(len(rows), device=self._device), lengths].float().log_softmax(dim=-1)
        # any of the model's end tokens ends the answer
        end = after_last[:, self._ends].logsumexp(dim=-1).double()
        return words + end, lengths.double() + 1

    def _answer(self, phrase: str) -> list[int]:
        """Tokens of a phrase as it follows the prompt: after a colon a space, after a line break none."""
        space = "" if self._prompt(with_picture=False)[-1].isspace() else " "
        tokens: list[int] = self._processor.tokenizer(space + phrase, add_special_tokens=False)["input_ids"]
        return tokens
