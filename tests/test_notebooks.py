"""Notebooks are stored executed from top to bottom, clean, and short-celled; strict nbval compares their outputs."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
TITLES = ["00_index", "01_reports_to_events", "02_siege_durations", "03_arrest_to_release", "04_deal_outcomes"]


def read_cells(path, kind):
    return [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == kind]


def test_the_notebooks_are_there():
    assert set(TITLES) <= {p.stem for p in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_code_cell_was_executed_in_order_without_errors(path):
    cells = read_cells(path, "code")
    assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_outputs_are_kept(path):
    with_output = [c for c in read_cells(path, "code") if c["outputs"]]
    showing = [
        c
        for c in read_cells(path, "code")
        if re.search(r"print\(|^\w+[\w.\[\]\"', ()]*$", "".join(c["source"]).splitlines()[-1])
    ]
    assert len(with_output) >= max(1, len(showing) - 1)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_cells_are_short_have_prose_before_them_and_define_nothing(path):
    cells = json.loads(path.read_text())["cells"]
    assert cells[0]["cell_type"] == "markdown"
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            assert before["cell_type"] == "markdown", source
            assert len([line for line in source.splitlines() if line.strip()]) <= 15, source
            assert not re.search(r"^\s*(def|class) ", source, re.M)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_nothing_depends_on_clock_or_machine(path):
    notebook = json.loads(path.read_text())
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "version" not in notebook["metadata"].get("language_info", {})
    text = json.dumps([c.get("outputs", []) for c in notebook["cells"]])
    assert not re.search(r"/home/|/tmp/|/Users/|Warning|0x[0-9a-f]{8}", text)
