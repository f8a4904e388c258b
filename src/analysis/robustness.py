"""The same headline numbers under other defensible choices: which events, how linked, how their days are read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.bounds import read_days
from analysis.durations import MAX, MIN, draw_weights, fit_npmle
from analysis.edtf import parse_edtf
from analysis.places import Gazetteer
from analysis.sieges import GAP_DAYS, SIEGE_TYPES, TERMINAL_TYPES, bound_duration, build_sieges

LINKED_TYPES = [*SIEGE_TYPES, *TERMINAL_TYPES, "deal_agreed", "deal_carried_out", "storming"]
LINKED_COLUMNS = [
    "report_id",
    "event_id",
    "type",
    "modality",
    "place_id",
    "place_name",
    "actor",
    "source",
    "kind",
    "admin1",
]
DAYS = ["start_earliest", "start_latest", "last_in_force", "end_earliest", "end_latest"]
DEAL_ENDS = ["deal", "deal_with_evacuation", "deal_evacuation"]
TREATMENTS = ["interval", "midpoint", "report_day", "shortest", "longest"]


def read_siege_events(events: pd.DataFrame, index: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return what :func:`analysis.sieges.build_sieges` reads of the events, with days as numbers, and no more.

    Only events that bear on a siege and its end, at places of which a siege is told.
    """
    told = read_days(events)
    of_place = told.place_id.map(lambda i: gazetteer.places[i] if i else None)
    told = told.assign(
        source=told.report_id.map(index.set_index("report_id").source).fillna(""),
        kind=of_place.map(lambda p: p.kind if p else ""), admin1=of_place.map(lambda p: p.admin1 if p else ""),
    )  # fmt: skip
    told = told[told.type.isin(LINKED_TYPES) & (told.modality == "actual") & told.high.notna()]
    besieged = told[told.type.isin(SIEGE_TYPES) & (told.kind != "governorate")].place_id.unique()
    told = told[told.place_id.isin(besieged)].reset_index(drop=True)
    numbers = {side: told[side].astype("Float64").to_numpy(float, na_value=np.nan) for side in ("low", "high")}
    return told[LINKED_COLUMNS].astype(object).assign(**numbers)


def link_sieges(events: pd.DataFrame, gap_days: int = GAP_DAYS) -> pd.DataFrame:
    """Link events into sieges, with each bounded day as a number (ordinal, missing where open)."""
    sieges, _ = build_sieges(events, gap_days)
    return sieges.assign(**{name: _read_ordinals(sieges[name]) for name in DAYS})


def _read_ordinals(days: pd.Series) -> pd.Series:
    return days.map(lambda text: parse_edtf(text)[0] if text else None).astype(float)


def read_published(table: pd.DataFrame) -> pd.DataFrame:
    """Read a published list of sieges as sieges with bounded days: a month or a year is its first to its last day.

    Where no end is given the list does not say until when the siege was known to be in force: nothing is read into it.
    """
    rows = []
    for row in table.itertuples():
        start, end = (parse_edtf(text) if text else (None, None) for text in (row.siege_start, row.siege_end))
        rows.append([*start, None, *end])
    days = pd.DataFrame(rows, columns=DAYS, dtype=float)
    town = table.community.str.replace(r" \(.*", "", regex=True).to_numpy()
    manner = table.how_ended.where(table.siege_end != "", "").to_numpy()
    return days.assign(place_id=town, end_manner=manner, is_censored=days.end_latest.isna(), n_sources=1)


