"""Accelerated-failure-time models, against R's survreg, direct integrals and simulated towns."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import fisk, lognorm, t, weibull_min

from analysis.regression import DISTRIBUTIONS, IntervalModel, fit_aft, fit_best_aft

ORACLES = Path(__file__).parent / "oracles"
MIN, MAX = "duration_days_min", "duration_days_max"
COVARIATES = ["prior_deal", "population_thousands", "besieger"]
INF = np.inf


@pytest.fixture(scope="module")
def sieges():
    return pd.read_csv(ORACLES / "sieges.csv", keep_default_na=False)


def make_frozen(distribution, centre=5.0, scale=0.7):
    """Return scipy's form of the distribution: an implementation apart from ours."""
    return {
        "weibull": weibull_min(1 / scale, scale=np.exp(centre)),
        "lognormal": lognorm(scale, scale=np.exp(centre)),
        "loglogistic": fisk(1 / scale, scale=np.exp(centre)),
    }[distribution]


def compute_value(distribution, lo, hi, entry=0.0, width=0.0):
    """Return one row's log-likelihood by our model at centre 5 and scale 0.7."""
    model = IntervalModel(np.array([[lo, hi, entry, width]]), np.ones((1, 1)), distribution)
    return model.loglikeobs(np.array([5.0, np.log(0.7)]))[0]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_coefficients_equal_survreg(sieges, distribution):
    expected = pd.read_csv(ORACLES / "aft.csv").query("distribution == @distribution")
    fit = fit_aft(sieges, COVARIATES, distribution, cluster=None)
    assert fit.coefficients["term"].tolist() == expected["term"].tolist()
    np.testing.assert_allclose(fit.coefficients["coefficient"], expected["coefficient"], rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["std_error"], expected["std_error"], rtol=1e-5)
    reach = (fit.coefficients["high"] - fit.coefficients["coefficient"]) / fit.coefficients["std_error"]
    np.testing.assert_allclose(reach, t.ppf(0.975, len(sieges) - len(expected)))
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], abs=1e-7)
    assert fit.aic == pytest.approx(12 - 2 * expected["log_likelihood"].iloc[0], abs=1e-6)


def test_best_is_the_least_aic_of_survreg(sieges):
    log_likelihood = pd.read_csv(ORACLES / "aft.csv").groupby("distribution")["log_likelihood"].first()
    best, table = fit_best_aft(sieges, COVARIATES)
    assert best.distribution == log_likelihood.idxmax()
    assert table.loc[table["aic_difference"] == 0, "distribution"].tolist() == [best.distribution]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize(
    "lo, hi, entry",
    [(90, 150, 0), (90, 90, 0), (0, 40, 0), (200, INF, 0), (90, 150, 60), (90, 90, 60), (60, INF, 60), (3000, 3001, 0)],
)
def test_likelihood_of_a_row_is_that_of_scipy(distribution, lo, hi, entry):
    frozen = make_frozen(distribution)
    value = frozen.logpdf(lo) if lo == hi else np.log(frozen.sf(lo) - frozen.sf(hi))
    assert compute_value(distribution, lo, hi, entry) == pytest.approx(value - frozen.logsf(entry), rel=1e-6)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize(
    "lo, hi, entry", [(50, 170, 0), (50, 170, 20), (80, INF, 0), (0, 130, 0), (0, 40, 0), (-9, 90, 0)]
)
def test_likelihood_averages_over_the_start_window(distribution, lo, hi, entry):
    frozen, width = make_frozen(distribution), 60.0

    def share(u):
        return max(frozen.sf(max(lo + width - u, 0) if lo else 0) - frozen.sf(max(hi - u, 0)), 0)

    value = quad(share, 0, min(width, hi), epsabs=1e-12)[0] / width
    beyond = quad(lambda u: frozen.sf(entry + width - u), 0, width)[0] / width if entry else 1
    error = 5e-4 if lo < 0 else 2e-5  # a bend within the window costs the quadrature a digit
    assert compute_value(distribution, lo, hi, entry, width) == pytest.approx(np.log(value / beyond), abs=error)


@pytest.mark.parametrize("end", [51.0, 120.0, 300.0])  # 51: the window of 60 days reaches past the end
def test_a_day_of_end_and_a_window_of_start_are_one_interval(end):
    assert compute_value("weibull", end - 60, end, width=60.0) == compute_value("weibull", max(end - 60, 0), end)


