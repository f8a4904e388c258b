"""The commands: ``analysis build | code | place | trace | agree``. Each is thin; what it calls does the work."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

EXIT_OK, EXIT_BAD_INPUT, EXIT_SOME_REJECTED = 0, 2, 3
HOME = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 2 input that cannot be used, 3 some records were rejected."""
    options = _build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except (ValueError, FileNotFoundError, IsADirectoryError) as error:
        print(f"analysis {options.command}: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="analysis", description="Code reports on local deals in Syria and link them.")
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser(
        "build", help="raw data to processed tables", description="Rebuild data/processed from data/raw."
    )
    build.add_argument("--raw", type=Path, default=HOME / "data/raw", help="folder of the raw data")
    build.add_argument("--out", type=Path, default=HOME / "data/processed", help="folder of the processed tables")
    build.set_defaults(run=run_build)

    code = commands.add_parser("code", help="code your own reports", description=(
        "Code reports into events. INPUT is a folder of .txt/.html files (with an index CSV of report_id, source, url, "
        "published if there is one), one such file, or a table (.csv, .jsonl, .parquet) with report_id and text. "
        "Exit code 0: all coded; 3: some records were rejected, see FILE's .rejects.csv; 2: nothing could be used."))  # fmt: skip
    code.add_argument("input", type=Path, metavar="INPUT")
    code.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="events; the ending picks CSV, JSONL or Parquet"
    )
    code.add_argument(
        "--published",
        default="",
        metavar="EDTF",
        help="day of publication of reports that have none, e.g. 2020-10-09/2020-11-15",
    )
    code.add_argument("--index", type=Path, help="index CSV of a folder (default: the only CSV in it)")
    code.add_argument("--places", type=Path, default=HOME / "data/raw/places.csv", help="gazetteer")
    code.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    code.add_argument("--scheduler", metavar="ADDRESS", help="code on the Dask cluster at this address instead")
    code.set_defaults(run=run_code)

    place = commands.add_parser("place", help="look names up in the gazetteer", description=(
        "One line a name: name as given, place_id, standard name, governorate (tab-separated; empty where unknown)."))  # fmt: skip
    place.add_argument("names", nargs="+", metavar="NAME")
    place.add_argument("--places", type=Path, default=HOME / "data/raw/places.csv", help="gazetteer")
    place.set_defaults(run=run_place)

    trace = commands.add_parser("trace", help="a town's story with its sentences", description=(
        "Tell a town's sieges, custodies and deals with their bounds, and under each the sentences that say so."))  # fmt: skip
    trace.add_argument("place", metavar="PLACE")
    trace.add_argument("--raw", type=Path, default=HOME / "data/raw", help="folder of the raw data")
    trace.add_argument("--processed", type=Path, default=HOME / "data/processed", help="folder of the processed tables")
    trace.set_defaults(run=run_trace)

    agree = commands.add_parser("agree", help="coding against coding", description=(
        "Compare two codings (CSV) on the reports that both have: event F1 with and without dates, and alpha."))  # fmt: skip
    agree.add_argument("one", type=Path, metavar="A")
    agree.add_argument("other", type=Path, metavar="B")
    agree.add_argument("--index", type=Path, default=HOME / "data/raw/reports.csv", help="index of the reports")
    agree.add_argument("--by", choices=["type", "modality"], help="a row a type or modality")
    agree.set_defaults(run=run_agree)
    return parser


