"""Durations known only within bounds: the curve, its band, the rows at risk, group tests and competing ends.

A spell's duration lies in (min, max] days: the last day it was certainly running and the first it was certainly
over. A maximum of infinity is right-censored (still running when last seen); equal bounds are an exact duration.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import isotonic_regression, nnls
from scipy.special import xlogy

MIN, MAX = "duration_days_min", "duration_days_max"
BAND = (0.025, 0.975)


def check_bounds(lo, hi, names=("lo", "hi"), rows=None):
    """Check the bounds of durations and return them as two arrays of days.

    Raises
    ------
    ValueError
        Naming the column and the row of the first bound that is missing, negative or above its maximum.
    """
    lo, hi = np.asarray(lo, dtype=float), np.asarray(hi, dtype=float)
    if lo.ndim != 1 or lo.shape != hi.shape:
        raise ValueError(f"{names[0]} and {names[1]} must be two columns of the same length")
    if not lo.size:
        raise ValueError(f"{names[0]}: there are no rows")
    rows = np.arange(lo.size) if rows is None else rows
    for name, bad, why in (
        (names[0], np.isnan(lo), "is missing"),
        (names[1], np.isnan(hi), "is missing"),
        (names[0], lo < 0, "is negative"),
        (names[0], np.isinf(lo), "is infinite"),
        (names[0], lo > hi, f"is above {names[1]}"),
    ):
        if bad.any():
            raise ValueError(f"{name} {why} in row {rows[np.flatnonzero(bad)[0]]}")
    return lo, hi


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


# --- The nonparametric maximum-likelihood curve -----------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Npmle:
    """A duration curve: probability masses on the intervals (left, right] within which they are undetermined.

    Attributes
    ----------
    left, right : days; equal for a mass at one day, right = inf for what lies beyond the last report.
    mass : probabilities, summing to one.
    kkt_gap : the log-likelihood lies at most this far below its maximum.
    log_likelihood : at the masses, each row counted with its weight.
    """

    left: np.ndarray
    right: np.ndarray
    mass: np.ndarray
    kkt_gap: float
    log_likelihood: float

    def survival_bounds(self, days):
        """Return the least and the greatest S(day) = P(duration > day) that the masses allow.

        The two differ only where a day falls inside an interval that carries mass.
        """
        days = np.asarray(days, dtype=float)
        tail = np.append(np.cumsum(self.mass[::-1])[::-1], 0.0)
        open_left = np.where(self.left == self.right, np.nextafter(self.left, -np.inf), self.left)
        lower = tail[np.searchsorted(open_left, days, side="left")]
        upper = tail[np.searchsorted(self.right, days, side="right")]
        return lower, upper

    def quantile_interval(self, q):
        """Return the days (left, right] between which the duration's quantile `q` lies; 0.5 is the median."""
        if not 0 < q <= 1:
            raise ValueError(f"q is {q}, not a probability in (0, 1]")
        row = min(np.searchsorted(np.cumsum(self.mass), q - 1e-9), self.mass.size - 1)
        return float(self.left[row]), float(self.right[row])


