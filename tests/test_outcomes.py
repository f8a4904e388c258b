"""Shares, Firth models, exact tests and events near deals, against R, direct optimisation and cases worked by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import beta, chi2

from analysis.outcomes import (
    build_placebos,
    check_independence,
    count_nearby_events,
    fit_firth,
    measure_distance,
    table_proportions,
)

ORACLES = Path(__file__).parent / "oracles"
TERMS = ["evacuation", "russia", "size"]


@pytest.fixture(scope="module")
def deals():
    return pd.read_csv(ORACLES / "deals.csv")


# --- shares, models, tests --------------------------------------------------------------------------------------


def test_shares_have_jeffreys_intervals_and_unknown_stays_unknown():
    table = pd.DataFrame({"besieger": list("aaaaabb"), "held": [True, True, False, False, None, None, None]})
    result = table_proportions(table, "besieger", "held").set_index("besieger")
    expected = beta(2.5, 2.5).ppf([0.025, 0.975])  # posterior of 2 in 4 under Jeffreys' prior
    assert result.loc["a", ["n", "n_unknown", "k", "share"]].tolist() == [4, 1, 2, 0.5]
    np.testing.assert_allclose(result.loc["a", ["low", "high"]].astype(float), expected, rtol=1e-9)
    assert result.loc["b", ["n", "n_unknown", "k"]].tolist() == [0, 2, 0]
    assert result.loc["b", ["share", "low", "high"]].isna().all()


def test_firth_equals_brglm2_on_a_separated_table(deals):
    expected = pd.read_csv(ORACLES / "firth.csv")
    result = fit_firth(deals, "held", TERMS)
    assert result["term"].tolist() == expected["term"].tolist()
    np.testing.assert_allclose(result["coefficient"], expected["coefficient"], rtol=1e-6)
    assert (result["n"].iloc[0], result["n_events"].iloc[0]) == (len(deals), deals["held"].sum())


def compute_penalised(coefficients, design, held):
    """Return the log-likelihood of a logistic regression plus half the log determinant of its information."""
    share = 1 / (1 + np.exp(-design @ coefficients))
    information = design.T @ (design * (share * (1 - share))[:, None])
    return np.log(np.where(held == 1, share, 1 - share)).sum() + np.linalg.slogdet(information)[1] / 2


@pytest.mark.parametrize("term", [1, 2, 3])
def test_firth_limits_and_p_values_are_those_of_the_profile(deals, term):
    design, held = np.column_stack([np.ones(len(deals)), deals[TERMS]]), deals["held"].to_numpy()
    row = fit_firth(deals, "held", TERMS).iloc[term]

    def find_highest(fixed):
        others = lambda free: -compute_penalised(np.insert(free, term, fixed), design, held)  # noqa: E731
        return -minimize(others, np.zeros(3), method="BFGS", options={"gtol": 1e-7}).fun

    top = find_highest(row["coefficient"])
    for limit in np.log([row["odds_ratio_low"], row["odds_ratio_high"]]):
        assert 2 * (top - find_highest(limit)) == pytest.approx(chi2(1).ppf(0.95), abs=1e-4)
    assert row["p_value"] == pytest.approx(chi2(1).sf(2 * (top - find_highest(0.0))), rel=1e-4)


@pytest.mark.parametrize("row", ["russia", "besieger"])
def test_fisher_equals_r(deals, row):
    expected = pd.read_csv(ORACLES / "fisher.csv").set_index("row").loc[row, "p_value"]
    result = check_independence(deals, row, "held", seed=1)
    error = 1e-9 if result.method == "exact" else 4 * np.sqrt(expected * (1 - expected) / 9999)
    assert abs(result.p_value - expected) <= error
    assert result.n == len(deals) == result.counts.to_numpy().sum()
    assert result.p_value == check_independence(deals.sample(frac=1, random_state=0), row, "held", seed=1).p_value


# --- events near deals ------------------------------------------------------------------------------------------


def make_events(*rows):
    """Make events from (km to the north, first day, last day, where_prec, deaths) around a town at 33.5, 36.3."""
    events = pd.DataFrame(rows, columns=["km", "date_start", "date_end", "where_prec", "best"])
    return events.assign(latitude=33.5 + events["km"] / 111.195, longitude=36.3)


def make_deal(earliest="2017-07-01", latest="2017-07-01", **columns):
    deal = {"deal_id": "d", "place_id": "town", "lat": 33.5, "lon": 36.3, "earliest": earliest, "latest": latest}
    return pd.DataFrame([deal | columns])


def count(events, deal, **options):
    return count_nearby_events(events, deal, **options).iloc[0]


@pytest.mark.parametrize(
    "event, counts",
    [
        ((0, "2017-06-01", "2017-06-01", 1, 3), (1, 1, 0, 0)),
        ((4.9, "2017-08-01", "2017-08-01", 1, 3), (0, 0, 1, 1)),
        ((5.1, "2017-08-01", "2017-08-01", 1, 3), (0, 0, 0, 0)),
        ((0, "2017-06-01", "2017-06-01", 2, 3), (0, 1, 0, 0)),
        ((0, "2017-06-01", "2017-06-01", 3, 3), (0, 0, 0, 0)),
        ((0, "2017-06-01", "2017-06-01", 1, 0), (0, 0, 0, 0)),
        ((0, "2017-07-01", "2017-07-01", 1, 3), (0, 0, 0, 0)),
        ((0, "2017-06-25", "2017-07-05", 1, 3), (0, 1, 0, 1)),
        ((0, "2017-01-02", "2017-01-02", 1, 3), (1, 1, 0, 0)),
        ((0, "2017-01-01", "2017-01-01", 1, 3), (0, 0, 0, 0)),
        ((0, "2017-01-01", "2017-01-03", 1, 3), (0, 1, 0, 0)),
        ((0, "2017-12-28", "2017-12-28", 1, 3), (0, 0, 1, 1)),
        ((0, "2017-12-29", "2017-12-29", 1, 3), (0, 0, 0, 0)),
    ],
    ids=[
        "certainly before", "certainly after", "too far", "place only near", "place a district", "nobody killed",
        "on the day itself", "span across the day", "on day -180", "on day -181", "span into the window",
        "on day +180", "on day +181",
    ],
)  # fmt: skip
def test_an_event_counts_where_it_certainly_or_possibly_lies(event, counts):
    row = count(make_events(event), make_deal())
    assert tuple(row[["before_min", "before_max", "after_min", "after_max"]]) == counts
    deaths = row[["deaths_before_min", "deaths_before_max", "deaths_after_min", "deaths_after_max"]]
    assert tuple(deaths) == tuple(event[4] * n for n in counts)


def test_a_deal_known_within_a_week_leaves_its_events_open():
    events = make_events((0, "2017-07-03", "2017-07-03", 1, 2), (0, "2017-06-01", "2017-06-01", 1, 5))
    row = count(events, make_deal("2017-07-01", "2017-07-07"))
    assert tuple(row[["before_min", "before_max", "after_min", "after_max"]]) == (1, 2, 0, 1)


@pytest.mark.parametrize(
    "day, is_covered",
    [("2016-06-28", False), ("2016-06-29", True), ("2019-07-04", True), ("2019-07-05", False), ("2020-10-03", False)],
)
def test_windows_that_leave_the_events_are_not_covered(day, is_covered):
    row = count(make_events((0, "2017-06-01", "2017-06-01", 1, 3)), make_deal(day, day))
    assert row["is_covered"] == is_covered and pd.isna(row["before_min"]) != is_covered


def test_distances_are_great_circles():
    # One degree of a meridian on a sphere of 6371.0088 km; the equator's quarter; a point to itself.
    result = measure_distance(0, 0, [1, 0, 0], [0, 90, 0])
    np.testing.assert_allclose(result, [6371.0088 * np.pi / 180, 6371.0088 * np.pi / 2, 0], rtol=1e-12)


# --- placebos ---------------------------------------------------------------------------------------------------

PLACES = pd.DataFrame({"place_id": ["town", "other", "third"], "lat": [33.5, 34.0, 35.0], "lon": [36.3, 36.5, 37.0]})


def test_placebo_towns_keep_the_dates_and_have_no_deal():
    deals = pd.concat([make_deal("2017-07-01", "2017-07-04"), make_deal(deal_id="e", place_id="third")])
    towns = build_placebos(deals, PLACES, seed=3, n=5).query("placebo == 'town'")
    assert len(towns) == 10 and set(towns["place_id"]) == {"other"} and set(towns["lat"]) == {34.0}
    first = towns[towns["deal_id"] == "d"]
    assert set(first["latest"] - first["earliest"]) == {pd.Timedelta(days=3)}
    assert set(first["earliest"]) == {pd.Timestamp("2017-07-01")}


def test_placebo_dates_lie_far_from_every_deal_of_the_town_and_are_covered():
    deals = pd.concat([make_deal("2017-07-01", "2017-07-04"), make_deal("2018-06-01", "2018-06-01", deal_id="e")])
    dates = build_placebos(deals, PLACES, seed=3, n=200).query("placebo == 'date'")
    assert len(dates) == 400 and dates["earliest"].nunique() > 50
    for day in pd.to_datetime(["2017-07-01", "2017-07-04", "2018-06-01"]):
        assert ((dates["earliest"] - day).abs() > pd.Timedelta(days=180)).all()
    counted = count_nearby_events(make_events((0, "2017-06-01", "2017-06-01", 1, 3)), dates)
    assert counted["is_covered"].all()


def test_placebos_repeat_with_their_seed():
    first, again, other = (build_placebos(make_deal(), PLACES, seed, n=20) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_a_town_without_a_free_day_has_no_placebo_date():
    deals = pd.concat([make_deal(d, d) for d in pd.date_range("2016-09-01", "2019-06-01", freq="90D").astype(str)])
    assert set(build_placebos(deals, PLACES, n=3)["placebo"]) == {"town"}


# --- what cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda d: fit_firth(d, "held", ["allies"]), "there is no column allies"),
        (lambda d: fit_firth(d, "held", []), "at least one is needed"),
        (lambda d: fit_firth(d.assign(held=1), "held", TERMS), "held never varies"),
        (lambda d: fit_firth(d.assign(size=np.nan), "held", TERMS), "size is missing in row 0"),
        (lambda d: table_proportions(d.assign(held=2), "besieger", "held"), "held is 2, not true or false, in row 0"),
        (lambda d: table_proportions(d.assign(held="yes"), "besieger", "held"), "held is yes, not true or false"),
        (lambda d: check_independence(d.assign(held=1), "russia", "held"), "held has one value only"),
        (lambda d: build_placebos(make_deal(), PLACES[:1]), "every place has a deal"),
        (lambda d: count(make_events(), make_deal("2017-07-02", "2017-07-01")), "earliest is after latest in row 0"),
        (lambda d: count(make_events(), make_deal(lat=None)), "lat is missing in row 0"),
        (lambda d: count(make_events().drop(columns="best"), make_deal()), "there is no column best"),
    ],
)
def test_impossible_tables_are_named(deals, call, message):
    with pytest.raises(ValueError, match=message):
        call(deals)