def test_derivatives_are_those_of_the_likelihood(sieges):
    bounds = np.column_stack([sieges[MIN], sieges[MAX], sieges[MIN] / 2, np.zeros(len(sieges))])
    model = IntervalModel(bounds, np.column_stack([np.ones(80), sieges["prior_deal"]]), "loglogistic")
    at, step = np.array([5.0, -0.4, -0.2]), 1e-5 * np.eye(3)
    score = [(model.loglike(at + s) - model.loglike(at - s)) / 2e-5 for s in step]
    hessian = [(model.score(at + s) - model.score(at - s)) / 2e-5 for s in step]
    np.testing.assert_allclose(model.score(at), score, rtol=1e-6)
    np.testing.assert_allclose(model.hessian(at), hessian, rtol=1e-4, atol=1e-3)


def test_one_step_jackknife_is_near_the_full_one(sieges):
    fit = fit_aft(sieges, ["prior_deal"], "weibull")
    towns = sieges["place_id"].unique()
    left_out = [fit_aft(sieges[sieges["place_id"] != t], ["prior_deal"], cluster=None) for t in towns]
    moved = np.array([one.coefficients["coefficient"] for one in left_out]) - fit.coefficients["coefficient"].to_numpy()
    full = np.sqrt((len(towns) - 1) / len(towns) * (moved**2).sum(axis=0))
    np.testing.assert_allclose(fit.coefficients["town_std_error"], full, rtol=0.2)


def test_jackknife_takes_one_newton_step_for_each_town(sieges):
    fit = fit_aft(sieges, ["prior_deal"], "weibull")
    at, towns, moved = fit.coefficients["coefficient"].to_numpy(), sieges["place_id"].unique(), []
    for town in towns:
        rest = sieges[sieges["place_id"] != town]
        bounds = np.column_stack([rest[MIN], rest[MAX], np.zeros((len(rest), 2))])
        model = IntervalModel(bounds, np.column_stack([np.ones(len(rest)), rest["prior_deal"]]), "weibull")
        moved.append(np.linalg.solve(-model.hessian(at), model.score(at)))
    expected = np.sqrt((len(towns) - 1) / len(towns) * np.square(moved).sum(axis=0))
    np.testing.assert_allclose(fit.coefficients["town_std_error"], expected, rtol=1e-4)
    reach = (fit.coefficients["high"] - fit.coefficients["coefficient"]) / fit.coefficients["town_std_error"]
    np.testing.assert_allclose(reach, t.ppf(0.975, len(towns) - 1))
    assert fit.n_towns == len(towns)


@pytest.mark.parametrize("change", ["order of rows", "unit of a covariate", "days into weeks"])
def test_estimates_do_not_depend_on(sieges, change):
    covariates = ["prior_deal", "population_thousands"]
    expected = fit_aft(sieges, covariates).coefficients["coefficient"].to_numpy()
    spells, back = sieges, np.zeros(4)
    if change == "order of rows":
        spells = sieges.sample(frac=1, random_state=2)
    elif change == "days into weeks":
        spells, back = sieges.assign(**{MIN: sieges[MIN] / 7, MAX: sieges[MAX] / 7}), np.array([np.log(7), 0, 0, 0])
    else:
        spells = sieges.assign(population_thousands=sieges["population_thousands"] * 1000)
        expected = expected * [1, 1, 1e-3, 1]
    result = fit_aft(spells, covariates).coefficients["coefficient"].to_numpy()
    np.testing.assert_allclose(result + back, expected, rtol=1e-6)


def test_survival_of_a_profile_is_the_fitted_curve(sieges):
    fit = fit_aft(sieges, ["prior_deal"], "weibull")
    intercept, prior, log_scale = fit.coefficients["coefficient"]
    table = fit.table_survival(np.array([0.0, 50, 200]), {"prior_deal": 1})
    expected = weibull_min(np.exp(-log_scale), scale=np.exp(intercept + prior)).sf([0, 50, 200])
    np.testing.assert_allclose(table["survival"], expected, rtol=1e-9)
    # The band, by the delta method on log(-log S) = (log day - centre) / scale, differentiated by hand.
    z, slope = (np.log(200) - intercept - prior) * np.exp(-log_scale), np.exp(-log_scale)
    gradient = np.array([-slope, -slope, -z])
    reach = t.ppf(0.975, fit.n_towns - 1) * np.sqrt(gradient @ fit.covariance @ gradient)
    expected = np.exp(-np.exp([z + reach, z - reach]))
    np.testing.assert_allclose(table.loc[2, ["band_low", "band_high"]].astype(float), expected, rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), fit.coefficients["town_std_error"])
    with pytest.raises(ValueError, match="no term besieger"):
        fit.table_survival([1], {"besieger": 1})


