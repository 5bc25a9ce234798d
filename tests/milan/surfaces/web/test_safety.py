"""What a served catalog refuses, and how it says so."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from milan.errors import UsageError
from milan.surfaces.web import Guard

LAYER = "/networks/tiny/layers/blocks.1/units"


def test_hostile_words_and_file_names_stay_text(client: TestClient) -> None:
    for address in (f"{LAYER}/1", LAYER, "/search?q=alert", "/search?q=<script>alert('x')</script>"):
        shown = client.get(address).text
        assert "&lt;script&gt;alert" in shown
        assert "<script>" not in shown


def test_no_page_may_run_or_load_anything_foreign(client: TestClient) -> None:
    for address in ("/", f"{LAYER}/1", "/nothing", "/static/keys.js"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "trick",
    [
        "/static/../guard.py",
        "/static/%2e%2e/guard.py",
        "/static/..%2f..%2fcli/serve.py",
        "/static//etc/passwd",
        "/networks/..%2f..%2fetc/layers/passwd/units",
        f"{LAYER}/0/exemplars/..%2f0.webp",
        f"{LAYER}/0/exemplars/99999999999999999999.webp",
        f"{LAYER}/99999999999999999999999999",
        f"{LAYER}/9223372036854775808/card.webp",
        f"{LAYER}/0%00",
    ],
)
def test_tricks_with_paths_find_nothing(client: TestClient, trick: str) -> None:
    assert client.get(trick).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("/networks/tinny/layers/blocks.1/units/2", f"{LAYER}/2"),
        ("/networks/tiny/layers/block.1/units", LAYER),
        (f"{LAYER}/60", f"{LAYER}/59"),
        (f"{LAYER}/60.json", f"{LAYER}/59"),
        ("/tiny/blocks.1/3", f"{LAYER}/3"),
        ("/tiny", "/networks/tiny"),
        ("/networks/tiny/layers/zzz/units", "/networks/tiny"),
        ("/serch", "/search"),
        ("/wholly/elsewhere", "/"),
    ],
)
def test_a_wrong_address_is_answered_with_the_nearest_valid_one(
    client: TestClient, wrong: str, near: str
) -> None:
    answer = client.get(wrong)
    assert answer.status_code == 404
    if wrong.endswith(".json"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["nearest"] == near
    else:
        assert f'The nearest valid address: <a href="{near}">' in answer.text
    assert client.get(near).status_code == 200


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "status=asleep", "faithfulness=2", "sort=size", "size=100000"]
)
def test_a_value_outside_its_range_is_named(client: TestClient, query: str) -> None:
    answer = client.get(f"{LAYER}.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("{}={!r}: ".format(*query.split("=")))
    assert client.get(f"{LAYER}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["*", '"', "AND", "NEAR(a b)", "a\x00b", "'; DROP TABLE unit", "(" * 500, "😀"]
)
def test_any_text_is_a_fair_query(client: TestClient, query: str) -> None:
    for address in ("/search", "/search.json", f"{LAYER}.json"):
        assert client.get(address, params={"q": query}).status_code == 200


def test_on_loopback_other_names_of_this_machine_are_not_answered(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example:8000"}).status_code == 421
    assert client.get("/", headers={"Host": "localhost:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "[::1]:8000"}).status_code == 200


def test_other_machines_may_ask_under_any_name(visit: Callable[..., TestClient]) -> None:
    assert visit(host="0.0.0.0").get("/", headers={"Host": "lab.example"}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_pages_are_read_with_get(client: TestClient, method: str) -> None:
    assert client.request(method, "/").status_code == 405


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 16"):
        Guard(token="secret")
