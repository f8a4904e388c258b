"""Raw data -> processed tables: events of all reports, and the sieges, custodies and deals that they make up."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pandas as pd

from analysis.batch import code_stream
from analysis.bounds import read_days
from analysis.coding import EVENT_COLUMNS
from analysis.custodies import build_custodies
from analysis.deals import build_deals
from analysis.edtf import parse_edtf
from analysis.places import Gazetteer, read_places
from analysis.reports import Reject, Report, read_corpus, read_index
from analysis.sieges import GAP_DAYS, build_sieges

CODING_COLUMNS = [c for c in EVENT_COLUMNS if c not in ("place_name", "rule")] + ["note"]
DISAGREEMENT_COLUMNS = ["unit_id", "field", "value", "source", "report_id", "event_id"]


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV of the project: every cell as text, blanks as empty strings."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_codings(path: Path) -> pd.DataFrame:
    """Read hand codings, one row an event, columns ``CODING_COLUMNS``.

    Raises
    ------
    ValueError
        Names the file and the column that is missing.
    """
    table = read_table(path)
    for column in CODING_COLUMNS:
        if column not in table.columns:
            raise ValueError(f"{path}: column {column!r} is missing from the header; see the codebook for its meaning")
    return table


def code_corpus(reports: list[Report], places: Path, watch: Callable = iter) -> pd.DataFrame:
    """Code every report by machine, on all cores: one row an event, columns ``EVENT_COLUMNS`` as text.

    Raises
    ------
    ValueError
        Names a report on which the coder failed, and why.
    """
    rows = []
    for coded in chain.from_iterable(code_stream(watch(reports), str(places), os.cpu_count() or 1)):
        if isinstance(coded, Reject):
            raise ValueError(f"{coded.report_id}: {coded.reason}")
        rows += coded
    return pd.DataFrame(rows, columns=EVENT_COLUMNS, dtype=object).astype(str)


def choose_codings(machine: pd.DataFrame, hand: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Take the hand coding of each report that has one, the machine's of the others; ``coder`` tells which."""
    hand = hand.assign(
        place_name=hand.place_id.map(lambda i: gazetteer.places[i].name if i else ""), rule="hand", coder="hand"
    )
    machine = machine[~machine.report_id.isin(hand.report_id)].assign(coder="machine")
    both = pd.concat([hand, machine])[[*EVENT_COLUMNS, "coder"]]
    return both.sort_values(["report_id", "event_id"], ignore_index=True)


def build_episodes(
    events: pd.DataFrame, index: pd.DataFrame, gazetteer: Gazetteer, gap_days: int = GAP_DAYS
) -> dict[str, pd.DataFrame]:
    """Link events into sieges, custodies, deals, terms and the disagreements of their sources.

    Parameters
    ----------
    events : DataFrame
        One row an event, columns ``EVENT_COLUMNS``, all text.
    index : DataFrame
        One row a report: report_id, source.
    """
    source = index.set_index("report_id").source
    told = read_days(events)
    told = told.assign(
        source=told.report_id.map(source).fillna(""),
        kind=told.place_id.map(lambda i: gazetteer.places[i].kind if i else ""),
        admin1=told.place_id.map(lambda i: gazetteer.places[i].admin1 if i else ""),
    )
    sieges, siege_conflicts = build_sieges(told, gap_days)
    custodies, custody_conflicts = build_custodies(told)
    deals, terms, deal_conflicts = build_deals(told)
    told_apart = [c for c in (siege_conflicts, custody_conflicts, deal_conflicts) if len(c)]
    conflicts = pd.concat(told_apart or [siege_conflicts]).reindex(columns=DISAGREEMENT_COLUMNS)
    return {"sieges": sieges, "custodies": custodies, "deals": deals, "terms": terms, "disagreements": conflicts}


def build_all(raw: Path, watch: Callable = iter) -> dict[str, pd.DataFrame]:
    """Build every processed table from the raw data."""
    gazetteer = read_places(raw / "places.csv")
    reports = read_corpus(raw)
    index = pd.DataFrame(read_index(raw / "reports.csv").values())
    machine = code_corpus(reports, raw / "places.csv", watch)
    chosen = raw / "codings" / "adjudicated.csv"
    hand = read_codings(chosen if chosen.exists() else raw / "codings" / "a.csv")
    events = choose_codings(machine, hand, gazetteer)
    return {"events_machine": machine, "events": events, **build_episodes(events, index, gazetteer)}


def save_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write every table as CSV, all or none: each goes to a file beside its place first."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        for name, table in tables.items():
            table.to_csv(Path(beside) / f"{name}.csv", index=False, lineterminator="\n")
        for name in tables:
            os.replace(Path(beside) / f"{name}.csv", folder / f"{name}.csv")


def read_spells(path: Path) -> pd.DataFrame:
    """Read sieges or custodies for estimation: one row a spell, durations in days as numbers.

    Returns
    -------
    DataFrame
        ``duration_days_max`` is infinite where no end, or no beginning, is bounded; ``start_width_days`` is missing
        where the beginning has no first day; ``is_censored`` is True where no end was told of. ``says_something`` is
        False for a spell whose bounds allow every duration. ``outer_days_min`` is the first day of the end less the
        last of the beginning: ``duration_days_min`` without its cut at 0, below 0 by as many days as the two windows
        overlap, missing where one of these days is open. It is for likelihoods that average over the beginning.
    """
    table = read_table(path)
    days = ("end_earliest", "start_latest") if "end_earliest" in table else ("released_earliest", "arrested_latest")
    end, start = (_read_ordinals(table[name]) for name in days)
    low, high, width = (
        pd.to_numeric(table[name].replace("", None))
        for name in ("duration_days_min", "duration_days_max", "start_width_days")
    )
    return table.assign(
        duration_days_min=low.fillna(0.0).astype(float),
        duration_days_max=high.fillna(float("inf")).astype(float),
        outer_days_min=end - start,
        start_width_days=width,
        is_censored=table.is_censored == "True",
        says_something=(low > 0) | high.notna(),
        n_sources=table.n_sources.astype(int),
        n_reports=table.n_reports.astype(int),
    )


def _read_ordinals(days: pd.Series) -> pd.Series:
    """Return days in EDTF as numbers (ordinal), missing where open."""
    return days.map(lambda text: parse_edtf(text)[0] if text else None).astype(float)
