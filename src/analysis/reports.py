"""Read reports: one text each, with its id, source, address and day of publication. What cannot be read is named."""

from __future__ import annotations

import csv
import html.parser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.edtf import parse_edtf

TEXT_ENDINGS = (".txt", ".html", ".htm")
_NO_UTF8 = re.compile("[\udc80-\udcff]")  # how Python keeps bytes that are not UTF-8
TABLE_ENDINGS = (".csv", ".jsonl", ".parquet")


class Report(NamedTuple):
    """One published item: ``published`` is EDTF (a day, or an interval where the page bears no date) or empty."""

    report_id: str
    source: str
    url: str
    published: str
    text: str


class Reject(NamedTuple):
    """One record that could not be read: the file and row (or report) it came from, and the reason."""

    report_id: str
    place: str
    reason: str


class _PageText(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs) -> None:
        self.hidden += tag in ("script", "style", "noscript", "template")
        if tag in ("p", "br", "div", "li", "h1", "h2", "h3", "h4", "tr", "title", "article", "section", "blockquote"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in ("script", "style", "noscript", "template")))
        if tag in ("p", "div", "li", "h1", "h2", "h3", "h4", "tr", "title"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def clean_html(page: str) -> str:
    """Reduce a web page to its text, a line a block; evidence offsets count in this text."""
    parser = _PageText()
    parser.feed(page)
    parser.close()
    text = re.sub(r"[ \t\xa0]+", " ", "".join(parser.parts))
    return re.sub(r"\s*\n\s*", "\n\n", text).strip() + "\n"


def check_report(report: Report, place: str, seen: set[str] | None = None) -> Report | Reject:
    """Return the report, or the reason why it cannot be coded."""
    reason = None
    if not report.report_id.strip():
        reason = "report_id is empty; give every report an id"
    elif seen is not None and report.report_id in seen:
        reason = f"report_id {report.report_id!r} stands twice; the first one was coded, give this one an id of its own"
    elif not report.text.strip():
        reason = "text is empty; give the report's text or leave the row out"
    elif "\x00" in report.text:
        reason = "text holds NUL bytes: a binary file, not a text; save it as UTF-8 text"
    else:
        try:
            if report.published.strip():
                parse_edtf(report.published)
        except ValueError as error:
            reason = f"published: {error}"
    if reason:
        return Reject(report.report_id, place, reason)
    if seen is not None:
        seen.add(report.report_id)
    return report


def read_text(path: Path) -> str:
    """Read a UTF-8 text or HTML file; raises ValueError that says what is wrong with its bytes."""
    data = path.read_bytes()
    if b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("a binary file, not a text; save it as UTF-8 text")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8; save the file as UTF-8 text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return clean_html(text) if path.suffix.lower() in (".html", ".htm") else text


def read_index(path: Path) -> dict[str, dict[str, str]]:
    """Read an index CSV (a row a report) into a dictionary by report_id.

    Raises
    ------
    ValueError
        Names file, row and column of what is missing, repeated or no EDTF date.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "report_id" not in (reader.fieldnames or []):
            raise ValueError(f"{path}: column 'report_id' is missing from the header; add it")
        rows: dict[str, dict[str, str]] = {}
        for number, row in enumerate(reader, 2):
            if row["report_id"] in rows:
                raise ValueError(f"{path}, row {number}: report_id {row['report_id']!r} stands twice")
            try:
                if (row.get("published") or "").strip():
                    parse_edtf(row["published"])
            except ValueError as error:
                raise ValueError(f"{path}, row {number}, column published: {error}") from None
            rows[row["report_id"]] = row
    return rows


def read_corpus(folder: Path) -> list[Report]:
    """Read the corpus: ``reports.csv`` and ``reports/<report_id>.txt`` under ``folder``, in the index's order."""
    reports = []
    for report_id, row in read_index(folder / "reports.csv").items():
        path = folder / "reports" / f"{report_id}.txt"
        if not path.exists():
            raise ValueError(f"{folder / 'reports.csv'}: {report_id} has no text; expected {path}")
        reports.append(Report(report_id, row["source"], row["url"], row["published"], read_text(path)))
    return reports


def iterate_input(path: Path, published: str = "", index: Path | None = None) -> Iterator[Report | Reject]:
    """Yield the reports of a folder of texts, one text file, or a table, one by one; rejects in between.

    A table (CSV, JSONL, Parquet) has the columns report_id, source, url, published, text; a folder may have an index
    CSV with the first four. ``published`` stands in where a record has none.
    """
    seen: set[str] = set()
    if path.is_dir():
        records = _iterate_folder(path, index)
    elif path.suffix.lower() in TABLE_ENDINGS:
        records = {".csv": _iterate_csv, ".jsonl": _iterate_jsonl, ".parquet": _iterate_parquet}[path.suffix.lower()](
            path
        )
    else:
        records = _iterate_files([path], {})
    for place, record in records:
        if isinstance(record, Reject):
            yield record
            continue
        values = ["" if record.get(c) is None else str(record[c]) for c in Report._fields]
        report = Report(*values)
        yield check_report(report._replace(published=report.published or published), place, seen)


def _iterate_folder(path: Path, index: Path | None):
    rows = {}
    if index is None:
        found = sorted(path.glob("*.csv"))
        index = found[0] if len(found) == 1 else None
    if index is not None:
        rows = read_index(index)
    files = sorted(p for p in path.rglob("*") if p.is_file() and p != index and not p.name.startswith("."))
    yield from _iterate_files(files, rows)
    for missing in sorted(set(rows) - {p.stem for p in files}):
        yield str(index), Reject(missing, str(index), "in the index, but no text file bears this name")


def _iterate_files(files: list[Path], rows: dict):
    for file in files:
        if file.suffix.lower() not in TEXT_ENDINGS:
            yield (
                str(file),
                Reject(file.stem, str(file), f"ending {file.suffix!r} is none of {', '.join(TEXT_ENDINGS)}"),
            )
            continue
        try:
            text = read_text(file)
        except (ValueError, OSError) as error:
            yield str(file), Reject(file.stem, str(file), str(error))
            continue
        yield str(file), {"report_id": file.stem, **rows.get(file.stem, {}), "text": text}


def _iterate_csv(path: Path):
    csv.field_size_limit(2**31 - 1)
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.DictReader(line.replace("\x00", "\ufffd") for line in file)
        _need_columns(path, reader.fieldnames or [])
        for number, row in enumerate(reader, 2):
            yield f"{path}, row {number}", _check_encoding(row, f"{path}, row {number}")


def _iterate_jsonl(path: Path):
    with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            place = f"{path}, line {number}"
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                yield place, Reject("", place, f"no JSON ({error}); write one object a line")
                continue
            if not isinstance(row, dict) or "report_id" not in row or "text" not in row:
                yield place, Reject("", place, "an object with report_id and text is needed")
                continue
            yield place, _check_encoding(row, place)


def _iterate_parquet(path: Path):
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    _need_columns(path, file.schema_arrow.names)
    number = 0
    for batch in file.iter_batches(batch_size=1000):
        for row in batch.to_pylist():
            number += 1
            yield f"{path}, row {number}", row


def _need_columns(path: Path, names) -> None:
    for column in ("report_id", "text"):
        if column not in names:
            raise ValueError(f"{path}: column {column!r} is missing from the header; report_id and text are needed")


def _check_encoding(row: dict, place: str) -> dict | Reject:
    for column, value in row.items():
        if isinstance(value, str) and not value.isascii() and _NO_UTF8.search(value):
            return Reject(
                str(row.get("report_id", "")), place, f"column {column}: bytes that are not UTF-8; save as UTF-8"
            )
        if isinstance(value, str) and "\ufffd" in value and column != "text":
            return Reject(str(row.get("report_id", "")), place, f"column {column}: a NUL byte or a broken character")
    return row
