"""Pretrained models of transformers in the captioner's and the encoder's place.

In: a model's ID on the hub, or a folder of `save_pretrained`. Out: a `Captioner` or a `RegionEncoder`.

    captioner = open_hub_captioner("HuggingFaceTB/SmolVLM-256M-Instruct")
    encoder = open_hub_encoder("openai/clip-vit-base-patch32")
    features = captioner.reader.read([picture], [masks])      # prompt pictures
    captioner.log_p_given(features, [["a red bus", "a dog"]])

What is on this machine is used first; `MILAN_OFFLINE` or `HF_HUB_OFFLINE` keeps from fetching anything.
"""

from captioner.hub.opening import open_hub_captioner, open_hub_encoder

__all__ = ["open_hub_captioner", "open_hub_encoder"]
