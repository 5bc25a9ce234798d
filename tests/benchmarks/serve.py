"""How quickly pages of a large catalog are answered: every kind of page, facet and search, of 100,000 units.

    python tests/benchmarks/serve.py --units 100000 --repeats 40
    python tests/benchmarks/serve.py --units 1000000 --repeats 40
    python tests/benchmarks/serve.py --units 100000 --clients 50

The catalog is made first (some minutes), or kept with --catalog: layers of 5,000 units, phrases of the
bank with vectors of the packaged sentence encoder, three exemplars with pictures a unit. Above 100,000 units
the first 100,000 are stored again and again, as other layers. A server of its own process is asked on
loopback, one request after another, each for another unit, layer or word; beside the wall clock stands the
processor time that the server took, which a busy machine does not stretch. With --clients as many ask at the
same time, and vote: every answer and every vote is then counted.
"""

import argparse
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
from PIL import Image

from captioner.files import data_file
from milan.catalog import Catalog
from milan.describe import embed_phrases
from milan.records import (
    Candidate,
    CounterExemplar,
    CounterKind,
    Description,
    Explanation,
    Faithfulness,
    Figure,
    LayerExemplars,
    Measured,
    Provenance,
    UnitStatus,
    WeightedPhrase,
)

UNITS_A_LAYER = 5000
UNITS_MADE = 100_000
N_IMAGES, RANKS, SIDE = 2000, 3, 7
PATHS = tuple(f"photos/{number:05}.jpg" for number in range(N_IMAGES))
N_CANDIDATES = 5


def layer_of(name: str, n_units: int, rng: np.random.Generator) -> LayerExemplars:
    """A layer of units with three exemplars."""
    nothing = [Measured((), *np.zeros((2, 0, n_units), np.float32)) for _ in range(2)]
    return LayerExemplars(
        name,
        PATHS,
        np.full(n_units, 0.8, np.float32),
        (UnitStatus.PENDING,) * n_units,
        rng.integers(0, N_IMAGES, (n_units, RANKS)),
        -np.sort(-rng.random((n_units, RANKS)).astype(np.float32)),
        rng.random((n_units, RANKS, SIDE, SIDE)).astype(np.float16),
        np.ones((n_units, RANKS), np.float32),
        *nothing,
    )


def describe(unit: int, phrases: list[str], reached: float) -> Description:
    """Words that reach a correlation, with what else is kept of them."""
    figure = Figure(reached, reached - 0.05, reached + 0.05)
    stated = Faithfulness(1000, figure, figure, figure, figure)
    return Description(
        unit,
        UnitStatus.DESCRIBED if reached >= 0.15 else UnitStatus.INCONSISTENT,
        0.5,
        tuple(Candidate(phrase, 1.0 - at / 9, -1.0, -2.0, "bank") for at, phrase in enumerate(phrases)),
        stated,
        Explanation(tuple(WeightedPhrase(phrase, 0.2) for phrase in phrases)),
        stated,
        tuple(
            CounterExemplar(PATHS[(unit + at) % N_IMAGES], CounterKind.SILENT, 0.1, 0.9) for at in range(5)
        ),
    )


def thumbnails(rng: np.random.Generator) -> dict[str, bytes]:
    """A picture for every image."""
    found = {}
    for path in PATHS:
        file = io.BytesIO()
        coarse = Image.fromarray(rng.integers(0, 255, (8, 8, 3), np.uint8))
        coarse.resize((112, 112)).save(file, "WEBP", quality=70)
        found[path] = file.getvalue()
    return found


def make_catalog(path: Path, n_units: int) -> None:
    """Describe units by phrases of the bank, a few of them often and most seldom."""
    bank = [line.split("\t")[0] for line in data_file("captioner/bank.tsv").read_text("utf-8").splitlines()]
    rng = np.random.default_rng(0)
    provenance = Provenance("bench", "w" * 64, {}, "d" * 64, {}, {})
    sizes = [min(UNITS_A_LAYER, n_units - start) for start in range(0, n_units, UNITS_A_LAYER)]
    names = [f"layer{number}" for number in range(len(sizes))]
    pictures = thumbnails(rng)
    with Catalog.open(path, create=True, fresh=True) as catalog:
        catalog.add_network("bench", provenance, names)
        for name, size in zip(names, sizes, strict=True):
            catalog.store_layer("bench", layer_of(name, size, rng), provenance, pictures)
            version = catalog.start_description("bench", name, {}, {})
            reached = rng.normal(0.25, 0.12, size)
            chosen = (len(bank) * rng.random((size, N_CANDIDATES)) ** 1.5).astype(int)
            catalog.store_descriptions(
                version,
                [
                    describe(unit, [bank[at] for at in row], float(value))
                    for unit, (row, value) in enumerate(zip(chosen.tolist(), reached, strict=True))
                ],
            )
            catalog.finish_description(version)
        catalog.index_meanings(embed_phrases)


