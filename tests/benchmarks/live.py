"""How long one click on the live page takes, and its picture for the guide.

    python tests/benchmarks/live.py units.db builtin:efficientnet-lite0 --picture photo.png
    python tests/benchmarks/live.py texts.db milan.translation:sentence_reader --text "A dog runs."

The application is asked in this process, one request after the other: the page of what was given, with a unit
that was not looked at before (its region is drawn with it, for a picture), then with that unit switched off.
Medians and 95th percentiles of the processor time that all threads of this process took, which a busy machine
does not stretch, with 95 % bootstrap intervals over requests. With `--screenshot FILE.webp`
Chromium draws the page of the first unit, switched off.
"""

import argparse
import contextlib
import io
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from milan.surfaces.cli.serve import live_of
from milan.surfaces.web import make_app


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("catalog", type=Path)
    asked.add_argument("network")
    asked.add_argument("--picture", type=Path)
    asked.add_argument("--text", default="")
    asked.add_argument("--clicks", type=int, default=40)
    asked.add_argument("--unit", help="layer/index of the unit in the screenshot; the most stirred without.")
    asked.add_argument("--value", type=float, default=0.0)
    asked.add_argument("--screenshot", type=Path)
    given = asked.parse_args()
    app = make_app(given.catalog, live=live_of(given.catalog, given.network, weights=None, device="cpu"))
    client = TestClient(app, base_url="http://127.0.0.1")
    page, listing = _give(client, given.picture, given.text)
    units = [one["unit"].split("/", 1)[1] for one in client.get(listing).json()["units"]][: given.clicks]
    looks, changes = [], []
    for unit in units:
        looks.append(_seconds(client, page, unit, {"unit": unit}))
        changes.append(_seconds(client, page, unit, {"unit": unit, "set": f"{unit}={given.value:g}"}))
    print(f"{len(units)} units")
    for what, seconds in (("looking at a unit", looks), ("switching it off", changes)):
        print(f"{what}: {_stated(seconds, 50)} s, 95th percentile {_stated(seconds, 95)} s")
    if given.screenshot is not None:
        unit = given.unit or units[0]
        shown = client.get(page, params={"unit": unit, "set": f"{unit}={given.value:g}"})
        _draw(app, f"{shown.url.path}?{shown.url.query.decode()}", given.screenshot)


def _give(client: TestClient, picture: Path | None, text: str) -> tuple[str, str]:
    """Address of the page, and of its JSON."""
    if picture is None:
        query = str(client.get("/live", params={"text": text}).url.query, "ascii")
        return f"/live?{query}", f"/live.json?{query}"
    sent = {"picture": (picture.name, picture.read_bytes())}
    page = client.post("/live", files=sent, follow_redirects=False).headers["location"]
    return page, f"{page}/units.json"


def _seconds(client: TestClient, page: str, unit: str, query: dict[str, str]) -> float:
    started = time.process_time()
    shown = client.get(client.build_request("GET", page).url.copy_merge_params(query))
    assert shown.status_code == 200, shown.text
    if "?" not in page and "set" not in query:
        layer, index = unit.split("/")
        assert client.get(f"{page}/layers/{layer}/units/{index}.webp").status_code == 200
    return time.process_time() - started


def _stated(seconds: list[float], percentile: int) -> str:
    drawn = np.random.default_rng(0).choice(seconds, (2000, len(seconds)))
    low, high = np.percentile(np.percentile(drawn, percentile, axis=1), [2.5, 97.5])
    return f"{np.percentile(seconds, percentile):.3f} ({low:.3f} to {high:.3f})"


def _draw(app: FastAPI, address: str, file: Path) -> None:
    """The page as Chromium draws it, 1,280 pixels wide."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "page.png"
        where = f"http://127.0.0.1:{listener.getsockname()[1]}{address}"
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        subprocess.run(
            ["chromium", *options, "--window-size=1280,900", f"--screenshot={shot}", where],
            check=True,
            capture_output=True,
        )
        Image.open(io.BytesIO(shot.read_bytes())).save(file, "WEBP", quality=82)
    server.should_exit = True
    with contextlib.suppress(RuntimeError):
        thread.join(10)


if __name__ == "__main__":
    main()
