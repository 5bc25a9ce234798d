"""Scenes rendered a second, on one core: `python tests/benchmarks/scenes.py`.

Processor time is counted, so other work on the machine disturbs little. The first scenes, which fill
the caches, are not counted.
"""

import argparse
import json
import time

from milan.scenes import SceneSettings, stream_scenes


def scenes_a_second(size: int, n: int) -> float:
    settings = SceneSettings(size=size)
    for _ in stream_scenes(0, 200, settings):
        pass
    start = time.process_time()
    for _ in stream_scenes(10_000, n, settings):
        pass
    return n / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast scenes are rendered.")
    parser.add_argument("--n", type=int, default=400)
    n = parser.parse_args().n
    print(json.dumps({f"scenes_a_second_{size}px": round(scenes_a_second(size, n)) for size in (112, 224)}))


if __name__ == "__main__":
    main()
