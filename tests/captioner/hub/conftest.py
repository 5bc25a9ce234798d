"""Models of a few thousand random numbers, saved with their processors as a hub would hand them out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

WORDS = ["a", "an", "the", "red", "blue", "green", "big", "small", "dog", "cat", "bus", "tree", "ear", "eye"]
WORDS += ["wheel", "of", "on", "with", "grass", "water", "sky", ",", "."]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[DEC]"]
CHAT = ["<pad>", "<unk>", "<s>", "<end_of_utterance>", "<image>", "<fake_token_around_image>", "<global-img>"]
CHAT_TEMPLATE = (
    "{% for m in messages %}user :{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<image>{% else %} {{ c['text'] }}{% endif %}{% endfor %}<end_of_utterance>"
    "{% endfor %}{% if add_generation_prompt %} answer :{% endif %}"
)
SIDE = 32

_SIZE = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2}
_EYE = {**_SIZE, "image_size": SIDE, "patch_size": 8}
_TILES: dict[str, Any] = {"size": {"longest_edge": 2 * SIDE}, "max_image_size": {"longest_edge": SIDE}}


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Models this small spend more on waking threads than on numbers."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    generator = np.random.default_rng(0)
    return [generator.integers(0, 255, (48, 64, 3), dtype=np.uint8) for _ in range(3)]


@pytest.fixture(scope="session")
def masks() -> list[np.ndarray]:
    """One region a picture, each in another place of a 6 x 8 grid."""
    found = np.zeros((3, 1, 6, 8), np.float32)
    found[0, 0, :3, :3], found[1, 0, 3:, 4:], found[2, 0, 1:5, 2:6] = 1, 1, 1
    return list(found)


@pytest.fixture(scope="session")
def blip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vocabulary = [*SPECIAL, *WORDS]
    config = transformers.BlipConfig(
        text_config={
            **_SIZE, "vocab_size": len(vocabulary), "encoder_hidden_size": 16, "max_position_embeddings": 24,
            "bos_token_id": 4, "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0,
            "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
        },
        vision_config={**_SIZE, "image_size": SIDE, "patch_size": 16},
    )  # fmt: skip
    tokenizer = _word_tokenizer(vocabulary, "[UNK]")
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )
    processor = transformers.BlipProcessor(
        transformers.BlipImageProcessor(size={"height": SIDE, "width": SIDE}), fast
    )
    return _saved(
        tmp_path_factory, "blip", lambda: transformers.BlipForConditionalGeneration(config), processor
    )


@pytest.fixture(scope="session")
def idefics_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokens = [*CHAT, *(f"<row_{i}_col_{j}>" for i in range(1, 7) for j in range(1, 7))]
    vocabulary = [*tokens, "user", "answer", ":", "\n", *WORDS]
    config = transformers.Idefics3Config(
        text_config=_llama(len(vocabulary)),
        vision_config=_EYE,
        scale_factor=2,
        image_token_id=4,
        pad_token_id=0,
    )
    images = transformers.Idefics3ImageProcessor(**_TILES)
    processor = transformers.Idefics3Processor(
        images, _chat_tokenizer(vocabulary, tokens), image_seq_len=4, chat_template=CHAT_TEMPLATE
    )
    return _saved(
        tmp_path_factory, "idefics", lambda: transformers.Idefics3ForConditionalGeneration(config), processor
    )


@pytest.fixture(scope="session")
def smolvlm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokens = [*CHAT, *(f"<row_{i}_col_{j}>" for i in range(1, 7) for j in range(1, 7))]
    vocabulary = [*tokens, "user", "answer", ":", "\n", *WORDS]
    config = transformers.SmolVLMConfig(
        text_config=_llama(len(vocabulary)),
        vision_config=_EYE,
        scale_factor=2,
        image_token_id=4,
        pad_token_id=0,
    )
    processor = transformers.SmolVLMProcessor(
        transformers.SmolVLMImageProcessor(**_TILES),
        _chat_tokenizer(vocabulary, tokens),
        transformers.SmolVLMVideoProcessor(),
        image_seq_len=4,
        chat_template=CHAT_TEMPLATE,
    )
    return _saved(
        tmp_path_factory, "smolvlm", lambda: transformers.SmolVLMForConditionalGeneration(config), processor
    )


@pytest.fixture(scope="session")
def llava_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vocabulary = [*CHAT, "user", "answer", ":", "\n", *WORDS]
    vision = transformers.CLIPVisionConfig(**_SIZE, image_size=SIDE, patch_size=16, projection_dim=16)
    config = transformers.LlavaConfig(
        vision_config=vision, text_config=transformers.LlamaConfig(**_llama(len(vocabulary))),
        image_token_index=4, vision_feature_layer=-1, vision_feature_select_strategy="full",
    )  # fmt: skip
    images = _clip_images()
    processor = transformers.LlavaProcessor(
        images, _chat_tokenizer(vocabulary, CHAT), patch_size=16, vision_feature_select_strategy="full",
        num_additional_image_tokens=1, chat_template=CHAT_TEMPLATE,
    )  # fmt: skip
    return _saved(
        tmp_path_factory, "llava", lambda: transformers.LlavaForConditionalGeneration(config), processor
    )


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vocabulary = ["<pad>", "<s>", "<unk>", *WORDS, "</s>"]
    end = len(vocabulary) - 1
    config = transformers.CLIPConfig(
        text_config={
            **_SIZE, "vocab_size": len(vocabulary), "max_position_embeddings": 12, "bos_token_id": 1,
            "eos_token_id": end, "pad_token_id": 0,
        },
        vision_config={**_SIZE, "image_size": SIDE, "patch_size": 16},
        projection_dim=8,
    )  # fmt: skip
    processor = transformers.CLIPProcessor(
        transformers.CLIPImageProcessor(
            size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}
        ),
        _sentence_tokenizer(vocabulary, end),
    )
    return _saved(tmp_path_factory, "clip", lambda: transformers.CLIPModel(config), processor)


@pytest.fixture(scope="session")
def siglip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vocabulary = ["<pad>", "<s>", "<unk>", *WORDS, "</s>"]
    config = transformers.SiglipConfig(
        text_config={**_SIZE, "vocab_size": len(vocabulary), "max_position_embeddings": 12},
        vision_config={**_SIZE, "image_size": SIDE, "patch_size": 16},
    )
    processor = transformers.SiglipProcessor(
        transformers.SiglipImageProcessor(size={"height": SIDE, "width": SIDE}),
        _sentence_tokenizer(vocabulary, len(vocabulary) - 1),
    )
    return _saved(tmp_path_factory, "siglip", lambda: transformers.SiglipModel(config), processor)


def _clip_images() -> transformers.CLIPImageProcessor:
    square = {"height": SIDE, "width": SIDE}
    return transformers.CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size=square)


def _llama(n_words: int) -> dict[str, Any]:
    return {
        "model_type": "llama", "vocab_size": n_words, "hidden_size": 16, "intermediate_size": 24,
        "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8,
        "max_position_embeddings": 512, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3,
    }  # fmt: skip


def _word_tokenizer(vocabulary: list[str], unknown: str) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(vocabulary)}, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def _chat_tokenizer(vocabulary: list[str], special: list[str]) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=_word_tokenizer(vocabulary, "<unk>"),
        pad_token="<pad>", unk_token="<unk>", bos_token="<s>", eos_token="<end_of_utterance>",
        additional_special_tokens=special[4:],
    )  # fmt: skip


def _sentence_tokenizer(vocabulary: list[str], end: int) -> PreTrainedTokenizerFast:
    tokenizer = _word_tokenizer(vocabulary, "<unk>")
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", end)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", bos_token="<s>", eos_token="</s>"
    )


def _saved(factory: pytest.TempPathFactory, name: str, make: Callable[[], Any], processor: Any) -> Path:
    folder = factory.mktemp("hub") / name
    torch.manual_seed(0)
    model = make()
    for weight in model.parameters():
        if weight.ndim > 1:  # initial weights are so small that pictures would hardly matter
            weight.data.normal_(std=0.3)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
