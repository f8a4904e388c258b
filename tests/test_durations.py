"""Duration curves, log-rank tests and competing ends, against published numbers, R and what must hold by logic."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.durations import (
    at_risk,
    bootstrap_npmle,
    check_same_durations,
    find_innermost,
    fit_incidence,
    fit_npmle,
    score_durations,
)

ORACLES = Path(__file__).parent / "oracles"
MIN, MAX = "duration_days_min", "duration_days_max"
INF = np.inf
# Fay and Shaw 2010 (doi:10.18637/jss.v036.i02), output of icfit: left, right, mass.
PUBLISHED = {
    "Rad": [
        (4, 5, 0.0463), (6, 7, 0.0334), (7, 8, 0.0887), (11, 12, 0.0708),
        (24, 25, 0.0926), (33, 34, 0.0818), (38, 40, 0.1209), (46, 48, 0.4656),
    ],
    "RadChem": [
        (4, 5, 0.0433), (5, 8, 0.0433), (11, 12, 0.0692), (16, 17, 0.1454), (18, 19, 0.1411), (19, 20, 0.1157),
        (24, 25, 0.0999), (30, 31, 0.0709), (35, 36, 0.1608), (44, 48, 0.0552), (48, 60, 0.0552),
    ],
}  # fmt: skip
LOG_LIKELIHOOD = {"Rad": -58.06002, "RadChem": -65.63696}


@pytest.fixture(scope="module")
def cosmesis():
    table = pd.read_csv(ORACLES / "breast_cosmesis.csv")
    return table.rename(columns={"left": MIN, "right": MAX})


@pytest.fixture(scope="module")
def sieges():
    return pd.read_csv(ORACLES / "sieges.csv", keep_default_na=False)


def make_bounds(seed, n=60, days=120, exact=0.2, censored=0.2, shift=0):
    """Make bounds of whole days, some of them exact, some right-censored, with many ties."""
    rng = np.random.default_rng(seed)
    lo = rng.integers(0, days, n).astype(float)
    hi = lo + np.where(rng.random(n) < exact, 0, rng.integers(1, 40, n))
    return lo + shift, np.where(rng.random(n) < censored, INF, hi + shift)


# --- the curve --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arm", PUBLISHED)
def test_masses_are_those_published(cosmesis, arm):
    rows = cosmesis[cosmesis["treatment"] == arm]
    fit = fit_npmle(rows[MIN], rows[MAX])
    assert [*zip(fit.left, fit.right, fit.mass.round(4), strict=True)] == PUBLISHED[arm]
    assert fit.log_likelihood == pytest.approx(LOG_LIKELIHOOD[arm], abs=5e-6)
    assert fit.kkt_gap < 1e-8


@pytest.mark.parametrize("name", ["Rad", "RadChem", "sieges"])
def test_curve_equals_npsurv(cosmesis, sieges, name):
    rows = sieges if name == "sieges" else cosmesis[cosmesis["treatment"] == name]
    expected = pd.read_csv(ORACLES / "npmle.csv").query("table == @name")
    fit = fit_npmle(rows[MIN], rows[MAX])
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], abs=1e-8)
    np.testing.assert_array_equal(np.c_[fit.left, fit.right], expected[["left", "right"]])
    np.testing.assert_allclose(fit.mass, expected["mass"], atol=1e-8)


def test_curve_equals_kaplan_meier_on_exact_days():
    rows = pd.read_csv(ORACLES / "incidence_rows.csv", keep_default_na=False)
    expected = pd.read_csv(ORACLES / "incidence.csv")
    fit = fit_npmle(rows["day"], np.where(rows["cause"] == "", INF, rows["day"]))
    lower, upper = fit.survival_bounds(expected["day"])
    ended = expected["survival"] > fit.mass[np.isinf(fit.right)].sum() + 1e-9
    np.testing.assert_allclose(lower[ended], expected["survival"][ended], atol=1e-9)
    np.testing.assert_allclose(upper, expected["survival"], atol=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_optimum_is_certified_on_rough_tables(seed):
    lo, hi = make_bounds(seed, n=40 * (seed + 1), days=10 + 30 * seed, exact=0.1 * (seed % 5))
    fit = fit_npmle(lo, hi)
    assert fit.mass.sum() == pytest.approx(1, abs=1e-12) and (fit.mass > 0).all()
    # The certificate, computed anew: no interval's gradient exceeds the number of rows.
    left, right, first, last = find_innermost(lo, hi)
    inside = (first[:, None] <= np.arange(left.size)) & (np.arange(left.size) <= last[:, None])
    carried = np.isin(left, fit.left) & np.isin(right, fit.right)
    mass = np.zeros(left.size)
    mass[carried] = fit.mass
    gap = (inside / (inside @ mass)[:, None]).sum(axis=0).max() - lo.size
    assert max(gap, fit.kkt_gap) < 1e-8
    assert fit.log_likelihood == pytest.approx(np.log(inside @ mass).sum(), abs=1e-8)


def test_ten_thousand_rows_are_certified():
    fit = fit_npmle(*make_bounds(1, n=10_000, days=900))
    assert fit.kkt_gap < 1e-8


@pytest.mark.parametrize("change", ["order of rows", "all days shifted", "rows twice as weights", "a row of weight 0"])
def test_curve_does_not_depend_on(change):
    lo, hi = make_bounds(3)
    expected = fit_npmle(lo, hi)
    weights, shift, times = None, 0, 1
    if change == "order of rows":
        order = np.random.default_rng(0).permutation(lo.size)
        lo, hi = lo[order], hi[order]
    elif change == "all days shifted":
        shift = 1000
        lo, hi = lo + shift, hi + shift
    elif change == "rows twice as weights":
        weights, times = np.full(lo.size, 2), 2
    else:
        lo, hi, weights = np.append(lo, 7), np.append(hi, 8), np.append(np.ones(lo.size), 0)
    fit = fit_npmle(lo, hi, weights)
    np.testing.assert_allclose(fit.mass, expected.mass, atol=1e-9)
    np.testing.assert_array_equal(fit.left, expected.left + shift)
    assert fit.log_likelihood == pytest.approx(times * expected.log_likelihood, abs=1e-7)


def test_weights_equal_repeated_rows():
    lo, hi = make_bounds(4)
    times = np.random.default_rng(0).integers(0, 4, lo.size)
    weighted, repeated = fit_npmle(lo, hi, times), fit_npmle(np.repeat(lo, times), np.repeat(hi, times))
    np.testing.assert_allclose(weighted.mass, repeated.mass, atol=1e-9)


def test_intervals_are_open_on_the_left():
    fit = fit_npmle([0, 5], [5, 9])  # one ends by day 5, the other after it: they share no day
    assert fit.mass.tolist() == pytest.approx([0.5, 0.5])
    lower, upper = fit.survival_bounds([0, 3, 5, 8, 9])
    assert (lower.tolist(), upper.tolist()) == ([1, 0.5, 0.5, 0, 0], [1, 1, 0.5, 0.5, 0])


def test_an_exact_day_is_over_on_that_day():
    lower, upper = fit_npmle([4, 4], [4, INF]).survival_bounds([3.5, 4, 4.5])
    assert (lower.tolist(), upper.tolist()) == ([1, 0.5, 0], [1, 0.5, 0.5])


@pytest.mark.parametrize("q, expected", [(0.25, (0, 2)), (1 / 3, (0, 2)), (0.5, (3, 4)), (1.0, (9, INF))])
def test_quantiles_are_known_within_an_interval(q, expected):
    assert fit_npmle([0, 3, 9], [2, 4, INF]).quantile_interval(q) == expected


# --- band and rows at risk --------------------------------------------------------------------------------------


def test_band_holds_the_curve_and_repeats(sieges):
    grid = np.arange(0, 400, 20)
    before = sieges.copy()
    band, again = (bootstrap_npmle(sieges, grid, draws=100, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(band, again)
    pd.testing.assert_frame_equal(sieges, before)
    assert (band["band_low"] <= band["survival_lower"]).all() and (band["survival_upper"] <= band["band_high"]).all()
    assert not band.equals(bootstrap_npmle(sieges, grid, draws=100, seed=6))


def test_towns_are_drawn_whole():
    lo, hi = make_bounds(0, n=10)
    once = pd.DataFrame({MIN: lo, MAX: hi, "place_id": "one town"})
    band = bootstrap_npmle(once, np.arange(0, 160, 10), draws=20)
    assert (band["band_low"] == band["survival_lower"]).all() and (band["band_high"] == band["survival_upper"]).all()
    rows = bootstrap_npmle(once, np.arange(0, 160, 10), cluster=None, draws=20)
    assert (rows["band_low"] < rows["survival_lower"]).any()
    # Two towns, one with short spells, one with long: a quarter of the draws each has the one or the other alone.
    days = np.repeat([10.0, 100.0], 5)
    two = bootstrap_npmle(pd.DataFrame({MIN: days, MAX: days, "place_id": days}), [50], draws=100)
    assert two[["band_low", "survival_lower", "band_high"]].iloc[0].tolist() == [0, 0.5, 1]


def test_rows_at_risk_are_counted_by_what_is_known():
    spells = pd.DataFrame({MIN: [5, 0, 10, 3, 30], MAX: [5, 8, INF, INF, 40], "entry_days": [0, 0, 0, 0, 20]})
    table = at_risk(spells, [4, 5, 8, 10, 25, 35])
    expected = {
        "at_risk_certain": [2, 1, 1, 1, 1, 0],
        "at_risk_possible": [1, 1, 0, 0, 0, 1],
        "ended": [0, 1, 2, 2, 2, 2],
        "censored": [1, 1, 1, 1, 2, 2],
        "not_entered": [1, 1, 1, 1, 0, 0],
    }
    assert table.set_index("day").to_dict("list") == expected


# --- group test -------------------------------------------------------------------------------------------------


def test_log_rank_is_that_published(cosmesis):
    # Fay and Shaw 2010, Finkelstein's score for RadChem and its permutation Z.
    result = check_same_durations(cosmesis, "treatment", cluster=None)
    assert result.scores["score"].to_numpy() == pytest.approx([-9.944182, 9.944182], abs=5e-7)
    assert result.statistic**0.5 == pytest.approx(2.6839, abs=5e-5)
    assert result.p_value == pytest.approx(0.0073, abs=4 * np.sqrt(0.0073 / 4999))  # two-sided normal p of that Z
    assert (result.permuted, result.n, result.scores["n"].tolist()) == ("rows", 94, [46, 48])


def test_scores_sum_to_zero(sieges):
    assert score_durations(sieges[MIN], sieges[MAX]).sum() == pytest.approx(0, abs=1e-8)


def test_towns_are_permuted_where_groups_do_not_vary_within_them(sieges):
    town_group = sieges.assign(west=sieges["place_id"] < "town16")
    by_town = check_same_durations(town_group, "west", permutations=199)
    assert by_town.permuted == "towns" and by_town.scores["n_units"].sum() == sieges["place_id"].nunique()
    assert check_same_durations(sieges, "besieger", permutations=199).permuted == "rows"


@pytest.mark.parametrize("group, cluster", [("besieger", None), ("west", "place_id")])
def test_log_rank_does_not_depend_on_the_order_of_rows(sieges, group, cluster):
    spells = sieges.assign(west=sieges["place_id"] < "town16")
    expected = check_same_durations(spells, group, cluster, permutations=299)
    result = check_same_durations(spells.sample(frac=1, random_state=3), group, cluster, permutations=299)
    assert result.statistic == pytest.approx(expected.statistic, abs=1e-8)
    assert result.p_value == pytest.approx(expected.p_value, abs=1e-12)


def test_town_permutation_keeps_its_level():
    # No group effect, but towns differ: 5 % of p-values may lie below 5 %, also when rows of a town are alike.
    rng, rejected = np.random.default_rng(11), 0
    for run in range(200):
        town = np.repeat(np.arange(16), 4)
        true = np.exp(5 + rng.normal(0, 0.7, 16)[town] + rng.normal(0, 0.5, 64))
        lo = np.floor(true / 20) * 20
        spells = pd.DataFrame({MIN: lo, MAX: lo + 20, "place_id": town, "group": town % 2})
        rejected += check_same_durations(spells, "group", permutations=199, seed=run).p_value <= 0.05
    assert abs(rejected / 200 - 0.05) <= 4 * np.sqrt(0.05 * 0.95 / 200)


# --- competing ends ---------------------------------------------------------------------------------------------


def test_incidence_equals_aalen_johansen_on_exact_days():
    rows = pd.read_csv(ORACLES / "incidence_rows.csv", keep_default_na=False)
    expected = pd.read_csv(ORACLES / "incidence.csv")
    fit = fit_incidence(rows["day"], np.where(rows["cause"] == "", INF, rows["day"]), rows["cause"])
    table = fit.table_incidence(expected["day"].to_numpy())
    for cause in ("deal", "other"):
        part = table[table["cause"] == cause]
        np.testing.assert_allclose(part["incidence_lower"], expected[cause], atol=1e-9)
        np.testing.assert_allclose(part["incidence_upper"], expected[cause], atol=1e-9)


def test_one_cause_gives_the_duration_curve(sieges):
    lo, hi = sieges[MIN].to_numpy(), sieges[MAX].to_numpy()
    curve, ends = fit_npmle(lo, hi), fit_incidence(lo, hi, np.where(np.isinf(hi), "", "end"))
    days = np.arange(0, 600, 7.0)
    lower, upper = curve.survival_bounds(days)
    table = ends.table_incidence(days)
    np.testing.assert_allclose(1 - table["incidence_upper"], lower, atol=1e-6)
    np.testing.assert_allclose(1 - table["incidence_lower"], upper, atol=1e-6)
    assert ends.log_likelihood == pytest.approx(curve.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("unknown", ["unknown", None])
def test_incidences_and_survival_sum_to_one(sieges, unknown):
    fit = fit_incidence(sieges[MIN], sieges[MAX], sieges["how_ended"], unknown=unknown)
    assert fit.masses["mass"].sum() == pytest.approx(1, abs=1e-12) and fit.kkt_gap < 1e-8
    table = fit.table_incidence(np.array([1e6]))
    running = fit.masses.loc[fit.masses["cause"] == "", "mass"].sum()
    assert table["incidence_lower"].sum() + running == pytest.approx(1, abs=1e-12)
    assert ("unknown" in set(table["cause"])) == (unknown is None)


def test_unknown_manners_follow_the_known_where_nothing_else_speaks():
    lo = hi = np.array([1, 2, 3, 4, 9.0])
    fit = fit_incidence(lo, hi, ["deal", "deal", "deal", "storming", "unknown"])
    last = fit.masses[fit.masses["left"] == 9].set_index("cause")["mass"]
    assert last.to_dict() == pytest.approx({"deal": 0.15, "storming": 0.05}, abs=1e-9)


def test_incidence_does_not_depend_on_the_order_of_rows(sieges):
    shuffled = sieges.sample(frac=1, random_state=1)
    days = np.arange(0, 500, 10.0)
    first, second = (
        fit_incidence(table[MIN], table[MAX], table["how_ended"]).table_incidence(days) for table in (sieges, shuffled)
    )
    pd.testing.assert_frame_equal(first, second, atol=1e-6)


# --- what cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lo, hi, message",
    [
        ([1, 5], [2, 4], "lo is above hi in row 1"),
        ([1, -1], [2, 4], "lo is negative in row 1"),
        ([np.nan, 1], [2, 4], "lo is missing in row 0"),
        ([0, 1], [2, np.nan], "hi is missing in row 1"),
        ([INF, 1], [INF, 2], "lo is infinite in row 0"),
        ([], [], "there are no rows"),
        ([1], [2, 3], "same length"),
    ],
)
def test_impossible_bounds_are_named(lo, hi, message):
    with pytest.raises(ValueError, match=message):
        fit_npmle(lo, hi)


@pytest.mark.parametrize("weights", [[1], [-1, 1], [0, 0], [np.nan, 1]])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        fit_npmle([0, 1], [2, 3], weights)


@pytest.mark.parametrize(
    "change, message",
    [
        ({MIN: [1, 500.0]}, f"{MIN} is above {MAX} in row b"),
        ({"place_id": ["x", None]}, "place_id is missing in row b"),
    ],
)
def test_impossible_spells_are_named_by_column_and_row(change, message):
    spells = pd.DataFrame({MIN: [1, 2.0], MAX: [3, 4.0], "place_id": ["x", "y"]}, index=["a", "b"])
    with pytest.raises(ValueError, match=message):
        bootstrap_npmle(spells.assign(**change), [1], draws=2)
    with pytest.raises(ValueError, match="there is no column duration_days_min"):
        at_risk(spells.drop(columns=MIN), [1])


@pytest.mark.parametrize(
    "cause, message",
    [
        (["deal", "deal"], "given at a censored row in row 1"),
        (["", ""], "blank at an end in row 0"),
        (["unknown", ""], "no end has a known cause"),
        (["deal"], "one value per row"),
    ],
)
def test_impossible_causes_are_named(cause, message):
    with pytest.raises(ValueError, match=message):
        fit_incidence([0, 1], [2, INF], cause)


def test_one_group_is_refused(sieges):
    with pytest.raises(ValueError, match="one group only"):
        check_same_durations(sieges.assign(country="Syria"), "country")
