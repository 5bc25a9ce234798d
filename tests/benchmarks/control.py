"""Control of number in the shipped translation network, and what its units are worth to it.

    python tests/benchmarks/control.py --texts multi30k

TEXTS holds train, val and test_2016_flickr, .en and .fr. Means and rankings are learnt on the first sentences
of train, the setting is chosen on val, and test_2016_flickr is reported. Published for the control of number:
37 %, tense 67 %, gender 21 % (Bau et al., 2019, English to Spanish, 500 units).
"""

import argparse
from pathlib import Path

import torch

from milan.ablation.text import TranslatorUnits
from milan.surfaces.cli.text.tables import show_controlled, show_removed
from milan.translation import Parallel, read_parallel, shipped_translator
from milan.uses.text import AblateOptions, ablate
from milan.uses.text.control import ControlOptions, control_number

PUBLISHED = ControlOptions(way="set", phrase=False, factors=(0.0, 1.0, 4.0))
OURS = ControlOptions()


def read(folder: Path, name: str, n: int | None = None) -> Parallel:
    text = read_parallel(folder / f"{name}.en", folder / f"{name}.fr")
    return Parallel(text.source[:n], text.target[:n])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--learn", type=int, default=3000, help="sentences of train")
    parser.add_argument("--choose", type=int, default=1014, help="sentences of val")
    parser.add_argument("--measure", type=int, default=1000, help="sentences of test_2016_flickr")
    options = parser.parse_args()
    torch.set_num_threads(1)
    units = TranslatorUnits(shipped_translator())
    train = read(options.texts, "train", options.learn)
    val = read(options.texts, "val", options.choose)
    test = read(options.texts, "test_2016_flickr", options.measure)
    for name, how in (("as published", PUBLISHED), ("shifts of whole phrases", OURS)):
        print(f"\n{name}")
        show_controlled(control_number(units, train.source, val, test, how))
    print("\nunits switched off, by how well they tell number")
    show_removed(ablate(units, train.source, test, AblateOptions()).removed)


if __name__ == "__main__":
    main()
