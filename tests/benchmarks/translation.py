"""What the shipped translation network is worth on the test sets of Multi30k.

    python tests/benchmarks/translation.py --texts multi30k

TEXTS holds NAME.en and NAME.fr of each test set (task 1, raw). Sets are reported, never chosen on.
"""

import argparse
import time
from pathlib import Path

import torch

from milan.statistics.corpus import CorpusCounts, corpus_figure
from milan.translation import bleu_counts, bleu_of, read_parallel, shipped_translator
from milan.translation.quality import BLEU_SIGNATURE

SETS = ("val", "test_2016_flickr", "test_2017_flickr", "test_2017_mscoco", "test_2018_flickr")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--width", type=int, default=5, help="of the beam")
    options = parser.parse_args()
    torch.set_num_threads(1)
    translator = shipped_translator()
    print(f"sacrebleu {BLEU_SIGNATURE}; 95 % intervals over sentences drawn anew")
    for name in SETS:
        text = read_parallel(options.texts / f"{name}.en", options.texts / f"{name}.fr")
        begun = time.perf_counter()
        greedy = [one.text for one in translator.translate(text.source)]
        taken = time.perf_counter() - begun
        for way, written in (("greedy", greedy), ("beam", translator.search(text.source, options.width))):
            figure = corpus_figure(CorpusCounts(bleu_counts(written, text.target)[None], bleu_of))
            print(f"{name:17} {way:6} BLEU {figure.value:5.2f} [{figure.low:5.2f}, {figure.high:5.2f}]")
        print(f"{name:17} {len(text.source)} sentences, greedy in {taken:.1f} s")


if __name__ == "__main__":
    main()
