"""Coder against coder: which events two codings share, as F1 with bootstrap intervals and Krippendorff's alpha."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import krippendorff
import numpy as np
import pandas as pd

from analysis.edtf import parse_edtf

KEY = ["type", "modality", "place_id"]


def is_held_out(report_id: str) -> bool:
    """Tell the 30 % of reports that are scored and never looked at, by a hash of the id.

    >>> is_held_out("sohr-190647")
    False
    """
    return int(hashlib.sha256(report_id.encode()).hexdigest(), 16) % 10 < 3


def match_events(one: pd.DataFrame, other: pd.DataFrame, slack: dict[str, int] | None = None) -> pd.DataFrame:
    """Match the events of two codings of the same reports, each at most once.

    Parameters
    ----------
    one, other : DataFrame
        One row an event: report_id, type, modality, place_id, earliest, latest (EDTF or empty).
    slack : dict, optional
        Days within which dates agree, by report_id; three where absent. Wider where the day of publication is.

    Returns
    -------
    DataFrame
        One row an event of either coding: report_id, type, modality, place_id, ``in_one``, ``in_other`` and
        ``same_date`` (True only where matched with date).
    """
    rows = []
    left, right = _group_events(one), _group_events(other)
    for key in sorted(set(left) | set(right)):
        reach = (slack or {}).get(key[0], 3)
        rows += _match_group(key, left.get(key, []), right.get(key, []), reach)
    return pd.DataFrame(rows, columns=["report_id", *KEY, "in_one", "in_other", "same_date"])


def _group_events(events: pd.DataFrame) -> dict[tuple, list]:
    grouped = defaultdict(list)
    columns = [events[c].fillna("").astype(str) for c in ["report_id", *KEY, "earliest", "latest"]]
    for report_id, kind, modality, place, earliest, latest in zip(*columns, strict=True):
        bounds = tuple(parse_edtf(d)[side] if d else None for side, d in enumerate((earliest, latest)))
        grouped[report_id, kind, modality, place].append(bounds)
    return grouped


def _match_group(key: tuple, left: list, right: list, slack: int) -> list[list]:
    free, dated = list(range(len(right))), 0
    for bounds in left:
        twin = next((j for j in free if _same_bounds(bounds, right[j], slack)), None)
        if twin is not None:
            free.remove(twin)
            dated += 1
    both = min(len(left), len(right))
    rows = [[*key, True, True, i < dated] for i in range(both)]
    rows += [[*key, True, False, False]] * (len(left) - both) + [[*key, False, True, False]] * (len(right) - both)
    return rows


def _same_bounds(one: tuple, other: tuple, slack: int) -> bool:
    if (one[0] is None) != (other[0] is None):
        return False
    return all(
        a is b or (a is not None and b is not None and abs(a - b) <= slack) for a, b in zip(one, other, strict=True)
    )


def compare_codings(
    one: pd.DataFrame, other: pd.DataFrame, index: dict
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Match two codings on the reports that both have, dates as loosely as each report's day of publication is known.

    ``index`` is the reports' index (:func:`analysis.reports.read_index`). Returns the matches and the two codings,
    cut to the common reports.
    """
    common = set(one.report_id) & set(other.report_id)
    one, other = (table[table.report_id.isin(common)] for table in (one, other))
    slack = {}
    for report_id in common:
        published = index.get(report_id, {}).get("published", "")
        first, last = parse_edtf(published) if published else (None, None)
        slack[report_id] = max(3, last - first) if first is not None and last is not None else 3
    return match_events(one, other, slack), one, other


def table_agreement(matches: pd.DataFrame, by: str | None = None, draws: int = 500, seed: int = 1) -> pd.DataFrame:
    """Table F1 over matched events with a bootstrap over reports.

    Returns
    -------
    DataFrame
        One row a level of ``by`` (or one): n_one, n_other, matched, f1, f1_low, f1_high, f1_dated and its interval
        (95 %, percentile).
    """
    levels = [("all", matches)] if by is None else list(matches.groupby(by))
    return pd.DataFrame([{by or "level": level, **_score(part, draws, seed)} for level, part in levels])


def _score(matches: pd.DataFrame, draws: int, seed: int) -> dict:
    both = matches.in_one & matches.in_other
    counts = (
        pd.DataFrame(
            {
                "report_id": matches.report_id,
                "one": matches.in_one,
                "other": matches.in_other,
                "both": both,
                "dated": both & matches.same_date,
            }  # fmt: skip
        )
        .groupby("report_id")[["one", "other", "both", "dated"]]
        .sum()
        .to_numpy()
    )
    total = counts.sum(axis=0)
    picks = (
        np.random.default_rng(seed).integers(0, len(counts), (draws, len(counts)))
        if len(counts)
        else np.zeros((0, 0), int)
    )
    sums = counts[picks].sum(axis=1) if len(counts) else np.zeros((0, 4))
    out = {"n_one": int(total[0]), "n_other": int(total[1]), "matched": int(total[2])}
    for name, column in (("f1", 2), ("f1_dated", 3)):
        out[name] = _f1(total, column)
        drawn = [_f1(s, column) for s in sums]
        out[f"{name}_low"], out[f"{name}_high"] = np.nanpercentile(drawn, [2.5, 97.5]) if drawn else (np.nan, np.nan)
    return out


def _f1(counts, column: int) -> float:
    return float(2 * counts[column] / (counts[0] + counts[1])) if counts[0] + counts[1] else float("nan")


def table_alpha(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Table Krippendorff's alpha: presence over report x type x place, and modality where both coded the event.

    A cell of the presence table is a report, a type and a place that either coder named in that report; nominal scale.
    """
    cells = [set(zip(e.report_id, e.type, e.place_id.fillna(""), strict=True)) for e in (one, other)]
    universe = sorted(
        {
            (r, t, p)
            for r in set(one.report_id) | set(other.report_id)
            for p in {c[2] for s in cells for c in s if c[0] == r}
            for t in {c[1] for s in cells for c in s}
        }  # fmt: skip
    )
    presence = np.array([[c in s for c in universe] for s in cells], float)
    modal = [e.groupby(["report_id", "type", "place_id"], dropna=False).modality.first() for e in (one, other)]
    shared = modal[0].index.intersection(modal[1].index)
    codes = {m: i for i, m in enumerate(["actual", "agreed", "threatened", "denied"])}
    pairs = np.array([[codes[m.loc[k]] for k in shared] for m in modal], float)
    return pd.DataFrame(
        [
            {"variable": "presence", "units": len(universe), "alpha": _alpha(presence)},
            {"variable": "modality", "units": len(shared), "alpha": _alpha(pairs)},
        ]
    )


def _alpha(data: np.ndarray) -> float:
    if data.shape[1] < 2 or len(np.unique(data)) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
