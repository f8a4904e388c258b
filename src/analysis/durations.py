"""Durations known only within bounds: the curve's band, the rows at risk, group tests and competing ends.

A spell's duration lies in (min, max] days: the last day it was certainly running and the first it was certainly
over. A maximum of infinity is right-censored (still running when last seen); equal bounds are an exact duration.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import xlogy

from .npmle import Npmle as Npmle
from .npmle import check_bounds, find_innermost, finish_newton, fit_npmle, step_em

MIN, MAX = "duration_days_min", "duration_days_max"
BAND = (0.025, 0.975)


def read_bounds(spells):
    """Return the two bounds of each spell (days), checked; see `check_bounds`."""
    check_columns(spells, [MIN, MAX])
    return check_bounds(spells[MIN], spells[MAX], (MIN, MAX), spells.index)


def check_columns(table, columns, complete=False):
    """Raise ValueError when a column is missing or, if `complete`, when one of its rows is."""
    for column in columns:
        if column not in table.columns:
            raise ValueError(f"there is no column {column}")
        if complete and table[column].isna().any():
            raise ValueError(f"{column} is missing in row {table.index[table[column].isna()][0]}")


# --- The band, and the rows at risk -----------------------------------------------------------------------------


def draw_weights(clusters, draws, rng):
    """Yield, `draws` times, how often each row counts when its cluster is drawn with replacement."""
    names, cluster = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    for _ in range(draws):
        yield rng.multinomial(names.size, np.full(names.size, 1 / names.size))[cluster]


def bootstrap_npmle(spells, grid, cluster="place_id", draws=1000, seed=0):
    """Build the duration curve on a grid of days with its 95 % band, drawing whole towns with replacement.

    Parameters
    ----------
    spells : one row a spell, with `duration_days_min`, `duration_days_max` and the column `cluster`.
    grid : days.
    cluster : rows of one cluster are drawn together; None draws single rows.

    Returns
    -------
    DataFrame
        One row a day: survival_lower, survival_upper (they differ where the data leave S undetermined), band_low
        (2.5th percentile of the drawn lower bounds) and band_high (97.5th of the upper). Approximate: on irregular
        report dates percentile bands cover a few points less than they say.
    """
    lo, hi = read_bounds(spells)
    check_columns(spells, [cluster] if cluster else [], complete=True)
    grid = np.asarray(grid, dtype=float)
    lower, upper = fit_npmle(lo, hi).survival_bounds(grid)
    clusters = spells[cluster] if cluster else np.arange(lo.size)
    rng = np.random.default_rng(seed)
    curves = [fit_npmle(lo, hi, weights).survival_bounds(grid) for weights in draw_weights(clusters, draws, rng)]
    drawn_lower, drawn_upper = np.array(curves).transpose(1, 0, 2)
    return pd.DataFrame(
        {
            "day": grid,
            "survival_lower": lower,
            "survival_upper": upper,
            "band_low": np.quantile(drawn_lower, BAND[0], axis=0),
            "band_high": np.quantile(drawn_upper, BAND[1], axis=0),
        }
    )


def at_risk(spells, days):
    """Count, for each day, the spells certainly and possibly still running; the five counts sum to the rows.

    Returns
    -------
    DataFrame
        One row a day: at_risk_certain (running after the day), at_risk_possible (the day lies between the bounds of
        an end that was seen), ended (by the day), censored (last seen running before the day) and not_entered (not
        yet observable on the day; read from `entry_days` if there is such a column).
    """
    lo, hi = read_bounds(spells)
    days = np.asarray(days, dtype=float)
    day = days[:, None]
    entered = (
        spells["entry_days"].to_numpy(dtype=float) <= day if "entry_days" in spells else np.full((days.size, 1), True)
    )
    certain, ended = (lo >= day) & (hi > day), hi <= day
    censored = ~certain & np.isinf(hi)
    counts = {
        "at_risk_certain": entered & certain,
        "at_risk_possible": entered & ~certain & ~ended & ~censored,
        "ended": entered & ended,
        "censored": entered & censored,
        "not_entered": np.broadcast_to(~entered, certain.shape),
    }
    return pd.DataFrame({"day": days} | {name: rows.sum(axis=1) for name, rows in counts.items()})


# --- Do groups last equally long? -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SameDurations:
    """An interval log-rank test that durations do not differ between groups.

    Attributes
    ----------
    scores : one row a group: n, n_units (what was permuted), score (above 0: its spells end sooner than expected).
    statistic : chi-square form of the scores with their permutation variance; for two groups the square of Z.
    p_value : share of permutations, the observed one among them, with a statistic at least as great.
    permuted, permutations, n : "towns" or "rows", how often, and the number of spells.
    """

    scores: pd.DataFrame
    statistic: float
    p_value: float
    permuted: str
    permutations: int
    n: int


def check_same_durations(spells, group, cluster="place_id", permutations=4999, seed=0):
    """Test whether durations differ between groups: interval log-rank with Finkelstein's scores.

    Towns are permuted where every town belongs to one group, rows where groups vary within towns or `cluster` is
    None; the result says which.

    Raises
    ------
    ValueError
        If a column or value is missing, or there are fewer than two groups.

    Source: Finkelstein, Biometrics 1986; Fay and Shaw, Journal of Statistical Software 36(2), 2010.
    """
    check_columns(spells, [group] + ([cluster] if cluster else []), complete=True)
    names, label = np.unique(spells[group].astype(str), return_inverse=True)
    if names.size < 2:
        raise ValueError(f"{group} has one group only: {names[0]}")
    score = score_durations(*read_bounds(spells))
    unit, permuted = _find_units(label, score, spells[cluster] if cluster else None)
    row_of_unit = np.unique(unit, return_index=True)[1]
    sizes, sums = np.bincount(unit).astype(float), np.bincount(unit, score - score.mean())
    labels = label[row_of_unit]
    shuffled = np.random.default_rng(seed).permuted(np.tile(labels, (permutations, 1)), axis=1)
    member = np.arange(names.size)[:, None, None] == np.vstack([labels, shuffled])
    statistic = ((member @ sums) ** 2 / (member @ sizes)).sum(axis=0) / np.var(score, ddof=1)
    scores = pd.DataFrame(
        {group: names, "n": np.bincount(label), "n_units": np.bincount(labels), "score": member[:, 0] @ sums}
    )
    p_value = np.mean(statistic >= statistic[0] * (1 - 1e-9))
    return SameDurations(scores, float(statistic[0]), float(p_value), permuted, permutations, label.size)


def score_durations(lo, hi):
    """Score each row against the pooled curve: above 0 for a spell that ends sooner than expected."""
    before = np.where(lo == hi, np.nextafter(lo, -np.inf), lo)
    fit = fit_npmle(lo, hi)
    start, end = fit.survival_bounds(before)[0], fit.survival_bounds(hi)[0]
    return (xlogy(start, start) - xlogy(end, end)) / (start - end)


def _find_units(label, score, clusters):
    """Number what is to be permuted, towns or rows, in an order that the order of the rows does not change."""
    if clusters is not None:
        town = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)[1]
        if (np.bincount(town, label) ** 2 == np.bincount(town, label**2) * np.bincount(town)).all():
            return town, "towns"
    unit = np.empty(label.size, dtype=int)
    unit[np.lexsort((score, label))] = np.arange(label.size)
    return unit, "rows"


# --- Competing ends ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Incidence:
    """How spells end, and when: the cumulative incidence of each cause.

    Attributes
    ----------
    masses : one row an interval (left, right] of days with mass: cause, left, right, mass; the masses sum to one.
        The mass with a blank cause and right = inf belongs to spells that outlast the last report.
    kkt_gap : the log-likelihood lies at most this far below its maximum.
    log_likelihood : at the masses.
    """

    masses: pd.DataFrame
    kkt_gap: float
    log_likelihood: float

    def table_incidence(self, days):
        """Return one row a cause and day: the least and the greatest incidence by the end of the day."""
        rows = []
        for cause, part in self.masses[self.masses["cause"] != ""].groupby("cause"):
            left, right, mass = (part[name].to_numpy()[:, None] for name in ("left", "right", "mass"))
            lower = (mass * (right <= days)).sum(axis=0)
            upper = (mass * ((left < days) | (right <= days))).sum(axis=0)
            rows.append(pd.DataFrame({"cause": cause, "day": days, "incidence_lower": lower, "incidence_upper": upper}))
        return pd.concat(rows, ignore_index=True)


def fit_incidence(lo, hi, cause, unknown="unknown"):
    """Fit the cumulative incidence of each cause of an end, with ends known only within (lo, hi].

    Parameters
    ----------
    lo, hi : days, one row a spell; hi = inf is right-censored.
    cause : how the spell ended; blank (None, NaN or "") where, and only where, it is right-censored.
    unknown : this cause means "ended, manner unknown": any cause may have been at work. None counts it as a cause of
        its own, so that its incidence bounds what it may add to the others.

    Returns
    -------
    Incidence
        With a certified optimum (`kkt_gap` below 1e-8). Where only ends of unknown manner speak, the likelihood does
        not tell causes apart; they then share in proportion to the known ends.

    Raises
    ------
    ValueError
        On impossible bounds, on a cause that is blank at an end or given at a censored row, naming the row, or if no
        end has a known cause.

    Source: Hudgens, Satten and Longini, Biometrics 57, 2001; EM first, Newton steps to certify the optimum.
    """
    lo, hi = check_bounds(lo, hi)
    cause = _check_causes(cause, hi)
    known = np.unique(cause[(cause != "") & (cause != unknown)])
    if not known.size:
        raise ValueError("cause: no end has a known cause")
    cells, member, start = _build_cells(lo, hi, cause, known, unknown)
    rows, weights = np.unique(member, axis=0, return_counts=True)
    members, mass = _Members(rows.astype(float)), start / start.sum()
    for _ in range(100):
        mass = step_em(members, weights, mass)
    mass, gap, log_likelihood = finish_newton(members, weights, mass, ridge=1e-7)
    cells = cells.assign(mass=mass)[mass > 0].reset_index(drop=True)
    return Incidence(cells, gap, log_likelihood)


class _Members:
    """Which intervals each row contains, as a table of 0 and 1; for rows whose intervals make no single range."""

    def __init__(self, member):
        self.member = member

    def probability(self, mass):
        return self.member @ mass

    def gradient(self, pull):
        return pull @ self.member

    def curvature(self, active, pull):
        part = self.member[:, active]
        return part.T @ (part * pull[:, None])


def _build_cells(lo, hi, cause, known, unknown):
    """Find each cause's innermost intervals, which rows contain them, and a start in proportion to known ends."""
    cells, members, start = [], [], []
    for name in known:
        rows = np.flatnonzero((cause == name) | (cause == unknown) | (cause == ""))
        left, right, first, last = find_innermost(lo[rows], hi[rows])
        number = np.arange(left.size)
        member = np.zeros((lo.size, left.size), dtype=bool)
        member[rows] = (first[:, None] <= number) & (number <= last[:, None])
        ended = np.isfinite(right)
        cells.append(pd.DataFrame({"cause": name, "left": left, "right": right})[ended])
        members.append(member[:, ended])
        start.append(np.full(ended.sum(), np.mean(cause == name)))
    censored = cause == ""
    if censored.any():  # one interval beyond the last report, whatever the cause will be
        cells.append(pd.DataFrame({"cause": "", "left": [lo[censored].max()], "right": np.inf}))
        members.append(censored[:, None])
        start.append([censored.mean()])
    return pd.concat(cells, ignore_index=True), np.hstack(members), np.concatenate(start)


def _check_causes(cause, hi):
    """Return the causes as text, "" where blank; they must be blank exactly where the row is right-censored."""
    cause = pd.Series(np.asarray(cause, dtype=object)).fillna("").astype(str).to_numpy(dtype=str)
    if cause.shape != hi.shape:
        raise ValueError("cause must have one value per row")
    for wrong, why in (
        ((cause == "") & np.isfinite(hi), "is blank at an end"),
        ((cause != "") & np.isinf(hi), "is given at a censored row"),
    ):
        if wrong.any():
            raise ValueError(f"cause {why} in row {np.flatnonzero(wrong)[0]}")
    return cause
