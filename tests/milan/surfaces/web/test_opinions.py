"""People's words and votes on a served catalog."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from milan.catalog import Catalog

UNIT = "/networks/tiny/layers/blocks.1/units/0"
VOTE = {"author": "Ada", "fits": "yes", "about": "a small dog"}


def test_words_and_votes_stand_beside_the_machines_with_author_and_time(client: TestClient) -> None:
    said = VOTE | {"words": "<b>a terrier</b>", "author": "كاتب"}
    answer = client.post(f"{UNIT}/opinions", data=said, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{UNIT}#people")
    shown = client.get(UNIT).text
    assert "&lt;b&gt;a terrier&lt;/b&gt;" in shown
    assert "<bdi>كاتب</bdi>" in shown
    assert "2026-01-02 03:04 UTC" in shown
    [kept] = client.get("/opinions.json").json()["opinions"]
    assert kept == {
        "unit": "tiny/blocks.1/0",
        "author": "كاتب",
        "written": "2026-01-02T03:04:05+00:00",
        "fits": True,
        "about": "a small dog",
        "words": "<b>a terrier</b>",
        "address": UNIT,
    }


def test_agreement_counts_the_newest_vote_of_each_person(client: TestClient) -> None:
    for author, fits in (("Ada", "no"), ("Ada", "yes"), ("Bob", "yes")):
        client.post(f"{UNIT}/opinions", data=VOTE | {"author": author, "fits": fits})
    other = UNIT.replace("/0", "/2")
    for author in ("Ada", "Bob"):
        client.post(f"{other}/opinions", data={"author": author, "fits": "no", "about": "كلب صغير"})
    agreement = client.get("/opinions.json").json()["agreement"]
    assert (agreement["n_votes"], agreement["n_units"]) == (4, 2)
    assert agreement["fits"][0] == 0.5
    assert agreement["alpha"][0] == 1.0
    assert "4 votes on 2 units." in client.get("/opinions").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"author": "", "fits": "yes", "about": "x"}, "needs a name"),
        ({"author": "Ada"}, "a vote, words, or both"),
        ({"author": "Ada", "fits": "yes"}, "has none to vote on"),
        ({"author": "Ada", "fits": "perhaps", "about": "x"}, "perhaps"),
        ({"author": "A" * 81, "words": "x"}, "author can have 80 characters, got 81"),
        ({"author": "Ada", "words": "x" * 301}, "words can have 300 characters, got 301"),
    ],
)
def test_what_says_nothing_is_refused_with_the_reason(
    client: TestClient, said: dict[str, str], why: str
) -> None:
    answer = client.post(f"{UNIT}/opinions", data=said)
    assert answer.status_code == 400
    assert why in answer.text
    assert client.get("/opinions.json").json()["opinions"] == []


def test_an_opinion_on_a_unit_that_there_is_not_is_refused(client: TestClient) -> None:
    assert client.post(UNIT.replace("/0", "/60") + "/opinions", data=VOTE).status_code == 404


def test_beyond_loopback_only_the_token_writes(visit: Callable[..., TestClient]) -> None:
    closed = visit(host="0.0.0.0")
    assert closed.post(f"{UNIT}/opinions", data=VOTE).status_code == 403
    assert "start it with --token" in closed.get(UNIT).text
    client = visit(host="0.0.0.0", token="a long enough token")
    assert client.post(f"{UNIT}/opinions", data=VOTE).status_code == 403
    assert client.post(f"{UNIT}/opinions", data=VOTE | {"token": "wrong"}).status_code == 403
    right = VOTE | {"token": "a long enough token"}
    assert client.post(f"{UNIT}/opinions", data=right, follow_redirects=False).status_code == 303
    assert len(client.get("/opinions.json").json()["opinions"]) == 1


def test_another_site_cannot_write_through_a_visitor(client: TestClient) -> None:
    foreign = client.post(f"{UNIT}/opinions", data=VOTE, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    own = client.post(f"{UNIT}/opinions", data=VOTE, headers={"Origin": "http://127.0.0.1:8000"})
    assert own.status_code == 200


def test_long_bodies_are_refused_unread(client: TestClient) -> None:
    assert client.post(f"{UNIT}/opinions", content=b"x" * 70_000).status_code == 413
    chunks = client.post(f"{UNIT}/opinions", content=iter([b"x"]))
    assert chunks.status_code == 411


def test_while_another_process_writes_reading_goes_on_and_a_vote_is_told_to_wait(
    client: TestClient, path: Path
) -> None:
    with Catalog.open(path) as busy:
        busy.start_description("tiny", "blocks.1", {"beams": 6}, {})
        assert client.get(UNIT).status_code == 200
        answer = client.post(f"{UNIT}/opinions", data=VOTE)
        assert answer.status_code == 503
        assert "another process is writing" in answer.text
    assert client.post(f"{UNIT}/opinions", data=VOTE).status_code == 200


def test_after_a_vote_others_may_write(client: TestClient, path: Path) -> None:
    client.post(f"{UNIT}/opinions", data=VOTE)
    client.get("/search?q=dog&by=meaning")
    with Catalog.open(path) as other:
        other.start_description("tiny", "blocks.1", {"beams": 7}, {})
    assert len(client.get("/opinions.json").json()["opinions"]) == 1


def test_programs_vote_with_json_and_are_told_where(client: TestClient) -> None:
    answer = client.post(f"{UNIT}/opinions", json=VOTE)
    assert answer.status_code == 415
    assert "post JSON to opinions.json" in answer.text
    kept = client.post(f"{UNIT}/opinions.json", json=VOTE)
    assert kept.status_code == 201
    assert (kept.json()["author"], kept.json()["fits"]) == ("Ada", True)
    assert client.post(f"{UNIT}/opinions.json", json=VOTE | {"fits": "maybe"}).status_code == 400
    assert client.get("/opinions.json").json()["agreement"]["n_votes"] == 1
