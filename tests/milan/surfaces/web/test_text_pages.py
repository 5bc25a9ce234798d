"""Text units as `milan serve` shows them: words on the page, tinted without a style of its own."""

import numpy as np
import pytest
from fastapi.testclient import TestClient

from milan.catalog import Catalog
from milan.describe.text.planted import Kind, plant_text_units, write_text
from milan.records import Candidate, Figure, Finding, FreeText, Study, StudyKind, TextScores
from milan.surfaces.web import make_app
from milan.texts.activations import Unit
from milan.uses.text import Studied, StudiedNetwork, TextSource, describe_texts, keep_study


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("served")
    text = write_text(300, seed=2)
    lines = [" ".join(words) for words in text.sentences.each()]
    (folder / "text.txt").write_text("\n".join(lines) + "\n")
    np.save(folder / "planted.npy", plant_text_units(text, 1, 2, [Kind.MONTHS, Kind.FIRST_WORD]).matrix)
    source = TextSource.open(folder / "planted.npy", folder / "text.txt")
    describe_texts(source, text, folder / "units.db")
    figures = TextScores(Figure(0.55, 0.4, 0.7), Figure(0.6, 0.5, 0.7), Figure(0.125, 0.0, 0.25))
    said = (Candidate("<b>months</b>", 1.0, -1.0, -2.0, "explainer"),)
    written = FreeText(0, "hf:writer", "k", said, 24, figures, figures, Figure(0.9, 0.8, 1.0))
    with Catalog.open(folder / "units.db") as catalog:
        catalog.store_free_text("planted", "planted", written)
    study = Study(StudyKind.PROBE, "list <b>months", {"l1": 0.02}, {"accuracy": Figure(0.9, 0.875, 0.925)})
    weight = Finding(study, "yes", "weight", -0.03125, 4321, by_chance=0.5)
    network = StudiedNetwork.of_activations(folder / "planted.npy", folder / "text.txt", None)
    keep_study(
        folder / "units.db", network, Studied(study, ("planted",), iter([(Unit("planted", 1), weight)]))
    )
    app = make_app(folder / "units.db", lambda phrases: np.ones((len(phrases), 4), np.float32))
    return TestClient(app, base_url="http://127.0.0.1")


def test_a_units_page_holds_its_passages_as_tinted_words(client: TestClient) -> None:
    page = client.get("/networks/planted/layers/planted/units/1")
    assert page.status_code == 200, page.text
    assert 'class="up8"' in page.text
    assert "words that chose nothing" in page.text
    assert "style=" not in page.text
    assert "Words of highest mean activation" in page.text


def test_a_units_page_holds_what_studies_found(client: TestClient) -> None:
    page = client.get("/networks/planted/layers/planted/units/1").text
    assert "probe (list &lt;b&gt;months)" in page
    assert "accuracy 0.9 (0.875 to 0.925)" in page
    assert "−0.0312" in page
    assert "4,321" in page
    assert "What studies found" not in client.get("/networks/planted/layers/planted/units/0").text
    found = client.get("/networks/planted/layers/planted/units/1.json").json()["findings"]
    assert [(one["measure"], one["value"], one["by_chance"]) for one in found] == [("weight", -0.03125, 0.5)]


@pytest.mark.parametrize("name", ["card", "exemplars/0", "against/0"])
def test_pictures_of_a_text_unit_are_pictures(client: TestClient, name: str) -> None:
    found = client.get(f"/networks/planted/layers/planted/units/0/{name}.webp")
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/webp"


def test_free_text_stands_on_the_page_as_text_beside_shuffled_figures(client: TestClient) -> None:
    page = client.get("/networks/planted/layers/planted/units/0").text
    assert "A language model writes" in page
    assert "&lt;b&gt;months&lt;/b&gt;" in page
    assert "shuffled" in page
    assert "24 held-out passages" in page
    assert "A language model writes" not in client.get("/networks/planted/layers/planted/units/1").text
    told = client.get("/networks/planted/layers/planted/units/0.json").json()
    assert told["free_text"]["simulation"] == [0.125, 0.0, 0.25]
