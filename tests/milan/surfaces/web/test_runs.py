"""Runs that are started from a page, one after the other, in processes of their own."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from milan.catalog import Catalog
from milan.surfaces.web import Guard, app, make_app
from milan.surfaces.web.runner import MOST_WAITING, Runner

TOKEN = "a long enough token"
ORDER = {"network": "timm:resnet18", "images": "cats"}
ECHO = """
import os, sys, time
print("describing a: 1 of 2 (50%)", flush=True)
print("describing a: 2 of 2 (100%)", flush=True)
print(sys.argv, os.environ["MILAN_CATALOG"], flush=True)
if "--name=bad" in sys.argv:
    print("error: no network 'bad'. Did you mean 'good'?", flush=True); sys.exit(2)
while "--name=slow" in sys.argv:
    time.sleep(0.05)
"""
"""In the place of `milan`: tells what it was asked for; may fail, or go on for ever."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "photos" / "cats").mkdir(parents=True)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "photos" / "out").symlink_to(tmp_path / "secrets")
    return tmp_path / "photos"


@pytest.fixture
def visit_runs(
    path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., TestClient]]:
    monkeypatch.setattr(app, "Runner", partial(Runner, program=(sys.executable, "-c", ECHO)))
    made: list[TestClient] = []

    def visit(host: str = "127.0.0.1", token: str | None = None) -> TestClient:
        shown = make_app(path, guard=Guard(host, token), root=root)
        made.append(TestClient(shown, base_url=f"http://{host}:8000"))
        return made[-1]

    yield visit
    for client in made:
        client.app.state.site.orders.runner.close()  # type: ignore[attr-defined]


@pytest.fixture
def client(visit_runs: Callable[..., TestClient]) -> TestClient:
    return visit_runs()


def start(client: TestClient, **order: str) -> str:
    answer = client.post("/runs", data=ORDER | order, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ended(client: TestClient, page: str, states: tuple[str, ...] = ("done", "failed", "cancelled")) -> dict:
    for _ in range(400):
        run = client.get(f"{page}.json").json()
        if run["state"] in states:
            return run
        time.sleep(0.05)
    raise AssertionError(f"it is still {run['state']}")


def test_a_run_is_ordered_watched_and_done(client: TestClient, path: Path, root: Path) -> None:
    form = client.get("/runs").text
    assert '<option value="cats">' in form
    page = start(client, layers="layer3 layer4", limit="20", exemplars_only="true")
    run = ended(client, page)
    assert run["state"] == "done"
    assert run["lines"][0] == "describing a: 2 of 2 (100%)"  # of one step the newest line alone
    arguments = ["describe", f"--images={root / 'cats'}"]
    arguments += ["--layer=layer3", "--layer=layer4", "--limit=20", "--exemplars-only", "--", "timm:resnet18"]
    assert run["lines"][1] == f"{['-c', *arguments]} {path}"
    shown = client.get(page).text
    assert "see the networks" in shown
    assert "http-equiv" not in shown
    assert page in client.get("/runs").text


def test_a_failed_run_shows_its_one_line(client: TestClient) -> None:
    page = start(client, name="bad")
    assert ended(client, page)["error"] == "error: no network 'bad'. Did you mean 'good'?"
    assert "Did you mean &#39;good&#39;?" in client.get(page).text
    assert "Did you mean" in client.get("/runs").text


def test_one_goes_at_a_time_and_any_can_be_cancelled_twice(client: TestClient) -> None:
    first, second = start(client, name="slow"), start(client, name="slow")
    assert ended(client, first, ("running",))
    assert client.get(f"{second}.json").json()["state"] == "waiting"
    shown = client.get(second).text
    assert "1 before it" in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
    for page in (second, first):
        for _ in range(2):
            assert client.post(f"{page}/cancel").status_code == 200
            assert client.get(f"{page}.json").json()["state"] == "cancelled"
    assert ended(client, start(client))["state"] == "done"


def test_a_run_waits_while_somebody_else_writes(client: TestClient, path: Path) -> None:
    with Catalog.open(path) as busy:
        busy.start_description("tiny", "blocks.1", {"beams": 6}, {})
        page = start(client)
        assert "until nobody else writes" in client.get(page).text
    assert ended(client, page)["state"] == "done"


def test_uploads_are_gone_when_the_run_is_over(client: TestClient) -> None:
    files = {"weights": ("../../my net.safetensors", b"weights"), "texts": ("a.conllu", b"# text")}
    answer = client.post("/runs", data={"network": "timm:resnet18"}, files=files, follow_redirects=False)
    run = ended(client, answer.headers["location"])
    [weights] = [part for part in run["lines"][1].split("'") if part.startswith("--weights=")]
    kept = Path(weights.removeprefix("--weights="))
    assert (kept.name, kept.parent.name[:10]) == ("my_net.safetensors", "milan-run-")
    assert f"--texts={kept.parent / 'text.conllu'}" in run["lines"][1]
    for _ in range(100):
        if not kept.parent.exists():
            break
        time.sleep(0.02)
    assert not kept.parent.exists()


def test_a_pasted_text_and_a_whole_network_are_taken(client: TestClient) -> None:
    whole = {"weights": ("net.pt2", b"program")}
    answer = client.post("/runs", data={"pasted": "a dog\nbarks"}, files=whole, follow_redirects=False)
    run = ended(client, answer.headers["location"])
    assert "text.txt" in run["lines"][1]
    assert "net.pt2']" in run["lines"][1]


@pytest.mark.parametrize(
    ("order", "status", "why"),
    [
        ({"images": "../secrets"}, 404, "no folder of images"),
        ({"images": "out"}, 404, "no folder of images"),
        ({"images": "/etc"}, 404, "no folder of images"),
        ({"images": "cats\x00"}, 404, "no folder of images"),
        ({"images": "cat"}, 404, "Did you mean &#39;cats&#39;"),
        ({"images": ""}, 400, "one of them"),
        ({"pasted": "a dog"}, 400, "one of them"),
        ({"network": ""}, 400, "name a network"),
        ({"limit": "many"}, 400, "limit"),
        ({"limit": "0"}, 400, "limit"),
    ],
)
def test_what_cannot_be_run_is_refused(
    client: TestClient, order: dict[str, str], status: int, why: str
) -> None:
    answer = client.post("/runs", data=ORDER | order)
    assert answer.status_code == status
    assert why in answer.text
    assert client.get("/runs.json").json() == []


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"weights": ("net.pth", b"x")}, ".safetensors"),
        ({"weights": ("net.pt2", b"x")}, "leave &#39;timm:resnet18&#39; out"),
        ({"weights": ("net.safetensors", b"")}, "is empty"),
        ({"texts": ("a.pdf", b"x")}, "one of them"),
    ],
)
def test_odd_files_are_refused(client: TestClient, files: dict[str, tuple[str, bytes]], why: str) -> None:
    answer = client.post("/runs", data=ORDER, files=files)
    assert answer.status_code == 400
    assert why in answer.text


