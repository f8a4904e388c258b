"""One town's story: its sieges, custodies and deals with their bounds, and under each the sentences that say so."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.episodes import read_table
from analysis.reports import read_index, read_text

_UNITS = (("sieges", "siege_id"), ("custodies", "custody_id"), ("deals", "deal_id"))


def show_span(earliest: str, latest: str) -> str:
    """Write two bounds as a reader wants them: a day, a range, or an open side.

    >>> show_span("", "2020-10-08"), show_span("2020-09-19", "2020-09-19")
    ('by 2020-10-08', '2020-09-19')
    """
    if earliest and earliest == latest:
        return earliest
    if earliest and latest:
        return f"{earliest} to {latest}"
    if latest:
        return f"by {latest}"
    return f"not before {earliest}" if earliest else "not told"


def describe_unit(kind: str, row: pd.Series) -> str:
    """Write one siege, custody or deal as a line with its bounds."""
    days = "" if kind == "deals" else _show_duration(row)
    if kind == "sieges":
        end = (f"still in force when last told of, {row.last_in_force}" if row.last_in_force else "no end told of") if row.is_censored == "True" else (
            f"ended {show_span(row.end_earliest, row.end_latest)} ({row.end_manner.replace('_', ' ')})")  # fmt: skip
        return f"SIEGE by {row.besieger or 'unknown'}: began {show_span(row.start_earliest, row.start_latest)}; {end}{days}"
    if kind == "custodies":
        count = row.count_min if row.count_min == row.count_max else f"{row.count_min or '?'}-{row.count_max or '?'}"
        who = " ".join(
            filter(None, [count if row.count_min or row.count_max else "", row.people.replace(";", ", ") or "people"])
        )
        end = (
            "no release told of"
            if row.is_censored == "True"
            else f"released {show_span(row.released_earliest, row.released_latest)}"
        )
        return f"CUSTODY of {who}: taken {show_span(row.arrested_earliest, row.arrested_latest)}; {end}{days}"
    terms = f"; terms: {row.terms.replace(';', ', ').replace('_', ' ')}" if row.terms else ""
    after = row.outcome_12_months.replace("_", " ")
    return f"DEAL between {row.parties.replace(';', ', ') or 'unknown'}: {show_span(row.agreed_earliest, row.agreed_latest)}{terms}; after: {after}"


def _show_duration(row: pd.Series) -> str:
    if row.duration_days_max:
        same = row.duration_days_min == row.duration_days_max
        return (
            f"; {row.duration_days_min} days" if same else f"; {row.duration_days_min} to {row.duration_days_max} days"
        )
    return f"; at least {row.duration_days_min} days" if row.duration_days_min not in ("", "0") else ""


def tell_story(place_id: str, raw: Path, processed: Path) -> Iterator[str]:
    """Yield the lines of a town's story, oldest first, disagreements marked with ``!``."""
    tables = {
        name: read_table(processed / f"{name}.csv") for name in ("events", "disagreements", *(u for u, _ in _UNITS))
    }
    events = tables["events"].set_index("event_id")
    index = read_index(raw / "reports.csv")
    units = []
    for kind, key in _UNITS:
        for _, row in tables[kind][tables[kind].place_id == place_id].iterrows():
            first = next((row[c] for c in ("start_earliest", "arrested_earliest", "agreed_earliest", "start_latest", "arrested_latest",
                                           "agreed_latest", "released_latest", "end_latest") if row.get(c)), "")  # fmt: skip
            units.append((first, row[key], kind, row))
    for _, unit_id, kind, row in sorted(units, key=lambda u: u[:2]):
        yield f"{describe_unit(kind, row)}  [{unit_id}; {row.n_reports} reports, {row.n_sources} sources]"
        for _, line in tables["disagreements"][tables["disagreements"].unit_id == unit_id].iterrows():
            yield f"  ! {line.field}: {line.value} according to {line.source} ({line.report_id})"
        for event_id in row.event_ids.split():
            yield from _quote(event_id, events.loc[event_id], index, raw)
        yield ""


def _quote(event_id: str, event: pd.Series, index: dict, raw: Path) -> Iterator[str]:
    text = read_text(raw / "reports" / f"{event.report_id}.txt")
    sentence = " ".join(text[int(event.evidence_start) : int(event.evidence_end)].split())
    report = index[event.report_id]
    yield f"  {event.type.replace('_', ' ')}, {show_span(event.earliest, event.latest)} ({event.date_basis.replace('_', ' ')})"
    yield textwrap.fill(f'"{sentence}"', 110, initial_indent="      ", subsequent_indent="      ")
    yield f"      {report['source']}, published {report['published']}, {report['url']}  [{event_id}]"