# --- coverage by simulation -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coverage():
    """Load benchmarks/coverage.py, whose recorded run is the same simulation at more runs."""
    path = Path(__file__).parents[1] / "benchmarks/coverage.py"
    spec = spec_from_file_location("coverage", path)
    module = sys.modules["coverage"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["coverage"]


def test_intervals_cover_the_truth_on_the_sieges_own_windows(coverage):
    runs = 200
    table = coverage.simulate_aft(runs, 20, coverage.read_sieges())
    for _, part in table.groupby("term"):
        assert abs(part["bias"].mean()) <= 4 * part["bias"].std() / np.sqrt(runs)
        for interval in ("curvature", "jackknife"):
            assert abs(part[interval].mean() - 0.95) <= 4 * np.sqrt(0.95 * 0.05 / runs)


def test_simulated_sieges_are_seen_as_the_real_ones_are(coverage):
    real = coverage.read_sieges()
    windows, truth = coverage.read_windows(real), coverage.fit_truth(real, "weibull")
    drawn = [coverage.draw_sieges(windows, truth, "weibull", np.random.default_rng(i), {}) for i in range(100)]
    made = pd.concat(drawn)
    assert (made[MIN] >= -made["start_width_days"]).all() and (made[MIN] <= made[MAX]).all() and (made[MAX] > 0).all()
    assert drawn[0]["place_id"].value_counts().tolist() == real["place_id"].value_counts().tolist()
    for share in (lambda t: np.isinf(t[MAX]), lambda t: t[MIN] == t[MAX], lambda t: t[MIN] > 365):
        assert abs(share(made).mean() - share(real).mean()) < 0.1


def test_late_entry_is_allowed_for():
    # Only spells longer than the day on which watching began are seen: without `entry` they look too long.
    rng = np.random.default_rng(5)
    true, entry = 100 * rng.weibull(1.3, 4000), rng.uniform(0, 200, 4000)
    seen = true > entry
    spells = pd.DataFrame({MIN: true[seen], MAX: true[seen], "entry_days": entry[seen]})
    row = fit_aft(spells, entry="entry_days", cluster=None).coefficients.iloc[0]
    assert abs(row["coefficient"] - np.log(100)) < 4 * row["std_error"]
    naive = fit_aft(spells, cluster=None).coefficients.iloc[0]
    assert naive["coefficient"] - np.log(100) > 4 * naive["std_error"]


# --- what cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, options, message",
    [
        ({}, {"distribution": "gamma"}, "distribution gamma is none of weibull"),
        ({}, {"covariates": ["allies"]}, "there is no column allies"),
        ({}, {"entry": "entry_days"}, "there is no column entry_days"),
        ({"prior_deal": np.nan}, {"covariates": ["prior_deal"]}, "prior_deal is missing in row 0"),
        ({"prior_deal": 1}, {"covariates": ["prior_deal"]}, "prior_deal must be finite and take more than one value"),
        ({"e": 900.0}, {"entry": "e"}, f"e is not below {MAX} in row 0"),
        ({"e": -1.0}, {"entry": "e"}, "e is negative in row 0"),
        ({MIN: -9.0, "w": 8.0}, {"start_width": "w"}, f"{MIN} is below 0 by more than w in row 0"),
        ({MIN: -9.0}, {}, f"{MIN} is negative in row 0"),
        ({"w": 50.0}, {"start_width": "w"}, "w is wider than the bounds allow in row 0"),
        ({MAX: 0.0, MIN: 0.0}, {}, f"{MAX} is 0: a duration must be above 0 in row 0"),
        ({"place_id": "one"}, {"covariates": ["prior_deal"]}, "rests on one town"),
    ],
)
def test_impossible_rows_and_options_are_named(sieges, change, options, message):
    options = {"covariates": ()} | options
    with pytest.raises(ValueError, match=message):
        fit_aft(sieges.assign(**change), **options)


def test_too_few_rows_are_refused(sieges):
    with pytest.raises(ValueError, match="3 rows are too few for 2 terms"):
        fit_aft(sieges[10:13].assign(prior_deal=[0, 1, 1]), ["prior_deal"])


def test_covariates_that_say_the_same_are_refused(sieges):
    with pytest.raises(ValueError, match="cannot be told apart"):
        fit_aft(sieges.assign(again=1 - sieges["prior_deal"]), ["prior_deal", "again"])