def test_an_option_in_the_place_of_a_network_stays_a_name(client: TestClient, path: Path) -> None:
    run = ended(client, start(client, network="--fresh"))
    assert run["lines"][1].endswith(f"'--', '--fresh'] {path}")


def test_only_so_many_wait(client: TestClient) -> None:
    for _ in range(MOST_WAITING + 1):
        page = start(client, name="slow")
    ended(client, "/runs/1", ("running",))
    while client.get(f"{page}.json").json()["state"] != "waiting":
        time.sleep(0.02)
    last = client.post("/runs", data=ORDER | {"name": "slow"})
    assert last.status_code == 400
    assert "waiting already" in last.text


def test_beyond_loopback_only_the_token_starts_and_ends_runs(visit_runs: Callable[..., TestClient]) -> None:
    assert visit_runs(host="0.0.0.0").post("/runs", data=ORDER).status_code == 403
    client = visit_runs(host="0.0.0.0", token=TOKEN)
    assert client.post("/runs", data=ORDER).status_code == 403
    page = start(client, token=TOKEN, name="slow")
    assert client.post(f"{page}/cancel").status_code == 403
    assert client.post(f"{page}/cancel", data={"token": TOKEN}).status_code == 200


@pytest.mark.parametrize(
    "network",
    ["os:system", "edited:folder", "net.pt2", "hf:/etc", "hf:../net", "timm:local-dir:x", "hf:a/b/c"],
)
def test_other_machines_run_no_code_and_read_no_files(
    visit_runs: Callable[..., TestClient], network: str
) -> None:
    client = visit_runs(host="0.0.0.0", token=TOKEN)
    answer = client.post("/runs", data=ORDER | {"network": network, "token": TOKEN})
    assert answer.status_code == 400
    assert "from other machines" in answer.text
    whole = {"weights": ("net.pt2", b"x")}
    answer = client.post("/runs", data={"images": "cats", "token": TOKEN}, files=whole)
    assert "can run code" in answer.text


def test_without_a_folder_of_images_no_runs_are_started(path: Path) -> None:
    client = TestClient(make_app(path), base_url="http://127.0.0.1:8000")
    assert client.get("/runs").status_code == 404
    assert client.post("/runs", data=ORDER).status_code == 404
    assert ">Runs<" not in client.get("/").text


def test_a_run_that_there_is_not(client: TestClient) -> None:
    for page in ("/runs/7", "/runs/7.json"):
        assert client.get(page).status_code == 404
    assert client.post("/runs/7/cancel").status_code == 404


def test_a_server_that_ends_ends_its_run(path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "Runner", partial(Runner, program=(sys.executable, "-c", ECHO)))
    served = make_app(path, root=root)
    with TestClient(served, base_url="http://127.0.0.1:8000") as client:
        ended(client, start(client, name="slow"), ("running",))
        while not client.get("/runs/1.json").json()["lines"]:
            time.sleep(0.02)
        process = served.state.site.orders.runner.run(1).process
    assert process.wait(5) != 0
