"""Hostile files, names, documents, queries, addresses and forms: nothing crashes, no page runs a script.

    python tests/benchmarks/hostile.py --n 10000

Strings and mutations come from Hypothesis, without randomness of its own. Each kind of input prints how many
were tried and what became of them; the first that brings anything but an answer or one clear error ends the
run, made small. Everything happens in a temporary folder beside which another one is watched.
"""

import argparse
import hashlib
import io
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import chdir, suppress
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import numpy as np
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from milan.catalog import Catalog, draw_unit, export
from milan.datasets import UnreadableImage, open_picture, read_classes
from milan.errors import MilanError
from milan.exemplars import ExemplarState
from milan.records import (
    Candidate,
    CounterExemplar,
    CounterKind,
    Description,
    Explanation,
    LayerExemplars,
    Meaning,
    Measured,
    Opinion,
    Provenance,
    UnitId,
    UnitStatus,
    WeightedPhrase,
)
from milan.surfaces.cli import app
from milan.surfaces.web import Guard, make_app
from milan.uses.audit import open_questions

SCRIPTS = (
    "<script>alert('x')</script>\"&",
    "</title><script src=//evil.example/x.js></script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "\u202egnp.exe\u2066 \u200f\u061c",
    "../../../../etc/passwd",
    "%2e%2e%2f%00",
    "\x1b]0;title\x07\x1b[31m",
    "$(touch outside) `touch outside`; rm -rf outside",
    "NaN Infinity -0 1e999 9" + "9" * 400,
    "é" * 300,
)
NAMES = (
    "a\nb",
    "-rf",
    "~",
    "con",
    "a'b\"c`d",
    "x" * 200,
    "\u202egnp",
    "<b>",
    "$(touch y)",
    "%2e%2e",
    "a\\b",
    "\x1b[2J",
)
FORMATS = ("png", "jpg", "gif", "webp", "tiff", "bmp", "ppm", "avif", "npy")
QUESTIONS = b"title: Wheels\nconcepts:\n- name: wheels\n  words: [wheel, &a tyre, *a]\n  likeness: .6\n"
LAYER = "/networks/tiny/layers/odd ?#%/units"
AT = datetime(2026, 1, 2, tzinfo=UTC)

Text = st.one_of(
    st.sampled_from(SCRIPTS), st.text(max_size=60), st.lists(st.sampled_from(SCRIPTS)).map("".join)
)
Harm = st.tuples(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
    st.binary(max_size=9),
)
"""Bytes that are changed (where, to what), what is left of the file, and what stands before it."""


class Scripts(HTMLParser):
    """Whatever in a page a browser might run, or load from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts but the package's own, handlers, frames, and addresses beyond this server."""
        for name, value in attrs:
            address = (value or "").strip().lower()
            leads_away = name in ("href", "src", "action") and not address.startswith(("/", "#", "?"))
            if name.startswith("on") or name in ("style", "srcdoc") or leads_away or address.startswith("//"):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and not dict(attrs).get("src")):
            self.found.append(f"<{tag}>")


