"""What is drawn is what the table says; saved files repeat byte for byte."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis import durations, figures
from analysis.episodes import read_spells, read_table

HOME = Path(__file__).parents[1]
STORED = HOME / "notebooks/figures"
STEMS = sorted(p.stem for p in STORED.glob("fig*.csv"))


@pytest.fixture(autouse=True)
def style():
    with plt.rc_context():
        figures.use_style()
        yield
    plt.close("all")


def test_the_notebooks_left_their_figures():
    assert {"fig1_corpus", "fig2_sieges", "fig2_survival"} <= set(STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_every_figure_is_there_in_all_formats_with_embedded_fonts(stem):
    for ending in ("pdf", "svg", "png", "csv"):
        assert (STORED / f"{stem}.{ending}").stat().st_size > 200
    assert b"/Type3" not in (STORED / f"{stem}.pdf").read_bytes()
    assert b"<dc:date>" not in (STORED / f"{stem}.svg").read_bytes()


def draw_stored_sieges():
    table = read_table(STORED / "fig2_sieges.csv")
    sieges = read_spells(HOME / "data/processed/sieges.csv").set_index("siege_id").loc[table.siege_id].reset_index()
    figure, axis = figures.make_axes(4)
    return sieges, figures.draw_spells(axis, sieges)


def test_every_siege_is_drawn_with_its_certain_stretch():
    sieges, axis = draw_stored_sieges()
    lines = [
        line
        for line in axis.lines
        if line.get_linewidth() > 3 and line.get_alpha() is None and len(line.get_xdata()) == 2
    ]
    assert len(lines) == len(sieges)
    starts = figures._years(sieges.start_latest)
    assert np.allclose([line.get_xdata()[0] for line in lines], starts)
    ends = figures._years(sieges.end_earliest)
    assert np.allclose([line.get_xdata()[1] for line in lines], np.fmax(np.where(np.isnan(ends), starts, ends), starts))


def test_an_open_end_is_marked_as_open():
    sieges, axis = draw_stored_sieges()
    arrows = [line for line in axis.lines if line.get_marker() == ">"]
    assert len(arrows) == (sieges.end_latest == "").sum() > 0


def test_the_stored_table_of_the_figure_is_what_the_data_give():
    table = read_table(STORED / "fig2_sieges.csv")
    sieges = read_table(HOME / "data/processed/sieges.csv").set_index("siege_id").loc[table.siege_id]
    for column in ("start_earliest", "start_latest", "end_earliest", "end_latest"):
        assert (sieges[column].to_numpy() == table[column].to_numpy()).all()


def test_the_stored_survival_curve_is_what_the_data_give():
    stored = pd.read_csv(STORED / "fig2_survival.csv")
    usable = read_spells(HOME / "data/processed/sieges.csv").query("says_something")
    curve = durations.fit_npmle(
        usable.duration_days_min, usable.duration_days_max.where(usable.duration_days_max > 0, 1)
    )
    low, high = curve.survival_bounds(stored.day)
    assert np.allclose(low, stored.survival_lower, atol=6e-4) and np.allclose(high, stored.survival_upper, atol=6e-4)


def test_a_curve_is_drawn_at_its_bounds():
    curve = pd.DataFrame({"day": [0, 10, 20], "survival_lower": [1, 0.4, 0.1], "survival_upper": [1, 0.6, 0.1]})
    _, axis = figures.make_axes(2)
    figures.draw_survival(axis, curve)
    assert [list(line.get_ydata()) for line in axis.lines] == [[1, 0.6, 0.1], [1, 0.4, 0.1]]


def test_saved_bytes_repeat(tmp_path):
    for name in ("one", "two"):
        figure, axis = figures.make_axes(2)
        axis.plot([1, 2], [3, 4])
        figures.save_figure(figure, "fig", pd.DataFrame({"x": [1]}), tmp_path / name)
        plt.close(figure)
    for ending in ("pdf", "svg", "png", "csv"):
        assert (tmp_path / f"one/fig.{ending}").read_bytes() == (tmp_path / f"two/fig.{ending}").read_bytes(), ending


def test_colours_have_one_meaning_and_are_safe():
    safe = {
        figures.BLUE,
        figures.VERMILLION,
        figures.GREEN,
        figures.PURPLE,
        figures.BLACK,
        figures.AMBER,
        figures.SKY,
        figures.YELLOW,
        figures.GREY,
    }
    assert set(figures.COLOURS.values()) <= safe