def grow(path: Path, times: int) -> None:
    """Store all layers of a catalog `times` times over, the copies under names of their own."""
    shifted = {
        "layer": {"id": "layer"},
        "exemplar_set": {"id": "exemplar_set", "layer_id": "layer"},
        "unit": {"id": "unit", "set_id": "exemplar_set"},
        "exemplar": {"unit_id": "unit"},
        "description_version": {"id": "description_version", "set_id": "exemplar_set"},
        "description": {"id": "description", "version_id": "description_version", "unit_id": "unit"},
        "candidate": {"description_id": "description"},
        "description_word": {"description_id": "description", "version_id": "description_version"},
        "description_text": {"rowid": "description"},
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        ends = {
            table: file.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            for table in ("layer", "exemplar_set", "unit", "description_version", "description")
        }
        for turn in range(1, times):
            file.execute("BEGIN")
            for table, shifts in shifted.items():
                columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
                columns += ["rowid"] if "rowid" in shifts else []
                copied = {column: f'"{column}"' for column in columns}
                copied |= {column: f'"{column}" + {turn * ends[of]}' for column, of in shifts.items()}
                if table == "layer":
                    copied["position"] = f"position + {turn * ends['layer']}"
                    copied["name"] = f"'layer' || ({copied['position']})"
                own = next(iter(shifts))
                file.execute(
                    f"INSERT INTO {table} ({', '.join(map(quoted, copied))})"
                    f" SELECT {', '.join(copied.values())} FROM {table} WHERE {own} <= {ends[shifts[own]]}"
                )
            file.execute("COMMIT")


def quoted(column: str) -> str:
    """A column's name as SQL reads it."""
    return f'"{column}"'


def questions(n_units: int, rng: np.random.Generator) -> dict[str, Callable[[], str]]:
    """One address of each kind, another each time."""
    words = ["dog", "red", "a person", "the left half", "wheel", "blue sky", "cat", "water", "a", "house"]
    n_layers = -(-n_units // UNITS_A_LAYER)

    def layer() -> str:
        return f"/networks/bench/layers/layer{rng.integers(n_layers)}/units"

    def unit() -> str:
        number = int(rng.integers(n_units))
        return f"/networks/bench/layers/layer{number // UNITS_A_LAYER}/units/{number % UNITS_A_LAYER}"

    def word() -> str:
        return quote(words[int(rng.integers(len(words)))])

    return {
        "start page": lambda: "/",
        "network page": lambda: "/networks/bench",
        "layer page": layer,
        "layer page, deep": lambda: f"{layer()}?page={rng.integers(2, 100)}",
        "sorted by faithfulness": lambda: f"{layer()}?sort=faithful&page={rng.integers(1, 100)}",
        "sorted by words": lambda: f"{layer()}?sort=words&page={rng.integers(1, 100)}",
        "facets": lambda: f"{layer()}?status=described&faithfulness=0.{rng.integers(1, 3)}-0.3".replace(
            "0.1-0.3", "0.1-0.2"
        ),
        "words in a layer": lambda: f"{layer()}?q={word()}",
        "a concept of a layer": lambda: f"{layer()}?concept={word()}&sort=faithful",
        "unit page": unit,
        "unit as JSON": lambda: f"{unit()}.json",
        "picture of a card": lambda: f"{unit()}/card.webp",
        "picture of an exemplar": lambda: f"{unit()}/exemplars/{rng.integers(RANKS)}.webp",
        "search by words": lambda: f"/search?q={word()}",
        "search, most faithful": lambda: f"/search?q={word()}&sort=faithfulness",
        "search by meaning": lambda: f"/search?by=meaning&q={word()}+{rng.integers(1000)}",
        "an unknown address": lambda: f"{layer()}x/1",
    }


class Server:
    """`milan serve` in a process of its own."""

    def __init__(self, catalog: str) -> None:
        command = [sys.executable, "-m", "milan", "serve", catalog, "--port", "0"]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        self.address = next(line.split()[0] for line in self._process.stderr if "http://" in line).rstrip("/")
        self._stat = Path(f"/proc/{self._process.pid}")

    def seconds(self) -> float:
        """Processor time that it took so far."""
        fields = (self._stat / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """The most memory that it held."""
        lines = (self._stat / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def get(self, path: str) -> int:
        """Ask; how many bytes came."""
        try:
            with urllib.request.urlopen(self.address + path) as answer:
                return len(answer.read())
        except urllib.error.HTTPError as wrong:
            return len(wrong.read())

    def status(self, path: str, body: bytes | None = None) -> int:
        """How a request ends; 0 where no answer comes. With a body it posts a form."""
        try:
            with urllib.request.urlopen(self.address + path, body, timeout=120) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as wrong:
            return wrong.code
        except OSError:
            return 0

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def measured(server: Server, address: Callable[[], str], repeats: int) -> Iterator[tuple[float, float]]:
    """Wall clock and processor time of each request, in seconds."""
    server.get(address())  # the first loads what all share
    for _ in range(repeats):
        path = address()
        start, busy = time.perf_counter(), server.seconds()
        server.get(path)
        yield time.perf_counter() - start, server.seconds() - busy


def ask_together(server: Server, n_units: int, n_clients: int, repeats: int) -> None:
    """Many clients at once, each of which asks for every kind of page and votes: is anything lost?"""
    wrong: list[str] = []
    took: list[float] = []

    def client(number: int) -> None:
        asked = questions(n_units, np.random.default_rng(number))
        for turn in range(repeats):
            for name, address in asked.items():
                start = time.perf_counter()
                status = server.status(address())
                took.append(time.perf_counter() - start)
                if status != (404 if name == "an unknown address" else 200):
                    wrong.append(f"{name}: {status}")
            vote = {"author": f"client {number}", "fits": "yes", "about": f"turn {turn}"}
            unit = f"/networks/bench/layers/layer0/units/{number}/opinions"
            status = server.status(unit, urlencode(vote).encode())
            if status != 200:
                wrong.append(f"vote: {status}")

    start = time.perf_counter()
    with ThreadPoolExecutor(n_clients) as pool:
        list(pool.map(client, range(n_clients)))
    seconds = time.perf_counter() - start
    with urllib.request.urlopen(f"{server.address}/opinions.csv") as answer:
        votes = len(answer.read().splitlines()) - 1
    print(
        f"{n_clients} clients: {len(took)} pages, {len(took) / seconds:.0f} a second, median"
        f" {1000 * np.median(took):.0f} ms, 95 % {1000 * np.quantile(took, 0.95):.0f} ms;"
        f" {votes} of {n_clients * repeats} votes kept; {len(wrong)} lost {sorted(set(wrong))}"
    )


def main() -> None:
    """Make the catalog, then ask for pages again and again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--clients", type=int, default=0, help="how many ask at once, after all else")
    parser.add_argument("--catalog", type=Path, help="where it is, or is to be made and kept")
    parser.add_argument("--database", help="an address that the catalog was copied to: ask there")
    parser.add_argument("--json", type=Path, help="where to write the figures too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.catalog or Path(folder) / "large.db"
        if not path.exists():
            make_catalog(path, min(asked.units, UNITS_MADE))
            grow(path, max(1, asked.units // UNITS_MADE))
        print(f"{asked.units:,} units, {path.stat().st_size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}")
        server = Server(asked.database or str(path))
        try:
            found = {}
            print(f"{'milliseconds':26} {'median':>8} {'95 %':>8} {'processor: mean':>16}")
            for name, address in questions(asked.units, np.random.default_rng(1)).items():
                took = 1000 * np.array(list(measured(server, address, asked.repeats)))
                found[name] = (*np.quantile(took[:, 0], [0.5, 0.95]), took[:, 1].mean())
                print("{:26} {:8.1f} {:8.1f} {:16.1f}".format(name, *found[name]), flush=True)
            if asked.clients:
                ask_together(server, asked.units, asked.clients, 2)
            print(f"server memory at most {server.megabytes():.0f} MB")
            if asked.json:
                asked.json.write_text(json.dumps(found | {"megabytes": server.megabytes()}, indent=1))
        finally:
            server.close()


if __name__ == "__main__":
    main()
