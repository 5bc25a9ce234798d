"""Train the scenes generator: `python -m milan.scenes.train_generator --output data/scenes_generator`.

Each step draws new latents, so no picture is seen twice; the loss is the mean absolute error of the
pictures.
"""

import argparse
import logging
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from milan.scenes.generator import ScenesGenerator
from milan.scenes.latents import LATENT_SIZE, PICTURE_SIZE, PLACES, THINGS, draw_latent
from milan.scenes.shipped import save_weights

__all__ = ["Trained", "save", "train"]

_log = logging.getLogger("milan.scenes.train_generator")

_BATCH = 32
_LEARNING_RATE = 3e-3
_N_VALIDATION = 512


class Trained(NamedTuple):
    """A generator with what it is worth."""

    generator: ScenesGenerator
    error: float
    """Mean absolute error on latents that it was not trained on, 0 to 1."""
    constant_error: float
    """That of the mean picture, for comparison."""


def train(n_steps: int, seed: int, n_validation: int = _N_VALIDATION) -> Trained:
    """Train from scratch on batches of new latents, and validate on others."""
    torch.manual_seed(seed)
    draws = np.random.default_rng(seed)
    unseen = _drawn(n_validation, np.random.default_rng((seed, 1)))
    generator = ScenesGenerator().to(memory_format=torch.channels_last)  # half the time on a CPU
    optimizer = torch.optim.AdamW(generator.parameters(), lr=_LEARNING_RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, total_steps=n_steps)
    generator.train()
    for step in range(n_steps):
        known = _drawn(_BATCH, draws)
        loss = F.l1_loss(generator(known.latents), known.pictures)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            _log.info("step %d of %d: error %.4f", step + 1, n_steps, loss.item() / 2)
    generator.eval()
    with torch.inference_mode():
        error = float((generator(unseen.latents) - unseen.pictures).abs().mean()) / 2
    constant = float((unseen.pictures.mean(0) - unseen.pictures).abs().mean()) / 2
    return Trained(generator, error, constant)


def save(trained: Trained, how: dict[str, int], folder: Path) -> None:
    """Write model.safetensors (half precision) and card.json."""
    card = {
        "what": "A small image generator that draws scenes of one thing in one place",
        "made_by": "python -m milan.scenes.train_generator",
        "settings": how,
        "latent": {"size": LATENT_SIZE, "things": list(THINGS), "places": list(PLACES)},
        "picture": {"size": PICTURE_SIZE, "range": list(ScenesGenerator.picture_range)},
        "mean_absolute_error": round(trained.error, 4),
        "mean_absolute_error_of_the_mean_picture": round(trained.constant_error, 4),
    }
    save_weights(trained.generator, card, folder)


class _Drawn(NamedTuple):
    latents: Float[Tensor, "latent value"]
    pictures: Float[Tensor, "latent 3 height width"]
    """Between -1 and 1."""


def _drawn(n: int, draws: np.random.Generator) -> _Drawn:
    latents = draws.standard_normal((n, LATENT_SIZE), np.float32)
    pictures = np.stack([draw_latent(latent) for latent in latents]).transpose(0, 3, 1, 2)
    return _Drawn(torch.from_numpy(latents), torch.from_numpy(pictures.astype(np.float32)) / 127.5 - 1)


def main() -> None:
    """Parse the command line, train, save."""
    parser = argparse.ArgumentParser(description="Train the generator of scenes.")
    parser.add_argument("--output", type=Path, required=True, help="folder of the weights and their card")
    parser.add_argument("--n-steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    trained = train(options.n_steps, options.seed)
    save(trained, {"n_steps": options.n_steps, "seed": options.seed}, options.output)
    _log.info("mean absolute error %.4f (the mean picture: %.4f)", trained.error, trained.constant_error)


if __name__ == "__main__":
    main()