def _watch(stream, **options):
    """Show a progress bar on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    return tqdm(stream, disable=not sys.stderr.isatty(), leave=False, **options)


def run_build(options: argparse.Namespace) -> int:
    """Rebuild every processed table."""
    from analysis.documents import write_documents
    from analysis.episodes import build_all, save_tables

    tables = build_all(options.raw, _watch)
    save_tables(tables, options.out)
    data = options.out.parent
    if options.raw == data / "raw" and (data / "README.md").exists():
        write_documents(data)
    for name, table in tables.items():
        print(f"{name}\t{len(table)} rows")
    return EXIT_OK


def run_code(options: argparse.Namespace) -> int:
    """Code reports as a stream; what cannot be coded is named in the rejects file."""
    from analysis.batch import EventWriter, code_on_cluster, code_stream, save_rejects
    from analysis.edtf import parse_edtf
    from analysis.reports import Reject, iterate_input

    if not options.input.exists():
        raise FileNotFoundError(f"{options.input} does not exist")
    if options.published:
        parse_edtf(options.published)
    records = _watch(iterate_input(options.input, options.published, options.index), unit=" reports")
    undated: list[str] = []
    counted = _note_undated(records, undated)
    coded = (code_on_cluster(counted, str(options.places), options.scheduler) if options.scheduler
             else code_stream(counted, str(options.places), options.jobs))  # fmt: skip
    rejects, events, reports = [], 0, 0
    with EventWriter(options.out) as writer:
        for batch in coded:
            for rows in batch:
                if isinstance(rows, Reject):
                    rejects.append(rows)
                    continue
                writer.write(rows)
                events, reports = events + len(rows), reports + 1
    save_rejects(rejects, options.out.with_suffix(".rejects.csv"))
    _report(options, reports, events, rejects, undated)
    return EXIT_SOME_REJECTED if rejects else EXIT_OK


def _note_undated(records, undated: list[str]):
    for record in records:
        if not isinstance(record, tuple) or getattr(record, "published", "x") == "":
            undated.append(record.report_id)
        yield record


def _report(options: argparse.Namespace, reports: int, events: int, rejects: list, undated: list[str]) -> None:
    print(f"{reports} reports, {events} events: {options.out}", file=sys.stderr)
    if undated:
        names = ", ".join(undated[:5]) + (" …" if len(undated) > 5 else "")
        print(f"no day of publication for {len(undated)} reports ({names}): their events keep day and month (XXXX-10-08), "
              "no year is invented; give --published or an index to date them", file=sys.stderr)  # fmt: skip
    if rejects:
        print(f"{len(rejects)} records were not coded: {options.out.with_suffix('.rejects.csv')}", file=sys.stderr)


def run_place(options: argparse.Namespace) -> int:
    """Look names up; suggestions for unknown ones go to the error stream, for a person to judge."""
    from analysis.places import read_places

    gazetteer = read_places(options.places)
    for name in options.names:
        found = [gazetteer.places[i] for i in gazetteer.find_name(name)]
        for place in found:
            print(name, place.place_id, place.name, place.admin1, sep="\t")
        if not found:
            print(name, "", "", "", sep="\t")
            alike = gazetteer.suggest_names(name)
            if alike:
                print(f"{name}: not in the gazetteer; spelled alike: {', '.join(alike)}", file=sys.stderr)
    return EXIT_OK


def run_trace(options: argparse.Namespace) -> int:
    """Print a town's story."""
    from analysis.places import read_places
    from analysis.story import tell_story

    gazetteer = read_places(options.raw / "places.csv")
    ids = [options.place] if options.place in gazetteer.places else gazetteer.find_name(options.place)
    if not ids:
        alike = ", ".join(gazetteer.suggest_names(options.place)) or "none"
        raise ValueError(f"{options.place!r} is not in the gazetteer; spelled alike: {alike}")
    told = False
    for place_id in ids:
        place = gazetteer.places[place_id]
        lines = list(tell_story(place_id, options.raw, options.processed))
        told = told or bool(lines)
        print(f"{place.name} ({place.admin1})\n" + "\n".join(lines or ["nothing told of it in the corpus"]))
    return EXIT_OK


def run_agree(options: argparse.Namespace) -> int:
    """Print agreement between two codings."""
    from analysis.agreement import compare_codings, table_agreement, table_alpha
    from analysis.episodes import read_table
    from analysis.reports import read_index

    one, other = read_table(options.one), read_table(options.other)
    matches, one, other = compare_codings(one, other, read_index(options.index))
    if matches.empty:
        raise ValueError(f"{options.one} and {options.other} have no report in common")
    print(table_agreement(matches, options.by).round(3).to_string(index=False))
    if not options.by:
        print(table_alpha(one, other).round(3).to_string(index=False))
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