def fit_npmle(lo, hi, weights=None):
    """Fit the nonparametric maximum-likelihood curve to durations in (lo, hi].

    Parameters
    ----------
    lo, hi : days, one row a spell; hi = inf is right-censored, lo == hi exact.
    weights : how often each row counts (default once).

    Returns
    -------
    Npmle
        Its `kkt_gap` is below 1e-8 (beyond 10,000 rows 1e-12 a row): the optimum is certified, not assumed.

    Raises
    ------
    ValueError
        On impossible bounds or weights, naming the row.
    RuntimeError
        If the optimum could not be certified.

    Notes
    -----
    The masses lie on Turnbull's innermost intervals (JRSSB 1976). EM and convex-minorant steps (Wellner and Zhan
    1997) come near; constrained Newton steps on the few intervals with mass (Wang, JRSSB 2007) finish. All sums over
    rows are differences of cumulative sums, so that no matrix of rows by intervals is made.

    Examples
    --------
    >>> fit = fit_npmle([0, 2, 3], [2, 4, float("inf")])
    >>> fit.left.tolist(), fit.right.tolist(), fit.mass.round(3).tolist()
    ([0.0, 3.0], [2.0, 4.0], [0.333, 0.667])
    """
    lo, hi = check_bounds(lo, hi)
    weights = np.ones(lo.size) if weights is None else np.asarray(weights, dtype=float)
    if weights.shape != lo.shape or not np.all(weights >= 0) or not 0 < weights.sum() < np.inf:
        raise ValueError("weights must be one number of at least 0 per row, not all 0")
    kept = weights > 0
    left, right, first, last = find_innermost(lo[kept], hi[kept])
    cells, counts = _collapse(first, last, weights[kept], left.size)
    mass, gap, log_likelihood = _maximise(cells, counts)
    positive = mass > 0
    return Npmle(left[positive], right[positive], mass[positive], gap, log_likelihood)


def find_innermost(lo, hi):
    """Find the innermost intervals (left, right] and, per row, the first and last of them that it contains."""
    # At one day, in order: an exact duration begins (0), an interval ends (1), an interval begins after it (2).
    days = np.concatenate([lo, hi])
    kind = np.concatenate([np.where(lo == hi, 0, 2), np.ones(lo.size, dtype=int)])
    order = np.lexsort((kind, days))
    ends = kind[order] == 1
    starts = np.flatnonzero(~ends[:-1] & ends[1:])
    left, right = days[order[starts]], days[order[starts + 1]]
    place = np.empty(order.size, dtype=int)
    place[order] = np.arange(order.size)
    # Ties sort apart without harm: between equal keys of one kind no innermost interval can begin.
    first = np.searchsorted(starts, place[: lo.size], side="left")
    last = np.searchsorted(starts, place[lo.size :], side="left") - 1
    return left, right, first, last


class _Ranges:
    """Which innermost intervals each row contains, as ranges first..last: sums in time linear in the rows."""

    def __init__(self, first, last, size):
        self.first, self.last, self.size = first, last, size
        self.single = np.flatnonzero(first == last)

    def probability(self, mass):
        total = np.zeros(self.size + 1)
        mass.cumsum(out=total[1:])
        probability = total[self.last + 1] - total[self.first]
        # A difference of sums would round away a small mass that a row holds alone.
        probability[self.single] = mass[self.first[self.single]]
        return probability

    def gradient(self, pull):
        """Sum `pull` (one number per row) over the rows that contain each interval."""
        begins = np.bincount(self.first, pull, self.size + 1)
        return (begins - np.bincount(self.last + 1, pull, self.size + 1)).cumsum()[:-1]

    def edges(self, pull, sign):
        """Sum `pull` over the rows that end, and times `sign` over those that begin, between two neighbours."""
        begins = np.bincount(self.first, pull, self.size + 1)
        return (sign * begins + np.bincount(self.last + 1, pull, self.size + 1))[1:-1]

    def curvature(self, active, pull):
        """Sum `pull` over the rows that contain both of two active intervals, for every two."""
        size = active.size
        first, last = np.searchsorted(active, self.first), np.searchsorted(active, self.last, side="right") - 1
        count = np.bincount(first * size + last, pull, size * size).reshape(size, size)
        both = np.cumsum(np.cumsum(count, axis=0)[:, ::-1], axis=1)[:, ::-1]
        upper = np.triu(both)
        return upper + np.triu(both, 1).T


