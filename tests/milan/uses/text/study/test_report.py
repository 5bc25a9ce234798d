import json

import numpy as np
from PIL import Image

from milan.uses.text.study import HeatRow, Sample, document, draw_diagram, draw_heatmap, write_report


def test_the_document_has_best_units_by_direction_and_best_pairs_by_unit(small_study):
    told = json.loads(json.dumps(document(small_study), ensure_ascii=False))
    pair = small_study.pair("t", "ծ")
    first = told["pairs"][pair]
    assert (first["input"], first["output"]) == ("t", "ծ")
    assert first["n"] == small_study.tables["cell"].n_is[pair]
    assert [row["unit"] for row in first["units"]["cell"]["from_end"]] == small_study.units_of(
        pair, "cell", 1
    )[:10]
    assert set(first["units"]["hidden"]) == {"all"}
    best = next(iter(told["units"]["lstm"][5]))
    assert best == ":".join(small_study.names[small_study.tables["lstm"].pairs_of(5)[0]])
    assert set(told["suffix"]["cell"]) == {"unit", "correlation", "letter_alone", "n_inside"}


def test_a_report_has_a_diagram_a_pair_and_a_heat_map(small_study, tmp_path):
    pair = small_study.pair("s", "_")
    files = write_report(small_study, tmp_path / "made", [("s", "_")])
    assert [file.name for file in files] == ["study.json", "s-_.svg", "suffix.svg"]
    drawn = files[1].read_text(encoding="utf-8")
    assert "input gate i" in drawn
    assert all(str(unit) in drawn for unit in small_study.units_of(pair, "lstm", 1)[:10])


def test_pictures_are_the_same_bytes_each_time_and_not_empty(small_study, small_transliteration, tmp_path):
    pair = small_study.pair("t", "ծ")
    for name in ("one", "two"):
        draw_diagram(small_study, pair, [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"])
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert len(np.unique(np.asarray(Image.open(tmp_path / "one.png")))) > 50
    few = Sample(small_study.sample.texts[:2], small_study.sample.vocabulary)
    draw_heatmap(
        small_transliteration, few, [HeatRow("cell", 2), HeatRow("hidden", 1)], [tmp_path / "heat.svg"]
    )
    assert "hidden 1" in (tmp_path / "heat.svg").read_text(encoding="utf-8")
