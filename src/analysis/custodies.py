"""Events of several reports -> custodies: who was taken, between which days, and between which days set free."""

from __future__ import annotations

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
from analysis.sieges import bound_duration

CUSTODY_TYPES = ["arrest", "custody_continues", "release"]
SAME_ARREST_DAYS = 21
WIDE_DAYS = 92
VAGUE_DAYS = 365
_DEAL_WORDS = frozenset([("deal_agreed", "actual"), ("deal_carried_out", "actual"), ("release", "agreed")])
CUSTODY_COLUMNS = [
    "custody_id", "place_id", "place_name", "admin1", "captor", "people", "count_min", "count_max", "arrested_earliest",
    "arrested_latest", "last_held", "released_earliest", "released_latest", "is_censored", "under_deal",
    "duration_days_min", "duration_days_max", "start_width_days", "n_reports", "n_sources", "report_ids", "event_ids",
]  # fmt: skip


def build_custodies(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link arrests, words of people still held and releases into custodies.

    Two events are of one custody when a report tells them of the same place and the same kind and number of people, or
    when two reports do so of arrests (or releases) that can lie within three weeks of each other. An arrest of which no
    release is told stays open from its day; a release of which no arrest is told has no first day.

    Returns
    -------
    custodies : DataFrame
        One row a group of people taken together, columns ``CUSTODY_COLUMNS``; durations in days.
    disagreements : DataFrame
        One row a telling of a day that sources put differently.
    """
    listed = list_events(events)
    told = [e for e in listed if e.modality == "actual" and e.type in CUSTODY_TYPES and e.high is not None and e.cumulative != "yes"]
    told.sort(key=lambda e: (e.place_id, e.high, e.event_id))
    deals = group_events((e for e in listed if (e.type, e.modality) in _DEAL_WORDS), "place_id")
    rows, conflicts = [], []
    for place_id, own in group_events(told, "place_id").items():
        for number, members in enumerate(_link_groups(own), 1):
            row, differing = _describe_custody(f"custody-{place_id or 'nowhere'}-{number}", members, deals.get(place_id, []))
            rows.append(row)
            conflicts += differing
    return pd.DataFrame(rows, columns=CUSTODY_COLUMNS), pd.DataFrame(conflicts)


def _link_groups(own: list) -> list[list]:
    """Link one place's events: first within each report, then the reports' groups with each other."""
    groups: list[list] = []
    for inside in group_events(own, "report_id").values():
        groups += _link_within(inside)
    groups.sort(key=lambda g: (min(e.high for e in g), g[0].event_id))
    linked: list[list] = []
    for group in groups:
        twin = next((g for g in linked if own[0].place_id and _is_same_custody(g, group)), None)
        if twin is None:
            linked.append(list(group))
        else:
            twin += group
    return linked


def _link_within(events: list) -> list[list]:
    """Give each arrest of a report the words on its people that fit; what fits none stands alone."""
    groups = [[e] for e in events if e.type == "arrest"]
    for event in (e for e in events if e.type != "arrest"):
        fit = [g for g in groups if _fits_group(g, event)]
        if fit:
            min(fit, key=lambda g: _mismatch(g, event)).append(event)
        else:
            groups.append([event])
    return groups


def _fits_group(group: list, event) -> bool:
    arrest = next((e for e in group if e.type == "arrest"), None)
    if arrest is not None and arrest.low is not None and event.high < arrest.low:
        return False
    if arrest is not None and not event.people and _read_range(event) is None and event.high - arrest.high > VAGUE_DAYS:
        return False
    if event.type == "release" and any(e.type == "release" and not _can_be_equal(e, event) for e in group):
        return False
    return all(_can_be_equal(e, event) for e in group)


def _mismatch(group: list, event) -> tuple:
    first = group[0]
    return (first.people != event.people, first.count_min != event.count_min, abs(first.high - event.high))


def _can_be_equal(one, other) -> bool:
    """Tell whether two events can speak of the same people: by kind, and by number where both give one."""
    kinds = [set(filter(None, e.people.split(";"))) for e in (one, other)]
    vague = {"civilians", "wanted", "men", "fighters"}
    if kinds[0] and kinds[1] and not kinds[0] & kinds[1] and not (kinds[0] & vague and kinds[1] & vague):
        return False
    a, b = _read_range(one), _read_range(other)
    return a is None or b is None or (a[0] <= b[1] * 1.4 and b[0] <= a[1] * 1.4)


def _read_range(event) -> tuple[float, float] | None:
    if event.count_min == "" and event.count_max == "":
        return None
    low = float(event.count_min) if event.count_min != "" else 0.0
    return low, float(event.count_max) if event.count_max != "" else max(low * 3, low + 50)


def _is_same_custody(group: list, other: list) -> bool:
    """Tell whether two reports' groups can be one: the same kind of event within three weeks, the same people.

    What one report tells apart stays apart. At a governorate both must give a number; where the day of an arrest is known
    within months only, the same number.
    """
    if {e.report_id for e in group} & {e.report_id for e in other}:
        return False
    if any(_is_wide(e) for e in group + other) and not _gives_same_number(group, other):
        return False
    if group[0].kind == "governorate" and not all(any(map(_read_range, g)) for g in (group, other)):
        return False
    if not all(_can_be_equal(a, b) for a in group for b in other if a.report_id != b.report_id):
        return False
    if not any(_names_the_same(a, b) for a in group for b in other):
        return False
    if any(_is_freed_before(f, t) for f in group + other for t in group + other):
        return False
    both = [[(a, b) for a in group for b in other if a.type == b.type == kind] for kind in ("arrest", "release")]
    if any(both):
        return all(
            _within(a, b, 2 if a.count_max == b.count_max == "1" else SAME_ARREST_DAYS)
            for pairs in both
            for a, b in pairs
        )
    held = [e for e in group + other if e.type != "arrest"]
    taken = [e for e in group + other if e.type == "arrest"]
    return bool(held and taken) and all(0 <= h.high - t.high <= 120 for h in held for t in taken)


def _is_freed_before(freed, taken) -> bool:
    """Tell a release that lies before the first day of an arrest."""
    return freed.type == "release" and taken.type == "arrest" and taken.low is not None and freed.high < taken.low


def _gives_same_number(group: list, other: list) -> bool:
    return any(_read_range(a) is not None and _read_range(a) == _read_range(b) for a in group for b in other)


def _is_wide(event) -> bool:
    return event.type == "arrest" and event.low is not None and event.high - event.low > WIDE_DAYS


def _names_the_same(one, other) -> bool:
    """Tell whether two events share a kind of people or a number: without either, groups are not put together."""
    kinds = [set(filter(None, e.people.split(";"))) for e in (one, other)]
    return bool(kinds[0] & kinds[1]) or (one.count_min != "" and one.count_min == other.count_min)


def _within(one, other, days: int) -> bool:
    low = [e.low if e.low is not None else e.high - days for e in (one, other)]
    return low[0] - days <= other.high and low[1] - days <= one.high


def _describe_custody(custody_id: str, members: list, deals: list) -> tuple[dict, list[dict]]:
    arrests, held, freed = ([e for e in members if e.type == t] for t in CUSTODY_TYPES)
    start, start_differs = combine_tellings(list_tellings(arrests))
    start_latest = min(d for d in (start.latest, *(e.high for e in held + freed)) if d is not None)
    if start.earliest is not None and start_latest < start.earliest:
        start_latest = start.latest
    last_held = max((e.low for e in held if e.low is not None), default=None)
    end, end_differs = combine_tellings(list_tellings(freed))
    floor = [d for d in (end.earliest, last_held, start.earliest) if d is not None]
    end_low = max(floor) if floor else None
    if end.latest is not None and end_low is not None:
        end_low = min(end_low, end.latest)
    conflicts = []
    if start_differs:
        conflicts += describe_disagreement(
            custody_id, "arrested", [t for t in list_tellings(arrests) if t.earliest is not None]
        )
    if end_differs:
        conflicts += describe_disagreement(custody_id, "released", list_tellings(freed))
    open_end = end_low if freed else last_held
    low, high = bound_duration((start.earliest, start_latest), (open_end, end.latest))
    one, counted = members[0], next((e for e in members if e.count_min != ""), None)
    return {
        "custody_id": custody_id, "place_id": one.place_id, "place_name": one.place_name, "admin1": one.admin1,
        "captor": next((e.actor for e in arrests + held + freed if e.actor), ""),
        "people": next((e.people for e in arrests + members if e.people), ""),
        "count_min": counted.count_min if counted else "", "count_max": counted.count_max if counted else "",
        "arrested_earliest": format_day(start.earliest), "arrested_latest": format_day(start_latest) if arrests else "",
        "last_held": format_day(last_held), "released_earliest": format_day(end_low) if freed else "",
        "released_latest": format_day(end.latest), "is_censored": not freed,
        "under_deal": _is_under_deal(freed, end, deals), "duration_days_min": low, "duration_days_max": high,
        "start_width_days": "" if start.earliest is None else start_latest - start.earliest,
        **list_evidence(members),
    }, conflicts  # fmt: skip


def _is_under_deal(freed: list, end, deals: list) -> bool | str:
    """Tell whether a deal of the place was told in the releases' own reports or within the 60 days before."""
    if not freed:
        return ""
    near = any(e.high is not None and end.latest - 60 <= e.high <= end.latest + 7 for e in deals)
    return near or not {e.report_id for e in deals}.isdisjoint(e.report_id for e in freed)
