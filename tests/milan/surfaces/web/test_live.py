"""The page on which a network is tried: pictures and texts in, units and answers out."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from milan.catalog import Catalog
from milan.networks import Network
from milan.networks.text import TextNetwork
from milan.surfaces.web import Guard, make_app
from milan.surfaces.web.trials import MOST_KEPT, SECONDS_KEPT, PictureTrials
from milan.uses.live import LivePictures, LiveTexts
from tests.milan.uses.live.conftest import (
    folders,
    make_catalog,
    network,
    reader,
    reading,
    red,
    seeing,
    text_catalog,
)

__all__ = ["folders", "make_catalog", "network", "reader", "reading", "red", "seeing", "text_catalog"]


@pytest.fixture
def client(seeing: LivePictures, tmp_path: Path) -> TestClient:
    return TestClient(make_app(tmp_path / "units.db", live=seeing), base_url="http://127.0.0.1:8000")


@pytest.fixture
def reader_client(reading: LiveTexts, text_catalog: Catalog) -> TestClient:
    return TestClient(make_app(text_catalog.place, live=reading), base_url="http://127.0.0.1:8000")


def drop(client: TestClient, content: bytes) -> str:
    answer = client.post("/live", files={"picture": ("x.png", content)}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
def page(client: TestClient, red: Path) -> str:
    """Address of a dropped picture's page."""
    return drop(client, red.read_bytes())


def test_a_dropped_picture_shows_units_and_outputs(client: TestClient, page: str) -> None:
    assert 'href="/live"' in client.get("/").text
    assert 'type="file"' in client.get("/live").text
    shown = client.get(page)
    assert shown.status_code == 200
    assert "Units that it stirs" in shown.text
    assert "output 1" in shown.text
    assert "a printed word" in shown.text
    for picture in re.findall(r'src="(/live[^"]+)"', shown.text):
        assert client.get(picture).headers["content-type"] == "image/webp"


def test_a_unit_lights_its_region(client: TestClient, page: str) -> None:
    shown = client.get(page, params={"unit": "act/3"}).text
    assert f"{page}/layers/act/units/3.webp" in shown
    assert 'name="change" value="act/3"' in shown
    lit, whole = client.get(f"{page}/layers/act/units/0.webp"), client.get(f"{page}/picture.webp")
    assert Image.open(io.BytesIO(lit.content)).size == Image.open(io.BytesIO(whole.content)).size
    assert lit.content != whole.content


def test_a_form_leads_to_the_address_of_what_it_changed(client: TestClient, page: str) -> None:
    form = {"unit": "act/3", "set": ["act/0=2"], "change": ["act/3", "act/5"], "to": " 0 "}
    answer = client.get(page, params=form, follow_redirects=False)
    assert answer.status_code == 303
    assert (
        answer.headers["location"] == f"{page}?unit=act%2F3&set=act%2F0%3D2&set=act%2F3%3D0&set=act%2F5%3D0"
    )
    let_go = client.get(answer.headers["location"], params={"change": "act/0", "to": ""})
    assert "act/0=2" not in str(let_go.url)


def test_a_unit_switched_off_changes_the_outputs_and_undo_brings_them_back(
    client: TestClient, page: str
) -> None:
    before = client.get(f"{page}/units.json").json()
    after = client.get(f"{page}/units.json", params={"set": ["act/0=1", "act/3=0"]}).json()
    assert after["set"] == {"net/act/0": 1.0, "net/act/3": 0.0}
    [first, _] = sorted(after["outcomes"], key=lambda outcome: -outcome["after"])
    assert first["name"] == "output 0"
    assert {(one["name"], one["before"]) for one in after["outcomes"]} == {
        (one["name"], one["after"]) for one in before["outcomes"]
    }
    shown = client.get(page, params={"set": ["act/0=1", "act/3=0"]}).text
    assert f'<a href="{page}?set=act%2F0%3D1">Undo</a>' in shown
    assert f'<a href="{page}">As it was</a>' in shown


