"""The curve of durations known only within bounds: nonparametric maximum likelihood, its optimum certified.

The rows' bounds say which intervals can carry mass; Newton steps find how much, and end with a proof that no other
masses are likelier. The steps ask of the cells only sums over rows (probability, gradient, curvature), so that
competing ends, whose rows are sums of masses too, are fitted and certified by the same ones.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import isotonic_regression, nnls


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
        mass = step_em(cells, weights, mass)
        mass = _step_convex_minorant(cells, weights, mass)
    return finish_newton(cells, weights, mass)


def finish_newton(cells, weights, mass, ridge=1e-12, limit=200):
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


def step_em(cells, weights, mass):
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
