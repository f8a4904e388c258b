"""Events of several reports -> sieges: when each began and ended at the earliest and at the latest, and how it ended."""

from __future__ import annotations

import pandas as pd

from analysis.bounds import combine_tellings, describe_disagreement, join_ids, list_tellings
from analysis.edtf import format_day

SIEGE_TYPES = ["siege_imposed", "siege_continues", "siege_eased", "siege_lifted"]
TERMINAL_TYPES = ["deployment", "evacuation"]
GAP_DAYS = 730
RENEWAL_DAYS = 120
TERMINAL_DAYS = 365
SIEGE_COLUMNS = [
    "siege_id", "place_id", "place_name", "admin1", "besieger", "start_earliest", "start_latest", "last_in_force",
    "end_earliest", "end_latest", "end_basis", "end_manner", "is_censored", "duration_days_min", "duration_days_max",
    "start_width_days", "n_reports", "n_sources", "report_ids", "event_ids",
]  # fmt: skip


def build_sieges(events: pd.DataFrame, gap_days: int = GAP_DAYS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link siege events into sieges.

    Parameters
    ----------
    events : DataFrame
        Events with ``low`` and ``high`` (:func:`analysis.bounds.read_days`), ``source``, ``place_name``, ``kind`` and
        ``admin1`` of the place; what is told of a whole governorate makes no siege.
    gap_days : int
        A siege not heard of for longer than this is taken for another one, unless one report tells of both stretches;
        so is one imposed, by its own date, more than ``RENEWAL_DAYS`` (or the gap, if less) after the last word.

    Returns
    -------
    sieges : DataFrame
        One row a siege, columns ``SIEGE_COLUMNS``: days in EDTF, blank for an open side; durations in days, the
        maximum blank where no end (or no beginning) is bounded.
    disagreements : DataFrame
        One row a telling of a day that sources put differently.
    """
    told = events[
        (events.modality == "actual") & (events.place_id != "") & (events.kind != "governorate") & events.high.notna()
    ]
    rows, conflicts = [], []
    for place_id, at_place in told.groupby("place_id", sort=True):
        own = at_place[at_place.type.isin(SIEGE_TYPES)]
        for number, members in enumerate(_split_spells(own, gap_days), 1):
            row, differing = _describe_siege(f"siege-{place_id}-{number}", members, at_place)
            rows.append(row)
            conflicts += differing
    return pd.DataFrame(rows, columns=SIEGE_COLUMNS), pd.DataFrame(conflicts)


def _split_spells(own: pd.DataFrame, gap_days: int) -> list[pd.DataFrame]:
    """Split one place's siege events into spells: at a lifting, and at a silence longer than the gap."""
    order = own.assign(rank=own.type.map(SIEGE_TYPES.index)).sort_values(["high", "rank", "event_id"])
    spells: list[list] = []
    lifted = last = None
    for event in order.itertuples():
        seen = event.high if pd.isna(event.low) else event.low
        if not spells:
            fresh = True
        elif event.type == "siege_lifted":
            known = any(e.report_id == event.report_id for e in spells[-1])
            fresh = not known and (event.high - last > gap_days or lifted is not None and seen - lifted > 60)
        elif lifted is not None:
            fresh = not pd.isna(event.low) and event.low > lifted
        else:
            fresh = seen - last > gap_days and not _tells_both(order, spells[-1], event)
            renewed = event.type == "siege_imposed" and not pd.isna(event.low)
            fresh = fresh or renewed and event.low - last > min(RENEWAL_DAYS, gap_days)
        if fresh:
            spells.append([])
            lifted = None
        spells[-1].append(event)
        last = event.high
        if event.type == "siege_lifted":
            lifted = event.high if lifted is None else min(lifted, event.high)
    return [own.loc[[e.Index for e in spell]] for spell in spells]


def _tells_both(order: pd.DataFrame, spell: list, event) -> bool:
    """Tell whether one report speaks both of the spell so far and of a day at or after this event."""
    reports = {e.report_id for e in spell}
    return bool(reports & set(order[order.high >= event.high].report_id))


def _describe_siege(siege_id: str, members: pd.DataFrame, at_place: pd.DataFrame) -> tuple[dict, list[dict]]:
    imposed, lifted = members[members.type == "siege_imposed"], members[members.type == "siege_lifted"]
    running = members[members.type.isin(["siege_continues", "siege_eased"])]
    start, start_differs = combine_tellings(list_tellings(imposed))
    upper = [d for d in [start.latest, *running.high.dropna(), *lifted.high.dropna()] if d is not None]
    start_latest = min(int(d) for d in upper)
    if start.earliest is not None and start_latest < start.earliest:
        start_latest = start.latest
    known = [int(d) for d in running[running.type == "siege_continues"].low.dropna()]
    last_in_force = max([*known, start_latest if start.earliest is not None else 0]) or None
    end, end_differs, basis = _bound_end(lifted, last_in_force, start_latest, at_place)
    conflicts = []
    if start_differs:
        conflicts += describe_disagreement(
            siege_id, "start", [t for t in list_tellings(imposed) if t.earliest is not None]
        )
    if end_differs:
        late = running[(running.low > end[1]).fillna(False)] if end[1] is not None else running.iloc[:0]
        conflicts += describe_disagreement(siege_id, "end", list_tellings(lifted) + list_tellings(late))
    low, high = bound_duration((start.earliest, start_latest), end)
    return {
        "siege_id": siege_id, "place_id": members.place_id.iloc[0], "place_name": members.place_name.iloc[0],
        "admin1": members.admin1.iloc[0], "besieger": _most_named(members.actor),
        "start_earliest": format_day(start.earliest), "start_latest": format_day(start_latest),
        "last_in_force": format_day(last_in_force), "end_earliest": format_day(end[0]), "end_latest": format_day(end[1]),
        "end_basis": basis, "end_manner": _tell_manner(end, at_place, basis), "is_censored": end[1] is None,
        "duration_days_min": low, "duration_days_max": high,
        "start_width_days": "" if start.earliest is None else start_latest - start.earliest,
        "n_reports": members.report_id.nunique(), "n_sources": members.source.nunique(),
        "report_ids": join_ids(sorted(members.report_id)), "event_ids": join_ids(sorted(members.event_id)),
    }, conflicts  # fmt: skip


def _bound_end(lifted: pd.DataFrame, last: int | None, start_latest: int, at_place: pd.DataFrame):
    """Bound the end: by the reports that say it was lifted, else by control changing hands after the last word."""
    basis = "siege_lifted"
    if lifted.empty:
        after = last if last is not None else start_latest
        over = at_place[
            at_place.type.isin(TERMINAL_TYPES) & (at_place.high >= after) & (at_place.high <= after + TERMINAL_DAYS)
        ]
        over = over[over.low.isna() | (over.low >= after)]
        if over.empty:
            return (last, None), False, ""
        lifted, basis = over.sort_values("high").head(1), over.sort_values("high").type.iloc[0]
    end, differs = combine_tellings(list_tellings(lifted))
    low = end.earliest if end.earliest is not None else last if last is not None else start_latest
    if last is not None and end.latest is not None and last > end.latest:
        return (end.latest if end.earliest is None else end.earliest, last), True, basis
    if last is not None and low < last:
        low = last
    return (min(low, end.latest), end.latest), differs, basis


def bound_duration(start: tuple, end: tuple) -> tuple:
    """Bound a duration in days from two bounded days; the maximum is blank where a side is open."""
    low = max(0, end[0] - start[1]) if end[0] is not None and start[1] is not None else 0
    high = end[1] - start[0] if end[1] is not None and start[0] is not None else ""
    return low, high if high == "" else max(high, low)


def _tell_manner(end: tuple, at_place: pd.DataFrame, basis: str) -> str:
    """Tell how a siege ended by what else was told of the place in the month around its end."""
    if end[1] is None:
        return ""
    near = at_place[(at_place.high >= end[0] - 30) & (at_place.high <= end[1] + 30)]
    types = set(near.type)
    if "evacuation" in types and "deal_agreed" in types:
        return "deal_with_evacuation"
    if types & {"deal_agreed", "deal_carried_out"}:
        return "deal"
    if "storming" in types:
        return "stormed"
    if "evacuation" in types:
        return "deal_with_evacuation"
    return "lifted" if basis == "siege_lifted" else "unknown"


def _most_named(values: pd.Series) -> str:
    counts = values[values != ""].str.split(";").explode().value_counts()
    return "" if counts.empty else sorted(counts[counts == counts.max()].index)[0]
