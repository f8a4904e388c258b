"""Made-up errors and made-up towns: what wrong codings, and rare reports, do to an estimate of known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from analysis.agreement import KEY
from analysis.bounds import read_days
from analysis.durations import MAX, MIN, check_same_durations, fit_npmle
from analysis.edtf import parse_edtf

METHODS = ["truth", "report_day", "midpoint", "interval"]


# --- Errors of coding -------------------------------------------------------------------------------------------


def table_date_errors(one: pd.DataFrame, other: pd.DataFrame, slack: int = 3) -> pd.DataFrame:
    """Table how the other coder's dates differ, for events that each coding has once in a report and dates differently.

    Differently: the last days lie more than `slack` days apart, or only one coder gave a first day.

    Returns
    -------
    DataFrame
        One row an event: ``shift_days`` (the other's latest less the first's), ``low_differs`` (only one of them gives
        a first day).
    """
    key = ["report_id", *KEY]
    dated = [
        read_days(codes.drop_duplicates(key, keep=False))[[*key, "low", "high"]].dropna(subset="high")
        for codes in (one, other)
    ]
    both = dated[0].merge(dated[1], on=key, suffixes=("_one", "_other"))
    shift, low_differs = both.high_other - both.high_one, both.low_one.isna() != both.low_other.isna()
    moved = (shift.abs() > slack) | low_differs
    return pd.DataFrame({"shift_days": shift.astype(float), "low_differs": low_differs})[moved].reset_index(drop=True)


def draw_errors(
    events: pd.DataFrame, missed: float, misdated: float, errors: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the events as a coder with these error rates might have coded them.

    Parameters
    ----------
    events : with ``low`` and ``high``, the days as numbers.
    missed, misdated : share of the events left out, and share of the rest with a wrong date.
    errors : wrong dates to draw from, as :func:`table_date_errors` gives. Both days move by the shift; where one coder
        gave no first day, a first day is taken away, or a missing one is set to the last.
    """
    kept = events[rng.random(len(events)) >= missed]
    wrong = rng.random(len(kept)) < misdated
    drawn = errors.iloc[rng.integers(0, len(errors), len(kept))]
    shift = np.where(wrong, drawn.shift_days.to_numpy(), 0.0)
    swapped = wrong & drawn.low_differs.to_numpy(bool)
    low, high = kept.low.to_numpy(float) + shift, kept.high.to_numpy(float) + shift
    low = np.where(swapped, np.where(np.isnan(low), high, np.nan), low)
    return kept.assign(low=low, high=high)


def mix_towns(versions: list[pd.DataFrame], draws: int, seed: int, town: str = "place_id") -> list[pd.DataFrame]:
    """Put together whole tables of spells by taking each town from one of the versions, drawn at random.

    Errors that strike each event by itself are independent between towns: so few versions make many tables.
    """
    stacked = pd.concat([version.assign(version=number) for number, version in enumerate(versions)], ignore_index=True)
    names, code = np.unique(stacked[town].to_numpy(str), return_inverse=True)
    picks = np.random.default_rng(seed).integers(0, len(versions), (draws, names.size))
    return [stacked[pick[code] == stacked.version].drop(columns="version") for pick in picks]


# --- Towns reported often and seldom ----------------------------------------------------------------------------


def table_gaps(events: pd.DataFrame, index: pd.DataFrame, longest: int) -> pd.DataFrame:
    """Table the days between consecutive reports on a place, one row a gap of at most `longest` days.

    Reports count from the last day on which they can have been published; two of one day leave no gap.
    """
    day = index.set_index("report_id").published.map(lambda text: parse_edtf(text)[1] if text else None)
    told = events[events.place_id != ""][["place_id", "report_id"]]
    told = (
        told.assign(day=told.report_id.map(day).astype(float))
        .dropna()
        .drop_duplicates(["place_id", "day"])
        .sort_values(["place_id", "day"])
    )
    gaps = told.assign(gap_days=told.groupby("place_id").day.diff())
    return gaps[gaps.gap_days <= longest][["place_id", "gap_days"]].reset_index(drop=True)


