"""A served catalog in which everything is hostile, and Debian's Chromium before it."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from benchmarks.hostile import hostile_catalog
from playwright.sync_api import Browser, Page, sync_playwright

from milan.surfaces.web import make_app

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `milan serve` for a catalog whose names, words and notes are scripts."""
    catalog = hostile_catalog(tmp_path_factory.mktemp("served") / "hostile.db")
    app = make_app(catalog, now=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Watched:
    """A page, and everything that went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("dialog", lambda dialog: (self._note("error", f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", self._note_foreign)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(text)

    def _note_foreign(self, request: object) -> None:
        address = request.url  # type: ignore[attr-defined]
        if not address.startswith(("http://127.0.0.1:", "data:", "about:")):
            self.wrong.append(f"asked for {address}")


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go, for people to look at."""
    folder = Path(__file__).parents[3] / "local" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