def treat_dates(sieges: pd.DataFrame, treatment: str = "interval") -> pd.DataFrame:
    """Return the sieges with ``duration_days_min`` and ``duration_days_max`` under one way of reading days.

    ``interval``: whatever the bounds allow. ``midpoint``: the middle of each bounded day, as if exact. ``report_day``:
    the last day of each, by which reports told of it, as if exact. ``shortest`` and ``longest``: the least and the
    greatest duration that the bounds allow, as if exact. A siege without an end is right-censored at the last day on
    which it was told to be in force; one of which nothing follows keeps the bounds 0 and infinity.
    """
    first = sieges.start_earliest.fillna(sieges.start_latest)
    start = {"midpoint": (first + sieges.start_latest) / 2}.get(treatment, sieges.start_latest)
    end = {"midpoint": (sieges.end_earliest + sieges.end_latest) / 2}.get(treatment, sieges.end_latest)
    low, high = _bound_all(sieges)
    ended = sieges.end_latest.notna().to_numpy()
    if treatment in ("midpoint", "report_day"):
        low = np.where(ended, np.maximum(end - start, 0), low)
        high = np.where(ended, low, np.inf)
    elif treatment == "shortest":
        high = np.where(ended, low, np.inf)
    elif treatment == "longest":
        low = np.where(np.isfinite(high), high, low)
    elif treatment != "interval":
        raise ValueError(f"treatment {treatment} is none of {', '.join(TREATMENTS)}")
    high = np.where(high == 0, 1.0, high)
    return sieges.assign(**{MIN: low, MAX: high}).reset_index(drop=True)


def _bound_all(sieges: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    days = sieges[["start_earliest", "start_latest", "end_earliest", "end_latest"]].astype(object).to_numpy()
    rows = [[None if pd.isna(day) else int(day) for day in row] for row in days]
    bounds = [bound_duration((r[0], r[1]), (r[2], r[3])) for r in rows]
    return np.array([b[0] for b in bounds], float), np.array([np.inf if b[1] == "" else b[1] for b in bounds], float)


def table_estimates(spells: pd.DataFrame, draws: int, seed: int) -> dict[str, float]:
    """Estimate the median duration and the share of ends by a deal, with 95 % intervals from drawing whole towns.

    Returns
    -------
    dict
        n, towns: of the sieges that say something of their duration; median_from and median_to: the stretch in which
        the data leave the median; median_low, median_high; n_ended: of known manner; deal_share, deal_low, deal_high.
        Infinite where no bound is reached.
    """
    says = ((spells[MIN] > 0) | np.isfinite(spells[MAX])).to_numpy()
    low, high = spells[MIN].to_numpy(float), spells[MAX].to_numpy(float)
    unknown = spells.is_censored.astype(bool) | spells.end_manner.isin(["", "unknown", "ongoing_at_source"])
    known = ~unknown.to_numpy()
    deal = spells.end_manner.isin(DEAL_ENDS).to_numpy() & known
    weights = list(draw_weights(spells.place_id, draws, np.random.default_rng(seed)))
    medians = np.array([fit_npmle(low, high, w * says).quantile_interval(0.5) for w in weights])
    shares = np.array([w @ deal / (w @ known) for w in weights if w @ known])
    median = fit_npmle(low[says], high[says]).quantile_interval(0.5)
    share_low, share_high = np.quantile(shares, [0.025, 0.975])
    return {
        "n": int(says.sum()), "towns": spells.place_id[says].nunique(),
        "median_from": median[0], "median_to": median[1],
        "median_low": find_quantile(medians[:, 0], 0.025), "median_high": find_quantile(medians[:, 1], 0.975),
        "n_ended": int(known.sum()), "deal_share": deal.sum() / known.sum(),
        "deal_low": share_low, "deal_high": share_high,
    }  # fmt: skip


def find_quantile(values: np.ndarray, q: float) -> float:
    """Return the quantile of values that may be infinite: one of the values, never a mean of two."""
    return float(np.quantile(values, q, method="inverted_cdf"))


def pool_estimates(rows: list[dict[str, float]], drawn: bool) -> dict[str, float]:
    """Pool the estimates of many simulated tables, each with one drawing of its towns (``draws=1``).

    The middle of the estimates, and the 95 % range: of the estimates themselves (what the errors alone do) or, where
    ``drawn``, of those from drawn towns (errors and the choice of towns together).
    """
    table = pd.DataFrame(rows)
    middle = {name: find_quantile(table[name], 0.5) for name in table.columns}
    low, high, share = (
        ("median_low", "median_high", "deal_low") if drawn else ("median_from", "median_to", "deal_share")
    )
    ranges = {"median_low": find_quantile(table[low], 0.025), "median_high": find_quantile(table[high], 0.975)}
    ranges |= {"deal_low": find_quantile(table[share], 0.025), "deal_high": find_quantile(table[share], 0.975)}
    return middle | ranges
