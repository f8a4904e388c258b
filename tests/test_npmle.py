"""The curve of durations, against published numbers, R and what must hold by logic."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.npmle import find_innermost, fit_npmle

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


def make_bounds(seed, n=60, days=120, exact=0.2, censored=0.2, shift=0):
    """Make bounds of whole days, some of them exact, some right-censored, with many ties."""
    rng = np.random.default_rng(seed)
    lo = rng.integers(0, days, n).astype(float)
    hi = lo + np.where(rng.random(n) < exact, 0, rng.integers(1, 40, n))
    return lo + shift, np.where(rng.random(n) < censored, INF, hi + shift)


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
    fit = fit_npmle(*make_bounds(1, n=10_000, days=500))
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
