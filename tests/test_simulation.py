"""Simulated errors keep to their rates and kinds; simulated ends lie within their bounds; rates carry their error."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis import charts, simulation


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture(scope="module")
def towns():
    gaps = {"often": np.array([5.0]), "seldom": np.array([120.0])}
    return simulation.simulate_towns(60, 40, {"often": 60, "seldom": 60}, 1.2, gaps, seed=1)


# --- errors of coding -------------------------------------------------------------------------------------------


def make_codes(*days):
    rows = [("r1", "release", "actual", f"town-{n}", low, high) for n, (low, high) in enumerate(days)]
    return pd.DataFrame(rows, columns=["report_id", "type", "modality", "place_id", "earliest", "latest"])


def test_dates_that_differ_are_listed_with_their_shift():
    one = make_codes(("2020-01-01", "2020-01-01"), ("", "2020-01-01"), ("2020-01-01", "2020-01-01"), ("", ""))
    other = make_codes(
        ("2020-01-11", "2020-01-11"), ("2020-01-01", "2020-01-01"), ("2020-01-03", "2020-01-03"), ("", "")
    )
    result = simulation.table_date_errors(one, other)
    assert result.shift_days.tolist() == [10, 0]  # two days apart is within the slack; no day at all is no difference
    assert result.low_differs.tolist() == [False, True]


def test_errors_come_at_their_rates_and_change_nothing_else(rng):
    events = pd.DataFrame({"event_id": np.arange(20000).astype(str), "low": 100.0, "high": 101.0})
    errors = pd.DataFrame({"shift_days": [7.0], "low_differs": [False]})
    result = simulation.draw_errors(events, 0.1, 0.2, errors, rng)
    assert len(result) == pytest.approx(18000, abs=170)  # four standard errors
    assert (result.high == 108).mean() == pytest.approx(0.2, abs=0.012)
    assert set(result.high) == {101, 108} and ((result.high - result.low) == 1).all()
    assert (events.high == 101).all()


@pytest.mark.parametrize(
    ("low", "expected"), [(100.0, np.nan), (np.nan, 103.0)], ids=["a first day is taken away", "or set"]
)
def test_a_first_day_that_one_coder_lacks_changes_sides(rng, low, expected):
    errors = pd.DataFrame({"shift_days": [2.0], "low_differs": [True]})
    result = simulation.draw_errors(pd.DataFrame({"low": [low], "high": [101.0]}), 0, 1, errors, rng)
    np.testing.assert_equal(result[["low", "high"]].to_numpy(), [[expected, 103.0]])


def test_mixed_tables_take_each_town_whole_from_one_version():
    versions = [pd.DataFrame({"place_id": ["a", "a", "b"], "value": n}) for n in range(3)] + [
        pd.DataFrame({"place_id": ["a"], "value": 9})
    ]
    tables = simulation.mix_towns(versions, 50, seed=1)
    assert len(tables) == 50
    assert all(t.groupby("place_id").value.nunique().eq(1).all() for t in tables)
    assert {len(t) for t in tables} == {1, 2, 3}  # the last version lacks town b and tells town a once


# --- towns reported often and seldom ----------------------------------------------------------------------------


def test_gaps_are_days_between_reports_on_one_place():
    events = pd.DataFrame({"place_id": ["a", "a", "a", "b", ""], "report_id": ["1", "2", "3", "1", "2"]})
    published = ["2020-01-01", "2020-01-02/2020-01-11", "2022-01-01"]
    index = pd.DataFrame({"report_id": ["1", "2", "3"], "published": published})
    assert simulation.table_gaps(events, index, 365).to_dict("list") == {"place_id": ["a"], "gap_days": [10.0]}


def test_ends_lie_within_the_gap_between_two_reports(rng):
    low, high = simulation.draw_ends(np.full(4000, 1000.0), np.array([10.0, 30.0]), rng)
    assert ((low < 1000) & (high >= 1000)).all()
    assert set(high - low) == {10, 30}
    assert ((high - low) == 30).mean() == pytest.approx(0.75, abs=0.03)  # a long gap is likelier to hold the end
    assert (high[high - low == 30] - 1000).mean() == pytest.approx(14.5, abs=0.7)


def test_no_siege_is_seen_before_it_begins(rng):
    low, high = simulation.draw_ends(np.full(500, 3.0), np.array([100.0]), rng)
    assert low.min() == 0 and (high >= 3).all()


def test_simulated_medians_are_the_ones_asked_for(towns):
    assert towns.groupby("group").truth.median().to_numpy() == pytest.approx([60, 60], abs=5)
    assert (towns.groupby(["draw", "group"]).size() == 40).all()


def test_the_day_of_the_report_rejects_a_true_null_and_bounds_do_not(towns):
    rates = simulation.table_rejections(simulation.check_draws(towns)).set_index("method")
    assert rates.low["report_day"] > 0.5
    assert rates.low["interval"] <= 0.05 + 0.03 and rates.share["interval"] < 0.2
    assert (rates.low <= rates.share).all() and (rates.share <= rates.high).all()


def test_rejections_carry_wilson_intervals():
    p_values = pd.DataFrame({m: [0.01] * 1 + [0.5] * 19 for m in simulation.METHODS})
    row = simulation.table_rejections(p_values).iloc[0]
    # statsmodels.stats.proportion.proportion_confint(1, 20, method="wilson")
    assert row[["share", "low", "high"]].tolist() == pytest.approx([0.05, 0.0088814, 0.2361305], abs=1e-6)


def test_bounds_leave_the_median_where_it_is(towns):
    bias = simulation.table_medians(towns).groupby(["method", "group"])["median"].mean() - 60
    assert abs(bias["interval", "seldom"]) < 10 < 50 < bias["report_day", "seldom"]


def test_rates_are_drawn_as_tabled():
    table = pd.DataFrame(
        {"method": ["truth", "truth"], "x": [30, 90], "share": [0.1, 0.2], "low": [0.05, 0.1], "high": [0.2, 0.3]}
    )
    axis = charts.draw_rejections(plt.figure().add_subplot(), table, "x")
    drawn = next(line for line in axis.lines if line.get_marker() == "o")
    assert drawn.get_ydata().tolist() == [0.1, 0.2]
    assert [s[:, 1].tolist() for s in axis.collections[0].get_segments()] == [[0.05, 0.2], [0.1, 0.3]]
    plt.close("all")
