"""Documents generated from the data and the codebook: codebook page, data package, counts, checksums of raw files."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pandas as pd

from analysis.cues import read_codebook
from analysis.episodes import read_table

COLUMNS = Path(__file__).with_name("columns.toml")
FILES = {
    "reports": "raw/reports.csv", "sources": "raw/sources.csv", "places": "raw/places.csv", "events": "processed/events.csv",
    "sieges": "processed/sieges.csv", "custodies": "processed/custodies.csv", "deals": "processed/deals.csv",
    "terms": "processed/terms.csv", "disagreements": "processed/disagreements.csv",
}  # fmt: skip
WHOLE_NUMBERS = re.compile(r"^(n_|count_|evidence_|duration_days|start_width|days_to)")
MARKS = ("<!-- counts: written by `analysis build` -->", "<!-- end of counts -->")


def read_columns() -> dict[str, dict]:
    """Read what one row and each column of every table is."""
    return tomllib.loads(COLUMNS.read_text(encoding="utf-8"))


def count_corpus(data: Path) -> list[tuple[str, int]]:
    """Count what the corpus holds, from its files: (what, how many)."""
    tables = {name: read_table(data / file) for name, file in FILES.items()}
    sieges, custodies, events = tables["sieges"], tables["custodies"], tables["events"]
    places = tables["places"].set_index("place_id")
    named = places.loc[sorted(set(events.place_id) - {""})]
    second = data / "raw/codings/b.csv"
    many = sum(
        int(((t.n_reports.astype(int) >= 3) & (t.n_sources.astype(int) >= 2)).sum())
        for t in (sieges, custodies, tables["deals"])
    )
    bounded = custodies.arrested_earliest != ""
    lengths = custodies.duration_days_min.map(lambda d: d not in ("", "0"))
    return [
        ("reports", len(tables["reports"])), ("sources", tables["reports"].source.nunique()),
        ("leanings", tables["sources"].source_lean.nunique()), ("towns", int((~named.kind.isin(["governorate", "countryside", "district"])).sum())),
        ("governorates", named.admin1.nunique()), ("events", len(events)),
        ("second readings", read_table(second).report_id.nunique() if second.exists() else 0),
        ("sieges", len(sieges)), ("sieges with a bounded start or end", int(((sieges.start_earliest != "") | (sieges.end_latest != "")).sum())),
        ("custodies", len(custodies)), ("custodies with an arrest bound or a length", int((bounded | lengths).sum())),
        ("custodies with both ends bounded", int(((custodies.arrested_latest != "") & (custodies.released_latest != "")).sum())),
        ("deals", len(tables["deals"])), ("terms", len(tables["terms"])),
        ("episodes told by three reports of two sources", many),
        ("undatable reports", int((tables["reports"].published == "").sum())), *count_lags(tables["reports"], events),
    ]  # fmt: skip


def count_lags(reports: pd.DataFrame, events: pd.DataFrame) -> list[tuple[str, int]]:
    """Count how often the assumption `within_14_days` holds among reports whose day of publication is known."""
    dated = reports[reports.published_basis.isin(["page", "url", "text"]) & (reports.published.str.len() == 10)]
    stated = events[(events.date_basis == "stated") & (events.earliest != "") & ~events.latest.str.startswith("X")]
    last = stated[stated.report_id.isin(dated.report_id)].groupby("report_id").latest.max()
    published = dated.set_index("report_id").published.loc[last.index]
    days = (pd.to_datetime(published) - pd.to_datetime(last)).dt.days
    return [
        ("dated reports that state a day", len(days)),
        ("of these, published within 14 days of it", int((days <= 14).sum())),
    ]


def write_counts(data: Path) -> None:
    """Write the counts between their marks in ``data/README.md``."""
    path = data / "README.md"
    text = path.read_text(encoding="utf-8")
    rows = "\n".join(f"| {name} | {count} |" for name, count in count_corpus(data))
    block = f"{MARKS[0]}\n| what | how many |\n|---|---|\n{rows}\n{MARKS[1]}"
    path.write_text(
        re.sub(re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]), lambda _: block, text, flags=re.S), encoding="utf-8"
    )


def write_codebook_page(data: Path) -> None:
    """Write ``data/codebook.md``: types, modalities, people, actors, and the columns of every table."""
    codebook = read_codebook()
    lines = [
        "# Codebook",
        "",
        f"Version {codebook['version']}. Generated from `src/analysis/codebook.toml` and `columns.toml`.",
        "",
        "## Event types",
        "",
        "| type | record when | not when |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {t['definition']} | {t.get('not_when', '')} |" for name, t in codebook["types"].items()]
    modalities = dict.fromkeys(["actual", *(m["modality"] for m in codebook["modality"])])
    for title, terms in (
        ("Modality", modalities),
        ("Actors and targets", codebook["actors"]),
        ("People", codebook["people"]),
    ):
        lines += ["", f"## {title}", "", ", ".join(f"`{t}`" for t in terms)]
    for name, table in read_columns().items():
        lines += ["", f"## Table `{name}`", "", f"One row: {table['row']}.", "", "| column | holds |", "|---|---|"]
        lines += [f"| `{c}` | {what} |" for c, what in table["columns"].items()]
    (data / "codebook.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_datapackage(data: Path) -> None:
    """Write ``data/datapackage.json`` (Frictionless): each table's file, fields, missing values and source."""
    resources = []
    for name, file in FILES.items():
        described = read_columns()[name]["columns"]
        fields = [
            {
                "name": c,
                "type": "integer" if WHOLE_NUMBERS.match(c) else "number" if c in ("lat", "lon") else "string",
                "description": described[c],
            }
            for c in read_table(data / file).columns
        ]
        resources.append({"name": name, "path": file, "profile": "tabular-data-resource", "format": "csv", "encoding": "utf-8",
                          "description": f"One row: {read_columns()[name]['row']}.", "schema": {"fields": fields, "missingValues": [""]}})  # fmt: skip
    package = {"profile": "tabular-data-package", "name": "syria-reconciliation-reports", "title": "Sieges, custodies and local deals in Syria, as told by reports",
               "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}], "resources": resources}  # fmt: skip
    (data / "datapackage.json").write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_checksums(data: Path) -> None:
    """List the SHA-256 of every raw file in ``data/checksums.json``: a change in ``data/raw`` shows in a diff."""
    raw = data / "raw"
    sums = {
        p.relative_to(data.parent).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(raw.rglob("*"))
        if p.is_file()
    }
    (data / "checksums.json").write_text(json.dumps(sums, indent=0) + "\n", encoding="utf-8")


def write_documents(data: Path) -> None:
    """Write all of them."""
    write_counts(data)
    write_codebook_page(data)
    write_datapackage(data)
    write_checksums(data)
