"""Audits of a served catalog."""

import pytest
from fastapi.testclient import TestClient

from milan.surfaces.web import audits


def test_what_is_asked_is_counted_and_leads_to_the_units(client: TestClient) -> None:
    page = client.get("/audit?queries=a%20dog%0Aa%20bus").text
    assert "1 of 4 units, 25.0 % (" in page
    assert 'href="/networks/tiny/layers/blocks.1/units/0">0</a> <span dir="auto">a small dog</span>' in page
    [catalog] = client.get("/audit.json?queries=a%20dog").json()["catalogs"]
    assert [found["units"] for found in catalog["concepts"]["a dog"]] == [1, 0]


def test_the_report_is_that_of_the_command_and_runs_nothing(client: TestClient) -> None:
    report = client.get("/audit/report.html?queries=a%20dog")
    assert report.status_code == 200
    assert "script-src" not in report.headers["content-security-policy"]
    assert report.headers["content-security-policy"].startswith("default-src 'none'; img-src data:")
    assert "<script" not in report.text
    assert "data:image/" in report.text


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("questions=../../etc/passwd", "people-and-faces"),
        (f"queries={'a' * 300}", "at most 40 lines of 200 letters"),
        (f"queries={'a' * 9000}", "queries"),
    ],
)
def test_a_question_that_is_none_is_refused(client: TestClient, asked: str, why: str) -> None:
    answer = client.get(f"/audit.json?{asked}")
    assert answer.status_code == 400
    assert why in answer.json()["detail"]


def test_a_file_of_questions_is_asked_by_its_name(client: TestClient) -> None:
    page = client.get("/audit?questions=colours-and-backgrounds")
    assert page.status_code == 200
    assert "colours and backgrounds" in page.text


def test_a_catalog_too_large_for_the_servers_memory_is_refused_with_the_command(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "MOST_UNITS", 100)
    answer = client.get("/audit.json?queries=dog")
    assert answer.status_code == 400
    assert "has 120 units, and a page audits 100 at most" in answer.json()["detail"]
    assert "milan audit" in answer.json()["detail"]
    assert client.get("/audit").status_code == 200
