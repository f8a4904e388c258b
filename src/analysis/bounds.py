"""Bounds of days put together from several reports: where they meet, their common part; where not, both stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from analysis.edtf import format_day, parse_edtf


class Telling(NamedTuple):
    """What one event says of a day: its bounds (ordinals, None for open) and where it stands."""

    earliest: int | None
    latest: int | None
    event_id: str
    report_id: str
    source: str


class Bounds(NamedTuple):
    """First and last day possible; None for open."""

    earliest: int | None
    latest: int | None


def read_days(events: pd.DataFrame) -> pd.DataFrame:
    """Return events with ``low`` and ``high``: earliest and latest as day ordinals, NA where blank or without a year."""
    days = [
        events[c].map(lambda t, s=s: parse_edtf(t)[s] if t and not t.startswith("XXXX") else None).astype("Int64")
        for s, c in enumerate(("earliest", "latest"))
    ]
    return events.assign(low=days[0], high=days[1])


def list_events(events: pd.DataFrame) -> list[Any]:
    """List a table's events in its order, its columns as attributes; ``low`` and ``high`` are int, or None where open."""
    days = {c: pd.Series([None if pd.isna(d) else int(d) for d in events[c]], events.index, object) for c in ("low", "high")}
    return list(events.assign(**days).itertuples(name="Event"))


def group_events(events: Iterable[Any], column: str) -> dict[str, list[Any]]:
    """Group events by what a column says of them, groups and their members in the events' order."""
    groups: dict[str, list[Any]] = {}
    for event in events:
        groups.setdefault(getattr(event, column), []).append(event)
    return groups


def list_tellings(events: Iterable[Any]) -> list[Telling]:
    """List what each event (of :func:`list_events`, with ``source``) says of its day."""
    return [Telling(e.low, e.high, e.event_id, e.report_id, e.source) for e in events]


def combine_tellings(tellings: list[Telling]) -> tuple[Bounds, bool]:
    """Combine what several events say of one day.

    Tellings that name a first day are met with each other first; a bare "by that day" then only bounds from above.
    Where tellings exclude each other nothing is overruled: the hull of all of them is returned.

    Returns
    -------
    Bounds, bool
        The bounds, and True where the tellings disagree.
    """
    if not tellings:
        return Bounds(None, None), False
    low = max((t.earliest for t in tellings if t.earliest is not None), default=None)
    high = min((t.latest for t in tellings if t.latest is not None), default=None)
    if low is None or high is None or low <= high:
        return Bounds(low, high), False
    closed = [t for t in tellings if t.earliest is not None]
    return Bounds(min(t.earliest for t in closed), max(t.latest for t in closed if t.latest is not None)), True


def describe_disagreement(unit_id: str, field: str, tellings: list[Telling]) -> list[dict]:
    """Write one row a telling for a day that sources put differently."""
    rows = []
    for t in sorted(tellings, key=lambda t: (t.earliest or 0, t.latest or 0, t.event_id)):
        value = f"{format_day(t.earliest) or '..'}/{format_day(t.latest) or '..'}"
        if t.earliest is not None and t.earliest == t.latest:
            value = format_day(t.earliest)
        rows.append({"unit_id": unit_id, "field": field, "value": value, "source": t.source, "report_id": t.report_id,
                     "event_id": t.event_id})  # fmt: skip
    return rows


def list_evidence(events: list[Any]) -> dict:
    """Write the columns of a spell or deal that lead back to its reports and events."""
    return {
        "n_reports": len({e.report_id for e in events}), "n_sources": len({e.source for e in events}),
        "report_ids": join_ids(e.report_id for e in events), "event_ids": join_ids(e.event_id for e in events),
    }  # fmt: skip


def join_ids(ids: Iterable[str]) -> str:
    """Join ids, sorted, without repeats."""
    return " ".join(sorted(set(ids)))