def tried(n: int, check: Callable[..., str], *inputs: st.SearchStrategy[object]) -> Counter[str]:
    """What became of n inputs; the first failure is raised, made small."""
    became: Counter[str] = Counter()
    quiet = settings(
        max_examples=n, derandomize=True, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    def one(given_: tuple[object, ...]) -> None:
        became[check(*given_)] += 1

    quiet(given(st.tuples(*inputs))(one))()
    return became


def harmed(content: bytes, harm: tuple[list[tuple[float, int]], float, bytes]) -> bytes:
    """A file with some bytes changed, cut off, and perhaps something before it."""
    changes, kept, before = harm
    found = bytearray(content)
    for where, value in changes:
        found[int(where * (len(found) - 1))] = value
    return (before if kept < 0.2 else b"") + bytes(found[: max(1, int(len(found) * min(1, kept * 2)))])


def samples(folder: Path) -> dict[str, bytes]:
    """A small picture in every format."""
    noise = np.random.default_rng(0).integers(0, 255, (12, 9, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    for ending in FORMATS[:-1]:
        Image.fromarray(noise).save(
            folder / f"x.{ending}", **({} if ending in ("ppm", "gif", "bmp") else {"exif": exif})
        )
    np.save(folder / "x.npy", noise)
    return {ending: (folder / f"x.{ending}").read_bytes() for ending in FORMATS}


def pictures(folder: Path, n: int) -> Counter[str]:
    """Damaged pictures are read, or refused with a reason."""
    whole = samples(folder)

    def check(
        ending: str, claims: str, channels: int, harm: tuple[list[tuple[float, int]], float, bytes]
    ) -> str:
        file = folder / f"harmed.{claims}"
        file.write_bytes(harmed(whole[ending], harm))
        try:
            return f"read {np.shape(open_picture(file, channels))[2:] and ending}"[:4]
        except UnreadableImage:
            return "refused"

    endings = st.sampled_from(FORMATS)
    return tried(n, check, endings, endings, st.sampled_from((1, 3, 4, 6)), Harm)


def read_whole(catalog: Path) -> None:
    """Everything that pages read of a catalog."""
    with Catalog.open(catalog) as opened:
        for unit in opened.units():
            opened.search(unit.phrase or "dog", 3)
            draw_unit(unit)
        opened.said()


def documents(folder: Path, n: int, catalog: Path) -> Counter[str]:
    """Damaged catalogs, states, question files and lists of classes are read, or refused in one line."""
    state = folder / "state.safetensors"
    state.write_bytes(b'\x10\0\0\0\0\0\0\0{"__metadata__":{}}' + b"\0" * 64)
    kinds: dict[str, tuple[bytes, Callable[[Path], object]]] = {
        "units.db": (catalog.read_bytes(), read_whole),
        "state.safetensors": (state.read_bytes(), ExemplarState.load),
        "questions.yaml": (QUESTIONS, open_questions),
        "classes.json": (json.dumps({"a": 0, "b": 1}).encode(), read_classes),
    }  # fmt: skip

    def check(name: str, harm: tuple[list[tuple[float, int]], float, bytes], tail: str) -> str:
        content, read = kinds[name]
        file = folder / name
        for left in folder.glob(f"{name}-*"):
            left.unlink()
        file.write_bytes(
            harmed(content, harm) + (b"" if name == "units.db" else tail.encode(errors="ignore"))
        )
        try:
            read(file)
        except MilanError as error:
            if "\n" in str(error).strip():
                raise AssertionError(f"more than a line: {error}") from error
            return "refused"
        return "read"

    return tried(n, check, st.sampled_from(sorted(kinds)), Harm, st.just("") | Text)


def queries(n: int, catalog: Path) -> Counter[str]:
    """Any text is a fair query, and a unit's address or a clear mistake."""

    def check(text: str) -> str:
        found = len(opened.search(text, 5))
        with suppress(MilanError):
            opened.unit(UnitId.parse(text))
        return "found" if found else "nothing"

    with Catalog.open(catalog) as opened:
        return tried(n, check, Text)


def addresses(n: int, client: TestClient) -> Counter[str]:
    """No address and no query breaks a page or brings a script into it."""
    kinds = ("/search?q={}&by=meaning", "/search?q={}", f"{LAYER}?q={{}}", f"{LAYER}?sort={{}}", "/static/{}",
             "/{}", f"{LAYER}/{{}}", f"{LAYER}/1/{{}}", "/networks/{}", "/networks/tiny/layers/{}/units.csv",
             "/search.json?q={}", f"{LAYER}.json?page={{}}&q={{}}", "/opinions?limit={}")  # fmt: skip

    def check(kind: str, text: str, safe: str, host: str) -> str:
        told = quote(text.encode(errors="ignore"), safe=safe)
        answer = client.get(quote(kind, safe="/?={}&%").replace("{}", told), headers={"Referer": quote(host)})
        assert answer.status_code in (200, 400, 404, 421), (answer.status_code, kind, text)
        if answer.headers["content-type"].startswith("text/html"):
            assert not Scripts(answer.text).found, Scripts(answer.text).found
        else:
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert "root:x:0" not in answer.text
        return str(answer.status_code)

    return tried(n, check, st.sampled_from(kinds), Text, st.sampled_from(("", "/", "/.;?=&")), Text)


def forms(n: int, catalog: Path) -> Counter[str]:
    """Beyond loopback nothing is written without the token; with it any text is kept as text."""
    token = "a-token-of-sixteen-signs"
    open_, shut = (
        TestClient(
            make_app(catalog, None, Guard("0.0.0.0", known), lambda: AT),
            base_url="http://lab",
            follow_redirects=False,
        )
        for known in (token, None)
    )

    def written() -> int:
        with Catalog.open(catalog) as opened:
            return len(opened.opinions())

    def check(words: str, author: str, said: str, knows: bool, origin: str) -> str:
        before = written() if not knows else 0
        form = {
            "words": words,
            "author": author,
            "fits": "yes",
            "about": words,
            "token": token if knows else said,
        }
        form = {key: value.encode(errors="ignore").decode() for key, value in form.items()}
        headers = {"Origin": "http://lab" if origin == "" else f"http://{quote(origin, safe='')}"}
        codes = []
        for client in (open_, shut):
            answer = client.post(f"{quote(LAYER)}/1/opinions", data=form, headers=headers)
            assert answer.status_code in (303, 400, 403, 413), answer.status_code
            assert answer.status_code != 303 or (client is open_ and knows and origin == "")
            codes.append(answer.status_code)
        assert knows or written() == before
        return "written" if codes[0] == 303 else "refused"

    return tried(n, check, Text, Text, Text, st.booleans(), st.sampled_from(("", "evil.example", SCRIPTS[0])))


def hostile_catalog(path: Path) -> Path:
    """A catalog whose names, words, file names and people's notes all try something."""
    paths = tuple(f"photos/{text}.jpg" for text in SCRIPTS)
    file, n = io.BytesIO(), len(SCRIPTS)
    Image.new("RGB", (32, 24), "teal").save(file, "WEBP")
    images, maps = (
        np.tile(np.arange(3), (n, 1)),
        np.random.default_rng(0).random((n, 3, 4, 4)).astype(np.float16),
    )
    nothing = [Measured((), *np.zeros((2, 0, n), np.float32)) for _ in range(2)]
    ones = np.ones((n, 3), np.float32)
    layer = LayerExemplars(
        "odd ?#%", paths, ones[:, 0], (UnitStatus.PENDING,) * n, images, ones, maps, ones, *nothing
    )
    said = [
        Description(unit, UnitStatus.DESCRIBED if unit % 2 else UnitStatus.INCONSISTENT, 0.2,
                    (Candidate(text, 1.0, -1.0, -2.0, text), Candidate("a dog", 0.5, -1, -2, "bank")), None,
                    Explanation((WeightedPhrase(text, 0.4),)), meanings=(Meaning(text, (0, 2)),),
                    counter_exemplars=(CounterExemplar(paths[-1], CounterKind.SILENT, 0.1, 0.2),))
        for unit, text in enumerate(SCRIPTS)
    ]  # fmt: skip
    made_of = Provenance(
        SCRIPTS[0], "w0", {SCRIPTS[1]: SCRIPTS[2]}, "d0", {"k": SCRIPTS[3]}, {"torch": SCRIPTS[0]}
    )
    with Catalog.open(path, create=True) as catalog:
        catalog.add_network("tiny", made_of, ["odd ?#%", "<script>alert('layer')<\u2215script>"])
        catalog.store_layer("tiny", layer, made_of, dict.fromkeys(paths, file.getvalue()))
        version = catalog.start_description("tiny", "odd ?#%", {"note": SCRIPTS[0]}, {})
        catalog.store_descriptions(version, said)
        catalog.finish_description(version)
        for text in SCRIPTS:
            with suppress(MilanError):  # longer than a note may be
                catalog.add_opinion(
                    Opinion(UnitId("tiny", "odd ?#%", 1), text[:70], AT.isoformat(), True, text, text)
                )
    return path


def every_page(client: TestClient, catalog: Path, n_units: int) -> Counter[str]:
    """All kinds of pages of a catalog, and its exports."""
    seen: Counter[str] = Counter()
    with Catalog.open(catalog) as opened:
        (layer,) = opened.layers()
        units = f"/networks/{quote(layer.network)}/layers/{quote(layer.name)}/units"
        for kind in ("jsonl", "csv", "parquet"):
            seen["unit exported"] += export(opened, kind, catalog.with_suffix(f".{kind}"))
    pages = ["/", "/search?q=alert", "/opinions", units, *(f"{units}/{unit}" for unit in range(n_units))]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert not (found := Scripts(answer.text).found), (address, found)
        seen["page"] += 1
    return seen


def names(folder: Path) -> Counter[str]:
    """A folder of hostile names, and of what is no file, is described, exported and shown."""
    photos = folder / "photos"
    photos.mkdir()
    picture = samples(folder)["png"]
    for name in NAMES:
        (photos / f"{name}.png").write_bytes(picture)
    (photos / "loop").symlink_to("..")
    (photos / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(photos / "pipe.png")
    Path(os.fsdecode(os.fsencode(photos) + b"/\xff\xfe.png")).write_bytes(picture)
    (folder / "hostile_net.py").write_text(
        "from torch import nn\ndef net(): return nn.Sequential(nn.Conv2d(3, 4, 3))\n"
    )
    run = (
        "describe",
        "hostile_net:net",
        "--images",
        "photos",
        "--size",
        "9",
        "--exemplars-only",
        "--catalog",
        "named.db",
    )
    with chdir(folder):
        done = CliRunner().invoke(app, run, env={"MILAN_CACHE_DIR": str(folder / "cache")})
    assert done.exit_code == 0, done.output
    became = every_page(
        TestClient(make_app(folder / "named.db"), base_url="http://127.0.0.1"), folder / "named.db", 4
    )
    with Catalog.open(folder / "named.db") as opened:
        became["gallery unit"] = export(opened, "html", folder / "gallery")
        became["name shown"] = len({own.source for unit in opened.units() for own in unit.exemplars})
    return became


def digest(folder: Path) -> str:
    """Of all that a folder holds."""
    held = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        held.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return held.hexdigest()


def main(arguments: list[str] | None = None) -> dict[str, Counter[str]]:
    """Try all kinds, a share of n each; what became of each is printed and answered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10_000)
    n = parser.parse_args(arguments).n
    with tempfile.TemporaryDirectory() as place, chdir(place):
        outside, inside = Path(place, "outside"), Path(place, "inside")
        outside.mkdir()
        inside.mkdir()
        (outside / "precious").write_text("untouched")
        before = digest(outside)
        catalog = hostile_catalog(inside / "hostile.db")
        client = TestClient(make_app(catalog, None, now=lambda: AT), base_url="http://127.0.0.1")
        became = {
            "damaged pictures": pictures(inside, 3 * n // 10),
            "damaged documents": documents(inside, n // 10, catalog),
            "queries": queries(2 * n // 10, catalog),
            "addresses": addresses(3 * n // 10, client),
            "forms": forms(n // 10, catalog),
            "a hostile catalog": every_page(client, catalog, len(SCRIPTS)),
            "hostile file names": names(inside),
        }
        assert digest(outside) == before, "something outside was touched"
    for kind, counts in became.items():
        what_became = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        print(f"{kind}: {counts.total()} ({what_became})")
    n_tried = sum(counts.total() for counts in became.values())
    print(f"{n_tried} in all: no crash, no script, nothing touched outside")
    return became


if __name__ == "__main__":
    main()