def _collapse(first, last, weights, size):
    """Merge rows that contain the same innermost intervals."""
    pairs, row = np.unique(first * size + last, return_inverse=True)
    return _Ranges(pairs // size, pairs % size, size), np.bincount(row, weights)


def _maximise(cells, weights):
    """Return the masses of greatest likelihood, the KKT gap and the log-likelihood."""
    mass = np.full(cells.size, 1 / cells.size)
    for _ in range(5):
        mass = _step_em(cells, weights, mass)
        mass = _step_convex_minorant(cells, weights, mass)
    return _finish_newton(cells, weights, mass)


def _finish_newton(cells, weights, mass, ridge=1e-12, limit=200):
    """Take constrained Newton steps on the intervals with mass until the optimum is certified.

    By concavity the likelihood cannot rise by more than the steepest slope less the number of rows: the KKT gap.
    """
    total = weights.sum()
    certified = 1e-12 * max(total, 1e4)
    for _ in range(limit):
        probability = cells.probability(mass)
        slope = cells.gradient(weights / probability) - total
        gap = max(float(slope.max()), 0.0)
        if gap < certified / 10:
            break
        active = np.flatnonzero((mass > 0) | _find_peaks(slope, mass > 0))
        target = np.zeros_like(mass)
        hessian = cells.curvature(active, weights / probability**2)
        target[active] = _solve_quadratic(hessian, mass[active], slope[active], ridge)
        mass = _search_line(cells, weights, mass, probability, target - mass, slope @ (target - mass))
    if gap > certified:
        raise RuntimeError(f"the optimum is not certified: KKT gap {gap:.1e} after {limit} steps")
    return mass, gap, float(weights @ np.log(probability))


def _step_em(cells, weights, mass):
    """Share each row out over its intervals in proportion to their masses."""
    mass = mass * cells.gradient(weights / cells.probability(mass))
    return mass / mass.sum()


def _step_convex_minorant(cells, weights, mass):
    """Take one Newton step for the cumulative masses as if each stood alone, kept in order by isotonic regression."""
    if mass.size == 1:
        return mass
    probability = cells.probability(mass)
    pull, bend = cells.edges(weights / probability, -1), cells.edges(weights / probability**2, 1)
    total = mass.cumsum()[:-1]
    ordered = isotonic_regression(total + pull / bend, weights=bend).x.clip(0, 1)
    step = np.concatenate([ordered, [1.0]]) - np.concatenate([[0.0], ordered]) - mass
    return _search_line(cells, weights, mass, probability, step, pull @ (ordered - total))


def _find_peaks(slope, positive):
    """Mark the steepest interval in each stretch between two with mass, where adding mass would gain."""
    begin = np.flatnonzero(np.concatenate([[True], positive[:-1]]))
    highest = np.maximum.reduceat(slope, begin)
    return (slope == np.repeat(highest, np.diff(begin, append=slope.size))) & (slope > 0)


def _solve_quadratic(hessian, mass, slope, ridge):
    """Return the masses of at least 0 at the top of the quadratic that touches the log-likelihood at `mass`.

    The small ridge keeps the masses where they are in directions in which the likelihood is flat.
    """
    scale = np.trace(hessian) / mass.size
    for part in (ridge, 1e-8, 1e-6):  # rounding may leave a flat direction slightly curved the wrong way
        try:
            ridged = hessian + np.eye(mass.size) * (part * scale)
            factor = cholesky(ridged, check_finite=False)
            break
        except LinAlgError:
            continue
    want = solve_triangular(factor, ridged @ mass + slope, trans=1, check_finite=False)
    target = solve_triangular(factor, want, check_finite=False)
    return target if (target >= 0).all() else nnls(factor, want)[0]


def _search_line(cells, weights, mass, probability, step, rise):
    """Go as much of the way as raises the likelihood about as it promises, then let the masses sum to one."""
    total = weights.sum()
    now = weights @ np.log(probability) - total * mass.sum()
    part = 1.0
    while part > 1e-10:
        new = np.maximum(mass + part * step, 0.0)
        probability = cells.probability(new)
        if probability.min() > 0:
            value = weights @ np.log(probability) - total * new.sum()
            if value >= now + 0.2 * part * rise - 1e-11 * abs(now):
                return new / new.sum()
        part /= 2
    return mass


# --- Its band, and the rows at risk -----------------------------------------------------------------------------


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
        mass = _step_em(members, weights, mass)
    mass, gap, log_likelihood = _finish_newton(members, weights, mass, ridge=1e-7)
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
