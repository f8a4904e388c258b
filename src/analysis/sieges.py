"""Events of several reports -> sieges: when each began and ended at the earliest and at the latest, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from analysis.bounds import (
    combine_tellings,
    describe_disagreement,
    group_events,
    list_events,
    list_evidence,
    list_tellings,
)
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
    told = [e for e in list_events(events) if e.modality == "actual" and e.place_id and e.kind != "governorate" and e.high is not None]
    rows, conflicts = [], []
    for place_id, at_place in sorted(group_events(told, "place_id").items()):
        for number, members in enumerate(_split_spells(at_place, gap_days), 1):
            row, differing = _describe_siege(f"siege-{place_id}-{number}", members, at_place)
            rows.append(row)
            conflicts += differing
    return pd.DataFrame(rows, columns=SIEGE_COLUMNS), pd.DataFrame(conflicts)


def _split_spells(at_place: list, gap_days: int) -> list[list]:
    """Split the siege events of one place into spells: at a lifting, and at a silence longer than the gap."""
    order = [e for e in at_place if e.type in SIEGE_TYPES]
    order.sort(key=lambda e: (e.high, SIEGE_TYPES.index(e.type), e.event_id))
    spells: list[list] = []
    lifted = last = None
    for event in order:
        seen = event.high if event.low is None else event.low
        if not spells:
            fresh = True
        elif event.type == "siege_lifted":
            known = any(e.report_id == event.report_id for e in spells[-1])
            fresh = not known and (event.high - last > gap_days or lifted is not None and seen - lifted > 60)
        elif lifted is not None:
            fresh = event.low is not None and event.low > lifted
        else:
            fresh = seen - last > gap_days and not _tells_both(order, spells[-1], event)
            renewed = event.type == "siege_imposed" and event.low is not None
            fresh = fresh or renewed and event.low - last > min(RENEWAL_DAYS, gap_days)
        if fresh:
            spells.append([])
            lifted = None
        spells[-1].append(event)
        last = event.high
        if event.type == "siege_lifted":
            lifted = event.high if lifted is None else min(lifted, event.high)
    return spells


def _tells_both(order: list, spell: list, event) -> bool:
    """Tell whether one report speaks both of the spell so far and of a day at or after this event."""
    return not {e.report_id for e in spell}.isdisjoint(e.report_id for e in order if e.high >= event.high)


def _describe_siege(siege_id: str, members: list, at_place: list) -> tuple[dict, list[dict]]:
    imposed, running, eased, lifted = ([e for e in members if e.type == t] for t in SIEGE_TYPES)
    start, start_differs = combine_tellings(list_tellings(imposed))
    start_latest = min(d for d in (start.latest, *(e.high for e in running + eased + lifted)) if d is not None)
    if start.earliest is not None and start_latest < start.earliest:
        start_latest = start.latest
    known = [e.low for e in running if e.low is not None]
    last_in_force = max([*known, start_latest if start.earliest is not None else 0]) or None
    end, end_differs, basis = _bound_end(lifted, last_in_force, start_latest, at_place)
    conflicts = []
    if start_differs:
        conflicts += describe_disagreement(
            siege_id, "start", [t for t in list_tellings(imposed) if t.earliest is not None]
        )
    if end_differs:
        late = [e for e in members if e.type in ("siege_continues", "siege_eased") and None not in (e.low, end[1]) and e.low > end[1]]
        conflicts += describe_disagreement(siege_id, "end", list_tellings(lifted) + list_tellings(late))
    low, high = bound_duration((start.earliest, start_latest), end)
    return {
        "siege_id": siege_id, "place_id": members[0].place_id, "place_name": members[0].place_name,
        "admin1": members[0].admin1, "besieger": _find_most_named(e.actor for e in members),
        "start_earliest": format_day(start.earliest), "start_latest": format_day(start_latest),
        "last_in_force": format_day(last_in_force), "end_earliest": format_day(end[0]), "end_latest": format_day(end[1]),
        "end_basis": basis, "end_manner": _tell_manner(end, at_place, basis), "is_censored": end[1] is None,
        "duration_days_min": low, "duration_days_max": high,
        "start_width_days": "" if start.earliest is None else start_latest - start.earliest,
        **list_evidence(members),
    }, conflicts  # fmt: skip


def _bound_end(lifted: list, last: int | None, start_latest: int, at_place: list):
    """Bound the end: by the reports that say it was lifted, else by control changing hands after the last word."""
    basis = "siege_lifted"
    if not lifted:
        after = last if last is not None else start_latest
        over = [e for e in at_place if e.type in TERMINAL_TYPES and after <= e.high <= after + TERMINAL_DAYS]
        first = min((e for e in over if e.low is None or e.low >= after), key=lambda e: e.high, default=None)
        if first is None:
            return (last, None), False, ""
        lifted, basis = [first], first.type
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


def _tell_manner(end: tuple, at_place: list, basis: str) -> str:
    """Tell how a siege ended by what else was told of the place in the month around its end."""
    if end[1] is None:
        return ""
    types = {e.type for e in at_place if end[0] - 30 <= e.high <= end[1] + 30}
    if "evacuation" in types and "deal_agreed" in types:
        return "deal_with_evacuation"
    if types & {"deal_agreed", "deal_carried_out"}:
        return "deal"
    if "storming" in types:
        return "stormed"
    if "evacuation" in types:
        return "deal_with_evacuation"
    return "lifted" if basis == "siege_lifted" else "unknown"


def _find_most_named(actors: Iterable[str]) -> str:
    counts = Counter(a for text in actors for a in text.split(";") if text)
    return min(counts, key=lambda a: (-counts[a], a), default="")
