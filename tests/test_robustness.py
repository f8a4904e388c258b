"""The same sieges whatever the road to them; each reading of days against a case worked by hand; published lists."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis import charts, robustness
from analysis.durations import MAX, MIN
from analysis.episodes import read_table
from analysis.places import read_places

DATA = Path(__file__).parents[1] / "data"


def make_sieges(*rows):
    days = pd.DataFrame(rows, columns=["start_earliest", "start_latest", "end_earliest", "end_latest"], dtype=float)
    return days.assign(
        place_id=[f"town-{n}" for n in range(len(days))],
        is_censored=days.end_latest.isna(),
        end_manner=np.where(days.end_latest.isna(), "", "deal"),
    )


def test_sieges_linked_from_cut_events_are_those_of_the_processed_table():
    events, index = read_table(DATA / "processed/events.csv"), read_table(DATA / "raw/reports.csv")
    told = robustness.read_siege_events(events, index, read_places(DATA / "raw/places.csv"))
    linked, stored = robustness.link_sieges(told), read_table(DATA / "processed/sieges.csv")
    for column in ("siege_id", "end_manner", "duration_days_min", "duration_days_max", "report_ids"):
        assert linked[column].astype(str).tolist() == stored[column].tolist(), column


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("interval", [(80, 110), (20, np.inf), (30, np.inf)]),
        ("midpoint", [(95, 95), (20, np.inf), (35, 35)]),
        ("report_day", [(100, 100), (20, np.inf), (40, 40)]),
        ("shortest", [(80, 80), (20, np.inf), (30, 30)]),
        ("longest", [(110, 110), (20, np.inf), (30, np.inf)]),
    ],
)
def test_days_are_read_as_named(treatment, expected):
    sieges = make_sieges((0, 10, 90, 110), (0, 10, 30, None), (None, 10, 40, 50))
    result = robustness.treat_dates(sieges, treatment)[[MIN, MAX]].to_numpy()
    np.testing.assert_array_equal(result, expected)


def test_an_unknown_reading_is_refused():
    with pytest.raises(ValueError, match="treatment middle is none of"):
        robustness.treat_dates(make_sieges((0, 0, 1, 1)), "middle")


def test_a_published_month_or_year_is_its_first_to_its_last_day():
    row = {"community": "Town (2016 spell)", "siege_start": "2016-02", "siege_end": "2017", "how_ended": "deal"}
    result = robustness.read_published(pd.DataFrame([row, row | {"siege_start": "", "siege_end": ""}]))
    assert (result.start_latest - result.start_earliest)[0] == 28
    assert (result.end_latest - result.end_earliest)[0] == 364
    assert result.place_id.tolist() == ["Town", "Town"]
    assert result.is_censored.tolist() == [False, True] and result.end_manner.tolist() == ["deal", ""]


def test_estimates_of_equal_sieges_have_no_width():
    spells = robustness.treat_dates(make_sieges(*[(0, 0, 40, 40)] * 5, (None, 10, 10, None)))
    result = robustness.table_estimates(spells, 20, seed=1)
    assert {result[f"median_{end}"] for end in ("low", "from", "to", "high")} == {40.0}
    assert (result["n"], result["towns"], result["n_ended"], result["deal_share"]) == (5, 5, 5, 1.0)


def test_an_upper_end_that_is_not_reached_stays_infinite():
    assert robustness.find_quantile(np.array([1.0, 2.0, np.inf]), 0.975) == np.inf
    assert robustness.find_quantile(np.array([1.0, 2.0, np.inf]), 0.5) == 2.0


def test_pooled_estimates_tell_errors_from_the_drawing_of_towns():
    rows = [
        {
            "median_from": m,
            "median_to": m,
            "median_low": m - 9,
            "median_high": m + 9,
            "deal_share": 0.5,
            "deal_low": 0.1 * m,
        }
        for m in (4.0, 5.0, 6.0)
    ]
    alone, both = (robustness.pool_estimates(rows, drawn) for drawn in (False, True))
    assert (alone["median_low"], alone["median_from"], alone["median_high"]) == (4, 5, 6)
    assert (both["median_low"], both["median_high"]) == (-5, 15)
    assert (alone["deal_low"], both["deal_high"]) == (0.5, pytest.approx(0.6))


def test_choices_are_drawn_as_tabled():
    row = {
        "group": "Main",
        "label": "bounds",
        "treatment": "interval",
        "x_low": 1.0,
        "x_from": 2.0,
        "x_to": 3.0,
        "x_high": np.inf,
    }
    axis = charts.draw_choices(plt.figure().add_subplot(), pd.DataFrame([row]), "x", limit=9)
    assert [line.get_xdata().tolist() for line in axis.lines] == [[1, 9], [2, 3], [9]]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["Main", "bounds"]
    plt.close("all")
