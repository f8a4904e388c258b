"""Accelerated-failure-time regression for durations known only within bounds: what makes spells last longer.

The logarithm of a duration is a linear predictor plus a scale times a standard error term. The exponential of a
coefficient is a time ratio: 1.5 means that spells last half as long again.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import log_expit, log_ndtr
from statsmodels.base.model import GenericLikelihoodModel

from .durations import MAX, MIN, check_columns, read_bounds

DISTRIBUTIONS = ("weibull", "lognormal", "loglogistic")
NODES, NODE_WEIGHTS = (np.polynomial.legendre.leggauss(12)[0] + 1) / 2, np.polynomial.legendre.leggauss(12)[1] / 2


def _log_survival(z, distribution):
    """Return log P(error > z) of the standard error term."""
    if distribution == "weibull":
        return -np.exp(np.minimum(z, 700))
    return log_ndtr(-z) if distribution == "lognormal" else log_expit(-z)


def _log_density(z, distribution):
    """Return the log density of the standard error term."""
    if distribution == "weibull":
        return z - np.exp(np.minimum(z, 700))
    return stats.norm.logpdf(z) if distribution == "lognormal" else z + 2 * log_expit(-z)


def _log_average(values, weights):
    """Return the log of a weighted sum of exponentials along each row."""
    top = values.max(axis=1, keepdims=True)
    return top[:, 0] + np.log((weights * np.exp(values - top)).sum(axis=1))


class IntervalModel(GenericLikelihoodModel):
    """The likelihood of interval-censored, exact, right-censored, left-truncated durations with wide start windows.

    One row a spell; `endog` holds the bounds, the days already run at entry and the width of the start window. The
    parameters are the coefficients and the logarithm of the scale.
    """

    def __init__(self, bounds, exog, distribution):
        super().__init__(bounds, exog, extra_params_names=["log_scale"])
        self.distribution = distribution
        lo, hi, entry, width = self.endog.T
        # An end known to the day leaves lo + width == hi: the start alone is unknown and (lo, hi] says it all.
        self.wide = (width > 0) & ~np.isclose(lo + width, hi, rtol=0, atol=1e-6)
        self.exact = lo == hi

    def loglikeobs(self, params):
        """Return each row's log-likelihood at the coefficients and the log scale."""
        return self.row_values(self.exog @ params[:-1], params[-1])

    def score_obs(self, params, **_):
        """Return each row's derivatives; a row depends on two numbers only, its centre and the log scale."""
        by_centre, by_scale = self._slopes(self.exog @ params[:-1], params[-1], 1e-5)
        return np.column_stack([by_centre[:, None] * self.exog, by_scale])

    def score(self, params, **_):
        """Return the derivatives of the log-likelihood."""
        return self.score_obs(params).sum(axis=0)

    def hessian(self, params, **_):
        """Return the second derivatives of the log-likelihood."""
        return self.hessian_obs(params).sum(axis=0)

    def hessian_obs(self, params):
        """Return each row's second derivatives, rows by parameters by parameters."""
        centre, log_scale, h = self.exog @ params[:-1], params[-1], 1e-3
        steps = {(i, j): self.row_values(centre + i * h, log_scale + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        inner = (steps[1, 0] - 2 * steps[0, 0] + steps[-1, 0]) / h**2
        outer = (steps[0, 1] - 2 * steps[0, 0] + steps[0, -1]) / h**2
        mixed = (steps[1, 1] - steps[1, -1] - steps[-1, 1] + steps[-1, -1]) / (4 * h**2)
        wide = np.concatenate([self.exog, np.ones((len(centre), 1))], axis=1)
        result = inner[:, None, None] * wide[:, :, None] * wide[:, None, :]
        result[:, :-1, -1] = result[:, -1, :-1] = mixed[:, None] * self.exog
        result[:, -1, -1] = outer
        return result

    def _slopes(self, centre, log_scale, h):
        """Return each row's slope in its centre and in the log scale, by central differences."""
        by_centre = self.row_values(centre + h, log_scale) - self.row_values(centre - h, log_scale)
        by_scale = self.row_values(centre, log_scale + h) - self.row_values(centre, log_scale - h)
        return by_centre / (2 * h), by_scale / (2 * h)

    def row_values(self, centre, log_scale):
        """Return each row's log-likelihood, given its centre: the log of the duration at an error of 0."""
        lo, hi, entry, width = self.endog.T
        value = np.empty(lo.size)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            exact, wide, plain = self.exact, self.wide, ~(self.exact | self.wide)
            z = (np.log(hi[exact]) - centre[exact]) / np.exp(log_scale)
            value[exact] = _log_density(z, self.distribution) - log_scale - np.log(hi[exact])
            value[plain] = self._log_between(np.maximum(lo[plain], 0), hi[plain], centre[plain], log_scale)
            value[~wide] -= self._log_beyond(entry[~wide], centre[~wide], log_scale)
            value[wide] = self._integrate(lo[wide], hi[wide], entry[wide], width[wide], centre[wide], log_scale)
        return np.where(np.isfinite(value), value, -1e10)

    def _log_beyond(self, day, centre, log_scale):
        """Return log S(day); S(0) is 1 and S(inf) is 0."""
        return _log_survival((np.log(day) - centre) / np.exp(log_scale), self.distribution)

    def _log_between(self, lo, hi, centre, log_scale):
        """Return log(S(lo) - S(hi)) without losing a small difference."""
        start = self._log_beyond(lo, centre, log_scale)
        return start + np.log(-np.expm1(self._log_beyond(hi, centre, log_scale) - start))

    def _integrate(self, lo, hi, entry, width, centre, log_scale):
        """Average over the start, uniform in its window, by 12-point Gauss-Legendre quadrature.

        A spell that starts u days into its window lasts between lo + width - u and hi - u days. A lower bound of
        exactly 0 may stand for any overlap of the windows of start and end: nothing is read into it.
        """
        span = np.minimum(width, hi)[:, None]
        u, centre = span * NODES, centre[:, None]
        lo, hi, entry, width = (values[:, None] for values in (lo, hi, entry, width))
        shortest = np.where(lo == 0, 0.0, np.maximum(lo + width - u, 0.0))
        value = self._log_between(shortest, hi - u, centre, log_scale)
        value = _log_average(value, NODE_WEIGHTS * span / width)
        running = np.where(entry > 0, entry + width * (1 - NODES), 0.0)
        return value - _log_average(self._log_beyond(running, centre, log_scale), NODE_WEIGHTS)


@dataclass(frozen=True, eq=False)
class Aft:
    """A fitted accelerated-failure-time model.

    Attributes
    ----------
    distribution : weibull, lognormal or loglogistic.
    coefficients : one row a term ("log_scale" last): coefficient, std_error, town_std_error, low, high, p_value and
        time_ratio, time_ratio_low, time_ratio_high (blank for the intercept and the log scale).
    covariance : of the coefficients, from the town jackknife if towns were given.
    critical : the intervals reach this many standard errors to each side.
    log_likelihood, aic, n, n_towns : n_towns is 0 if no towns were given.
    """

    distribution: str
    coefficients: pd.DataFrame
    covariance: np.ndarray
    critical: float
    log_likelihood: float
    aic: float
    n: int
    n_towns: int

    def table_survival(self, days, values=None):
        """Return survival by day with its 95 % band, at the given values of the terms (others 0)."""
        estimate = self.coefficients["coefficient"].to_numpy()
        terms = list(self.coefficients["term"])
        if unknown := set(values or {}) - set(terms[1:-1]):
            raise ValueError(f"there is no term {sorted(unknown)[0]}")
        profile = np.array([1.0] + [(values or {}).get(term, 0.0) for term in terms[1:-1]])
        z = (np.log(np.maximum(days, 1e-9)) - profile @ estimate[:-1]) / np.exp(estimate[-1])
        slope = np.column_stack([np.tile(-profile / np.exp(estimate[-1]), (z.size, 1)), -z])
        reach = self.critical * np.sqrt(np.einsum("ij,jk,ik->i", slope, self.covariance, slope))
        bands = {"survival": z, "band_low": z + reach, "band_high": z - reach}
        columns = {name: np.exp(_log_survival(value, self.distribution)) for name, value in bands.items()}
        return pd.DataFrame({"day": days} | columns)


def fit_aft(spells, covariates=(), distribution="weibull", entry=None, start_width=None, cluster="place_id"):
    """Fit an accelerated-failure-time model to durations known within bounds.

    Parameters
    ----------
    spells : one row a spell, with `duration_days_min`, `duration_days_max` (inf: right-censored; equal: exact).
    covariates : columns; numbers and booleans are used as they are, text as one 0/1 term a level but the first.
    distribution : weibull, lognormal or loglogistic.
    entry : column of days already run when the spell could first be observed, counted like `duration_days_min`.
    start_width : column of the width in days of the window in which the spell began. The bounds are then outer
        bounds, and the likelihood averages over the start. A minimum below 0, by up to the width, says by how much
        the windows of start and end overlap; a minimum cut at 0 is allowed but loses that.
    cluster : column of towns, for jackknife standard errors (CR3, one step) and t(G - 1) intervals; None for
        intervals from the likelihood's curvature, with t(n - terms).

    Raises
    ------
    ValueError
        Naming the column and the row, or the distribution, that cannot be used.

    Source: likelihood of De Gruttola and Lagakos, Biometrics 1989; jackknife of Bell and McCaffrey 2002.
    """
    if distribution not in DISTRIBUTIONS:
        raise ValueError(f"distribution {distribution} is none of {', '.join(DISTRIBUTIONS)}")
    check_columns(spells, [*covariates, *([cluster] if cluster else [])], complete=True)
    bounds, design = _read_rows(spells, entry, start_width), build_design(spells, covariates)
    # Fitted on standardised covariates, whatever their units, then turned back.
    mean, spread = design.to_numpy().mean(axis=0), design.to_numpy().std(axis=0)
    mean[0], spread[0] = 0, 1
    model = IntervalModel(bounds, (design.to_numpy() - mean) / spread, distribution)
    result = _maximise(model, bounds)
    back = np.diag(np.append(1 / spread, 1.0))
    back[0, :-1] -= mean / spread
    town = np.unique(spells[cluster].astype(str), return_inverse=True)[1] if cluster else None
    curvature = back @ np.linalg.inv(-model.hessian(result)) @ back.T
    jackknife = None if town is None else back @ _jackknife(model, result, town) @ back.T
    n_towns = 0 if town is None else int(town.max() + 1)
    terms, log_likelihood = [*design.columns, "log_scale"], float(model.loglike(result))
    table, critical = _table_coefficients(terms, back @ result, curvature, jackknife, len(spells), n_towns)
    aic = 2 * len(terms) - 2 * log_likelihood
    covariance = curvature if jackknife is None else jackknife
    return Aft(distribution, table, covariance, critical, log_likelihood, aic, len(spells), n_towns)


def fit_best_aft(spells, covariates=(), **options):
    """Fit every distribution and return the one of least AIC, with a table of all (distribution, aic, difference)."""
    fits = [fit_aft(spells, covariates, distribution, **options) for distribution in DISTRIBUTIONS]
    aic = np.array([fit.aic for fit in fits])
    table = pd.DataFrame({"distribution": DISTRIBUTIONS, "aic": aic, "aic_difference": aic - aic.min()})
    return fits[int(aic.argmin())], table


def _read_rows(spells, entry, start_width):
    """Return bounds, entry and start width of each row (days), checked."""
    check_columns(spells, [MIN, *(name for name in (entry, start_width) if name)], complete=True)
    entry_days = spells[entry].to_numpy(dtype=float) if entry else np.zeros(len(spells))
    width = spells[start_width].to_numpy(dtype=float) if start_width else np.zeros(len(spells))
    overlap = (spells[MIN] < 0) & (width > 0)  # the window of the end opens before that of the start has closed
    lo, hi = read_bounds(spells.assign(**{MIN: spells[MIN].mask(overlap, 0)}))
    lo = np.where(overlap, spells[MIN], np.maximum(lo, entry_days))
    for name, bad, why in (
        (MAX, hi == 0, "is 0: a duration must be above 0"),
        (entry, entry_days < 0, "is negative"),
        (entry, entry_days >= hi, f"is not below {MAX}"),
        (start_width, (width < 0) | np.isinf(width), "is no width in days"),
        (MIN, lo < -width, f"is below 0 by more than {start_width}"),
        (start_width, (lo > entry_days) & (lo + width > hi + 1e-6), "is wider than the bounds allow"),
    ):
        if bad.any():
            raise ValueError(f"{name} {why} in row {spells.index[bad][0]}")
    return np.column_stack([lo, hi, entry_days, width])


def build_design(spells, covariates):
    """Return the terms of the linear predictor, an intercept first."""
    terms = {"intercept": np.ones(len(spells))}
    for column in covariates:
        values = spells[column]
        if pd.api.types.is_numeric_dtype(values):
            terms[column] = values.to_numpy(dtype=float)
        else:
            levels = np.unique(values.astype(str))
            terms |= {f"{column}: {level}": (values.astype(str) == level).to_numpy(dtype=float) for level in levels[1:]}
    design = pd.DataFrame(terms)
    for column in design.columns[1:]:
        if not np.isfinite(design[column]).all() or design[column].nunique() < 2:
            raise ValueError(f"{column} must be finite and take more than one value")
    if len(design) <= design.shape[1] + 1:
        raise ValueError(f"{len(design)} rows are too few for {design.shape[1]} terms")
    if np.linalg.matrix_rank(design / design.abs().max()) < design.shape[1]:
        raise ValueError(f"the covariates {', '.join(design.columns[1:])} cannot be told apart")
    return design


def _maximise(model, bounds):
    """Return the parameters of greatest likelihood, from least squares on log midpoints by BFGS and Newton steps."""
    lo, hi = bounds[:, 0], bounds[:, 1]
    middle = np.log(np.maximum(np.where(np.isinf(hi), 1.5 * lo, (lo + hi) / 2), 0.5))
    start = np.linalg.lstsq(model.exog, middle)[0]
    spread = max((middle - model.exog @ start).std(), 0.3)
    options = dict(disp=0, skip_hessian=True)
    near = model.fit(np.append(start, np.log(spread)), method="bfgs", gtol=1e-3, maxiter=500, **options).params
    for _ in range(20):
        score = model.score(near)
        if np.abs(score).max() < 1e-7 * len(lo):
            break
        near = near - np.linalg.solve(model.hessian(near), score)
    else:
        raise RuntimeError(f"the {model.distribution} model did not converge; are there too few ends for its terms?")
    return near


def _jackknife(model, params, town):
    """Return the covariance from leaving out one town at a time, by one Newton step each."""
    towns = town.max() + 1
    score, curvature = np.zeros((towns, params.size)), np.zeros((towns, params.size, params.size))
    np.add.at(score, town, model.score_obs(params))
    np.add.at(curvature, town, model.hessian_obs(params))
    rest = curvature - curvature.sum(axis=0)
    if towns < 2 or np.linalg.cond(rest).max() > 1e10:
        raise ValueError("a coefficient rests on one town alone: drop the covariate, or set cluster to None")
    moved = np.linalg.solve(rest, -score[:, :, None])[:, :, 0]
    return (towns - 1) / towns * moved.T @ moved


def _table_coefficients(terms, estimate, curvature, jackknife, n, n_towns):
    """Return the table of coefficients and how many standard errors their intervals reach."""
    std_error = np.sqrt(np.diag(curvature))
    town_error = np.full(len(terms), np.nan) if jackknife is None else np.sqrt(np.diag(jackknife))
    freedom, error = (n_towns - 1, town_error) if n_towns else (n - len(terms), std_error)
    critical = float(stats.t.ppf(0.975, freedom))
    low, high = estimate - critical * error, estimate + critical * error
    p_value = np.where(np.isin(terms, "log_scale"), np.nan, 2 * stats.t.sf(np.abs(estimate / error), freedom))
    ratios = np.where(np.isin(terms, ["intercept", "log_scale"]), np.nan, np.exp([estimate, low, high]))
    table = pd.DataFrame(
        {"term": terms, "coefficient": estimate, "std_error": std_error, "town_std_error": town_error}
        | {"low": low, "high": high, "p_value": p_value}
        | dict(zip(("time_ratio", "time_ratio_low", "time_ratio_high"), ratios, strict=True))
    )
    return table, critical
