"""Pages, listings and pictures of a served catalog."""

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

LAYER = "/networks/tiny/layers/blocks.1/units"
UNITS = [f"{LAYER}/{index}" for index in (0, 3, 59)]
PAGES = [
    "/",
    "/compare",
    "/map",
    "/map?zoom=4&x=0.2&y=1",
    "/audit",
    "/audit?queries=dog",
    "/networks/tiny",
    LAYER,
    *UNITS,
    "/search",
    "/search?q=dog",
    "/opinions",
]


class _Page(HTMLParser):
    """What a page holds, as its reader meets it."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += " " if tag in ("td", "th") else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]


def _page(client: TestClient, address: str) -> _Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return _Page(answer.text)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_accessible_and_leads_only_to_what_is_there(
    client: TestClient, address: str
) -> None:
    page = _page(client, address)
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert all(image["alt"] for image in page.all("img"))
    labelled = {label["for"] for label in page.all("label")}
    asked = [field for field in page.all("input") + page.all("select") if field.get("type") != "hidden"]
    assert {field["id"] for field in asked} <= labelled
    assert not any("style" in attributes or "onclick" in attributes for _, attributes in page.tags)
    for link in page.all("a") + page.all("img") + page.all("link") + page.all("script"):
        leads = link.get("href") or link.get("src") or ""
        assert leads.startswith(("/", "#"))
        assert leads.startswith("#") or client.get(leads).status_code == 200, leads


def test_the_start_page_says_how_much_is_described_and_how_faithfully(client: TestClient) -> None:
    text = " ".join(_page(client, "/").text.split())
    assert "120 units in 2 layers; 3 described, mean faithfulness 0.29." in text
    assert client.get("/networks.json").json() == [
        {
            "network": "tiny",
            "n_layers": 2,
            "n_units": 120,
            "n_described": 3,
            "faithfulness": pytest.approx((0.42 + 0.15 + 0.31) / 3),
            "address": "/networks/tiny",
        }
    ]


def test_a_unit_shows_how_active_it_is_and_who_is_like_it(client: TestClient) -> None:
    page = _page(client, UNITS[0])
    labels = [svg.get("aria-label") or "" for svg in page.all("svg")]
    [histogram] = [label for label in labels if label.startswith("50 activations from ")]
    assert histogram.endswith("; regions begin at 1")
    found = client.get(f"{UNITS[0]}/neighbours.json").json()
    assert found["alike_in_meaning"] == [], "nothing was searched by meaning yet"
    assert len(found["holding_the_same"]) == 8
    assert [(one["unit"], one["n_shared"]) for one in found["holding_the_same"]][1] == ("tiny/blocks.1/2", 3)
    assert found["holding_the_same"][1]["phrase"] == "كلب صغير"
    client.get("/search?q=nothing&by=meaning")
    alike = client.get(f"{LAYER}/2/neighbours.json").json()["alike_in_meaning"]
    assert {one["unit"] for one in alike} == {"tiny/blocks.1/1"}, "neither dogs nor buses; itself is left out"
    assert "tiny/blocks.1/1" in _page(client, f"{LAYER}/2").text


def test_names_that_an_address_would_misread_are_quoted(client: TestClient) -> None:
    [_, odd] = client.get("/networks/tiny/layers.json").json()
    assert odd["layer"] == "odd ?#%"
    assert client.get(odd["address"]).status_code == 200
    assert client.get(f"{odd['address']}/7.json").json()["unit"] == "tiny/odd ?#%/7"


def test_facets_choose_and_count_what_would_be_found(client: TestClient) -> None:
    found = client.get(f"{LAYER}.json?status=described").json()
    assert [unit["unit"] for unit in found["units"]] == [f"tiny/blocks.1/{index}" for index in range(3)]
    assert found["statuses"] == {"described": 3, "inconsistent": 1, "dead": 1, "pending": 55}
    assert found["faithfulness"] == {"0.1-0.2": 1, "0.3-0.4": 1, "from-0.4": 1}
    narrower = client.get(f"{LAYER}.json?status=described&faithfulness=from-0.4").json()
    assert (narrower["n_found"], narrower["statuses"]) == (1, {"described": 1})


def test_concepts_are_words_of_what_is_said_and_choose_it(client: TestClient) -> None:
    found = client.get(f"{LAYER}.json?concept=dog").json()
    assert [unit["unit"] for unit in found["units"]] == ["tiny/blocks.1/0"]
    assert (found["n_found"], found["concepts"]["dog"], found["concepts"]["small"]) == (1, 1, 1)
    assert "bus" not in found["concepts"], "its words are held back"
    assert client.get(f"{LAYER}.json?concept=dog&status=dead").json()["n_found"] == 0
    assert "concept=dog" in client.get(f"{LAYER}?concept=dog&sort=words").text


@pytest.mark.parametrize(
    ("sort", "first"), [("index", [0, 1]), ("faithful", [0, 2]), ("doubtful", [3, 1]), ("words", [1, 0])]
)
def test_units_are_sorted_as_asked(client: TestClient, sort: str, first: list[int]) -> None:
    units = client.get(f"{LAYER}.json?sort={sort}").json()["units"]
    assert [int(unit["unit"].rpartition("/")[2]) for unit in units[:2]] == first


def test_pages_follow_each_other_without_loss(client: TestClient) -> None:
    pages = [client.get(f"{LAYER}.json?size=25&page={page}").json()["units"] for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [25, 25, 10, 0]
    assert len({unit["unit"] for page in pages for unit in page}) == 60
    assert "page 2 of 3" in _page(client, f"{LAYER}?size=25&page=2").text


def test_csv_has_all_that_is_wanted_on_whatever_page(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LAYER}.csv?status=pending&page=2").text)))
    assert len(rows) == 55
    assert rows[0]["unit"] == "tiny/blocks.1/4"


def test_words_are_found_and_marked(client: TestClient) -> None:
    answer = client.get("/search?q=dog")
    assert "a small <mark>dog</mark>" in answer.text
    [hit] = client.get("/search.json?q=dog").json()
    assert (hit["unit"], hit["how"], hit["marks"]) == ("tiny/blocks.1/0", "words", [[8, 11]])
    assert client.get(f"{LAYER}.json?q=dog").json()["n_found"] == 1


def test_meaning_finds_what_no_word_does(client: TestClient) -> None:
    assert client.get("/search.json?q=hound").json() == []
    [hit] = client.get("/search.json?q=hound&by=meaning").json()
    assert (hit["unit"], hit["how"]) == ("tiny/blocks.1/0", "meaning")
    assert "close in meaning" in client.get("/search?q=hound&by=meaning").text


def test_a_unit_page_shows_all_that_is_known(client: TestClient) -> None:
    text = " ".join(_page(client, f"{LAYER}/0").text.split())
    for said in (
        "a small dog",
        "0.42 0.37 to 0.47",
        "on 640 images that chose nothing",
        "wheels; not a face",
        "The words fit, but the unit is silent",
        "unit -0.25, words 0.88",
        "a wheel exemplars 1, 3",
        "a truck",
        "a red thing 1.00 \N{MINUS SIGN}1.00 \N{MINUS SIGN}2.00 decoder",
        "tiny/blocks.1/0: “a small dog” (faithfulness 0.42, 95 % interval 0.37 to 0.47)",
        "timm:tiny",
    ):
        assert said in text, said


def test_a_unit_without_words_says_why(client: TestClient) -> None:
    assert "No phrase predicts this unit well enough to be said." in _page(client, f"{LAYER}/3").text
    assert "dead: the same everywhere" in _page(client, f"{LAYER}/59").text


def test_text_of_any_direction_reads_its_own_way(client: TestClient) -> None:
    assert '<h1 class="" dir="auto">كلب صغير</h1>' in client.get(f"{LAYER}/2").text


@pytest.mark.parametrize(
    ("picture", "size"),
    [("card", (460, 112)), ("exemplars/2", (224, 224)), ("against/0", (224, 224))],
)
def test_pictures_are_drawn(client: TestClient, picture: str, size: tuple[int, int]) -> None:
    answer = client.get(f"{LAYER}/0/{picture}.webp")
    with Image.open(io.BytesIO(answer.content)) as opened:
        assert (opened.format, opened.size) == ("WEBP", size)


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    for address in ("/", f"{LAYER}.json", f"{LAYER}/0/card.webp", "/static/style.css"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_head_answers_like_get_without_a_body(client: TestClient) -> None:
    got, head = client.get("/"), client.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content))


def test_what_programs_may_ask_is_what_the_docs_hold(client: TestClient) -> None:
    kept = json.loads((Path(__file__).parents[4] / "docs" / "openapi.json").read_text("utf-8"))
    assert client.get("/openapi.json").json() == kept, (
        "routes have changed: milan serve CATALOG, then"
        " curl -s http://127.0.0.1:8000/openapi.json | python -m json.tool > docs/openapi.json"
    )