def draw_ends(durations: np.ndarray, gaps: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the last report of a siege in force and the first of its end, in days since it began.

    The beginning is known. Reports come at gaps drawn from `gaps`, whatever happens in the town: the gap in which the
    end falls is then met in proportion to its length, and the end falls anywhere in it.
    """
    around = rng.choice(gaps, durations.shape, p=gaps / gaps.sum())
    before = np.minimum(np.ceil(rng.random(durations.shape) * around), around)
    last = durations - before
    return np.maximum(last, 0.0), last + around


def simulate_towns(
    draws: int, towns: int, medians: dict[str, float], shape: float, gaps: dict[str, np.ndarray], seed: int
) -> pd.DataFrame:
    """Simulate sieges in groups that are reported differently: Weibull durations in whole days, with given medians.

    Parameters
    ----------
    towns : in each group and draw, one siege a town.
    medians, gaps : by group, the true median and the days between reports to draw from.

    Returns
    -------
    DataFrame
        One row a siege: draw, group, ``truth`` and the bounds ``duration_days_min``, ``duration_days_max``.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for group, pool in gaps.items():
        truth = np.ceil(medians[group] / np.log(2) ** (1 / shape) * rng.weibull(shape, draws * towns))
        low, high = draw_ends(truth, pool, rng)
        parts.append(
            pd.DataFrame(
                {"draw": np.repeat(np.arange(draws), towns), "group": group, "truth": truth, MIN: low, MAX: high}
            )
        )
    return pd.concat(parts, ignore_index=True)


def read_as(sieges: pd.DataFrame, method: str) -> np.ndarray:
    """Return each duration as one number: the truth, the day of the report, or the midpoint of its bounds."""
    return {"truth": sieges.truth, "report_day": sieges[MAX], "midpoint": (sieges[MIN] + sieges[MAX]) / 2}[
        method
    ].to_numpy()


def check_draws(sieges: pd.DataFrame, permutations: int = 199) -> pd.DataFrame:
    """Test every draw for a difference between its groups: one row a draw, the p-value of each method.

    Log-rank on single numbers; for the interval, the interval log-rank with its rows permuted.
    """
    rows = []
    for draw, part in sieges.groupby("draw"):
        row = {m: survdiff(read_as(part, m), np.ones(len(part)), part.group)[1] for m in METHODS[:3]}
        row["interval"] = check_same_durations(
            part, "group", cluster=None, permutations=permutations, seed=draw
        ).p_value
        rows.append({"draw": draw, **row})
    return pd.DataFrame(rows)


def table_rejections(p_values: pd.DataFrame, level: float = 0.05) -> pd.DataFrame:
    """Table how often each method rejects, with the 95 % Monte-Carlo interval (Wilson) of that share."""
    n, z = len(p_values), norm.ppf(0.975)
    share = (p_values[METHODS] <= level).mean()
    centre, reach = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    table = {
        "share": share,
        "low": (centre - reach) / scale,
        "high": (centre + reach) / scale,
        "error": np.sqrt(share * (1 - share) / n),
    }
    return pd.DataFrame({**table, "n": n}).rename_axis("method").reset_index()


def table_medians(sieges: pd.DataFrame) -> pd.DataFrame:
    """Table the estimated median of each draw, group and method; of an undetermined stretch, its middle."""
    rows = []
    for (draw, group), part in sieges.groupby(["draw", "group"]):
        row = {m: SurvfuncRight(read_as(part, m), np.ones(len(part))).quantile(0.5) for m in METHODS[:3]}
        row["interval"] = np.mean(fit_npmle(part[MIN], part[MAX]).quantile_interval(0.5))
        rows += [{"draw": draw, "group": group, "method": m, "median": float(value)} for m, value in row.items()]
    return pd.DataFrame(rows)
