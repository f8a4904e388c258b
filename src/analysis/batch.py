"""Code many reports as a stream: on one core, on several, or on a Dask cluster; the same rows, in the same order."""

from __future__ import annotations

import csv
import gc
import json
import os
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from operator import itemgetter
from pathlib import Path

from analysis.coding import EVENT_COLUMNS, code_report, code_reports
from analysis.places import Gazetteer, read_places
from analysis.reports import Reject, Report

BATCH_SIZE = 250
CHARACTERS = 1_000_000  # of texts that are read together
NUMBER_COLUMNS = ("count_min", "count_max", "evidence_start", "evidence_end")
_list_values = itemgetter(*EVENT_COLUMNS)
_gazetteers: dict[str, Gazetteer] = {}

Coded = list[list[dict] | Reject]


def load_gazetteer(path: str) -> Gazetteer:
    """Read a gazetteer once a process."""
    if path not in _gazetteers:
        _gazetteers[path] = read_places(Path(path))
    return _gazetteers[path]


def code_batch(records: list[Report | Reject], places: str) -> Coded:
    """Code a batch: for each record its rows, or the reason why there are none. One bad report loses no other."""
    gazetteer = load_gazetteer(places)
    coded: Coded = []
    gc.disable()  # the words of a batch are many and none is garbage before it is coded
    try:
        for part in _split_texts(records):
            reports = [r for r in part if isinstance(r, Report)]
            try:
                rows = iter(code_reports(reports, gazetteer))
            except Exception:  # a fault of the coder must cost one report: the others are coded without it
                rows = (_code_alone(r, gazetteer) for r in reports)
            coded += [next(rows) if isinstance(r, Report) else r for r in part]
    finally:
        gc.enable()
    return coded


def _code_alone(report: Report, gazetteer: Gazetteer) -> list[dict] | Reject:
    try:
        return code_report(report, gazetteer)
    except Exception as error:
        reason = f"the coder failed on this text ({type(error).__name__}: {error}); please report it"
        return Reject(report.report_id, "", reason)


def _split_texts(records: list[Report | Reject]) -> Iterator[list[Report | Reject]]:
    """Split a batch so that its parts hold one long text or few: a bound on what is read at once."""
    part, size = [], 0
    for record in records:
        length = len(record.text) if isinstance(record, Report) else 0
        if part and size + length > CHARACTERS:
            yield part
            part, size = [], 0
        part.append(record)
        size += length
    if part:
        yield part


def split_batches(records: Iterable, size: int = BATCH_SIZE) -> Iterator[list]:
    """Split a stream into lists of at most ``size`` records."""
    stream = iter(records)
    while batch := list(islice(stream, size)):
        yield batch


def code_stream(records: Iterable[Report | Reject], places: str, jobs: int = 1) -> Iterator[Coded]:
    """Code a stream of reports batch by batch, in order; only a few batches are in memory at a time."""
    batches = split_batches(records)
    first = list(islice(batches, 2))
    if jobs < 2 or len(first) < 2:
        for batch in first:
            yield code_batch(batch, places)
        for batch in batches:
            yield code_batch(batch, places)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from _keep_order(pool.submit, (b for part in (first, batches) for b in part), places, 2 * jobs + 1)


def code_on_cluster(records: Iterable[Report | Reject], places: str, scheduler: str) -> Iterator[Coded]:
    """Code a stream on the Dask cluster at ``scheduler``; a batch whose worker is lost is coded again elsewhere."""
    from distributed import Client

    with Client(scheduler) as client:
        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        rows = Path(places).read_text(encoding="utf-8")

        def submit(work, batch, _):
            return client.submit(_code_with_rows, batch, rows, pure=False, retries=3)

        yield from _keep_order(submit, split_batches(records), places, 4 * workers)


def _code_with_rows(batch: list, rows: str) -> Coded:
    """Code a batch on a worker that has no file of ours: the gazetteer travels as text."""
    key = str(hash(rows))
    if key not in _gazetteers:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
            file.write(rows)
            file.flush()
            _gazetteers[key] = read_places(Path(file.name))
    return code_batch(batch, key)


def _keep_order(submit, batches: Iterable[list], places: str, width: int) -> Iterator[Coded]:
    waiting: deque = deque()
    for batch in batches:
        waiting.append(submit(code_batch, batch, places))
        if len(waiting) >= width:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class EventWriter:
    """Write event rows to CSV, JSONL or Parquet, by the file's ending; the file appears only when all is written."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in (".csv", ".jsonl", ".parquet"):
            raise ValueError(f"{path}: ending {path.suffix!r} is none of .csv, .jsonl, .parquet; choose one of these")
        self.path = path
        self.kind = path.suffix.lower()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.beside = path.with_name(f".{path.name}.{os.getpid()}")
        self.file = None
        self.table = None

    def __enter__(self) -> EventWriter:
        if self.kind == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet

            self.schema = pa.schema([(c, pa.int64() if c in NUMBER_COLUMNS else pa.string()) for c in EVENT_COLUMNS])
            self.table = pyarrow.parquet.ParquetWriter(self.beside, self.schema)
            return self
        self.file = open(self.beside, "w", encoding="utf-8", newline="")
        if self.kind == ".csv":
            self.rows = csv.writer(self.file, lineterminator="\n")
            self.rows.writerow(EVENT_COLUMNS)
        return self

    def write(self, rows: list[dict]) -> None:
        """Write rows; blanks are null in JSONL and Parquet."""
        if self.kind == ".csv":
            self.rows.writerows(map(_list_values, rows))
        elif self.kind == ".jsonl":
            for row in rows:
                record = {c: None if row[c] == "" else row[c] for c in EVENT_COLUMNS}
                self.file.write(json.dumps(record, ensure_ascii=False) + "\n")
        elif rows:
            import pyarrow as pa

            columns = {c: [None if row[c] == "" else row[c] for row in rows] for c in EVENT_COLUMNS}
            self.table.write_table(pa.table(columns, schema=self.schema))

    def __exit__(self, kind, error, trace) -> None:
        for handle in (self.file, self.table):
            if handle is not None:
                handle.close()
        if kind is None:
            os.replace(self.beside, self.path)
        else:
            self.beside.unlink(missing_ok=True)


def save_rejects(rejects: list[Reject], path: Path) -> None:
    """Write the records that could not be coded: report_id, where, reason; remove the file of an earlier run if none."""
    if not rejects:
        path.unlink(missing_ok=True)
        return
    with open(path, "w", encoding="utf-8", newline="", errors="replace") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["report_id", "where", "reason"])
        rows.writerows(rejects)