@pytest.mark.parametrize(
    ("query", "status", "why"),
    [
        ({"unit": "act/8"}, 404, "units are 0 to 7"),
        ({"unit": "act"}, 400, "layer/index"),
        ({"unit": "act/" + "9" * 5000}, 400, "letters"),
        ({"set": "act/8=0"}, 400, "units 0 to 7, got 8"),
        ({"set": "nowhere/0=0"}, 404, "no layer"),
        ({"set": "act/0"}, 400, "such as layer4/41=0"),
        ({"set": "act/0=much"}, 400, "got &#39;much&#39;"),
        ({"set": "act/0=nan"}, 400, "got &#39;nan&#39;"),
        ({"change": "act/0", "to": "1e999"}, 400, "got &#39;1e999&#39;"),
        ({"set": [f"act/{unit}=0" for unit in range(300)]}, 400, "at most 256"),
        ({"layer": "acts"}, 404, "Did you mean"),
    ],
)
def test_what_cannot_be_done_is_said(
    client: TestClient, page: str, query: dict[str, str], status: int, why: str
) -> None:
    answer = client.get(page, params=query)
    assert answer.status_code == status
    assert why in answer.text


@pytest.mark.parametrize("content", [b"", b"this is a text", b"GIF89a" + b"\xff" * 40])
def test_what_is_no_picture_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.post("/live", files={"picture": ("x.png", content)})
    assert answer.status_code == 400
    assert client.post("/live", data={"picture": "no file"}).status_code == 400
    assert client.post("/live").status_code in (400, 411)


def test_long_pictures_and_foreign_pages_are_refused(client: TestClient) -> None:
    assert client.post("/live", files={"picture": ("x.png", b"x" * 21_000_000)}).status_code == 413
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/live", files={"picture": ("x.png", b"")}, headers=foreign).status_code == 403


def test_pictures_are_forgotten(seeing: LivePictures, red: Path) -> None:
    time = [0.0]
    trials = PictureTrials(seeing, lambda: time[0])
    keys = [trials.add(io.BytesIO(red.read_bytes())) for _ in range(MOST_KEPT + 1)]
    assert len(set(keys)) == MOST_KEPT + 1
    with pytest.raises(Exception, match="forgotten after an hour"):
        trials.get(keys[0])
    time[0] = SECONDS_KEPT
    trials.get(keys[1])  # asked for: it stays
    time[0] += 1
    with pytest.raises(Exception, match="forgotten after an hour"):
        trials.get(keys[2])
    assert trials.get(keys[1])


def test_without_a_network_there_is_no_such_page(
    make_catalog: Callable[..., Catalog], tmp_path: Path, network: Network
) -> None:
    make_catalog().close()
    client = TestClient(make_app(tmp_path / "units.db"), base_url="http://127.0.0.1:8000")
    shut = client.get("/live")
    assert shut.status_code == 404
    assert "milan serve --network SPEC" in shut.text
    assert "Try it" not in client.get("/").text


def test_a_text_is_tinted_and_answered(reader_client: TestClient, reader: TextNetwork) -> None:
    assert "<textarea" in reader_client.get("/live").text
    query = {"text": "a bee\nsees <b>honey</b>", "unit": "counts/0"}
    shown = reader_client.get("/live", params=query)
    assert shown.status_code == 200, shown.text
    assert 'class="up8">&lt;b&gt;honey&lt;/b&gt;<' in shown.text
    assert "16 letters" in shown.text
    changed = reader_client.get("/live", params=query | {"set": "counts/0=2"}).text
    assert "<b>4 letters</b>" in changed
    assert "Units that moved" in changed
    known = reader_client.get("/live.json", params=query | {"set": "counts/0=2"}).json()
    assert known["lines"] == [["4 letters", "16 letters"], ["4 letters", "4 letters"]]


@pytest.mark.parametrize("text", ["-", "a " * 1500, "a\n" * 50])
def test_a_text_that_cannot_be_read_is_refused(reader_client: TestClient, text: str) -> None:
    assert reader_client.get("/live", params={"text": text}).status_code == 400
    assert reader_client.get("/live.json", params={"text": text}).status_code == 400


def test_a_reader_takes_no_pictures_and_a_seer_no_texts(
    reader_client: TestClient, client: TestClient
) -> None:
    assert reader_client.post("/live", files={"picture": ("x.png", b"")}).status_code == 404
    assert reader_client.get("/live/abc").status_code == 404
    assert client.get("/live.json", params={"text": "a"}).status_code == 404


def test_others_may_look_where_the_server_is_shared(seeing: LivePictures, tmp_path: Path, red: Path) -> None:
    shared = make_app(tmp_path / "units.db", guard=Guard("0.0.0.0"), live=seeing)
    client = TestClient(shared, base_url="http://lab.example")
    assert client.get(drop(client, red.read_bytes())).status_code == 200
