"""The data: nothing in it changed unseen, a rebuild gives the same bytes, tables keep what their columns promise."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.cues import read_codebook
from analysis.edtf import parse_edtf
from analysis.episodes import build_all, read_codings, read_table, save_tables

HOME = Path(__file__).parents[1]
RAW, PROCESSED = HOME / "data/raw", HOME / "data/processed"
TABLES = ["events", "events_machine", "sieges", "custodies", "deals", "terms", "disagreements"]
KEYS = {
    "events": "event_id",
    "events_machine": "event_id",
    "sieges": "siege_id",
    "custodies": "custody_id",
    "deals": "deal_id",
}
BOUNDS = {
    "events": [("earliest", "latest")],
    "sieges": [("start_earliest", "start_latest"), ("end_earliest", "end_latest")],
    "custodies": [("arrested_earliest", "arrested_latest"), ("released_earliest", "released_latest")],
    "deals": [("agreed_earliest", "agreed_latest")],
}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    save_tables(build_all(RAW), folder)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_a_rebuild_from_raw_gives_the_same_bytes(name, rebuilt):
    assert (rebuilt / f"{name}.csv").read_bytes() == (PROCESSED / f"{name}.csv").read_bytes()


def test_raw_files_are_the_ones_that_were_committed():
    listed = json.loads((HOME / "data/checksums.json").read_text())
    found = {
        p.relative_to(HOME).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(RAW.rglob("*")) if p.is_file()
    }  # fmt: skip
    assert found == listed, "data/raw changed: if on purpose, run `analysis build`, which lists it anew"


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_keys_are_unique(name, key):
    assert read_table(PROCESSED / f"{name}.csv")[key].is_unique


@pytest.mark.parametrize(("name", "pair"), [(n, p) for n, pairs in BOUNDS.items() for p in pairs])
def test_no_earliest_day_lies_after_its_latest(name, pair):
    table = read_table(PROCESSED / f"{name}.csv")
    both = table[(table[pair[0]] != "") & (table[pair[1]] != "")]
    assert len(both) > 0
    assert not (both[pair[0]] > both[pair[1]]).any()


@pytest.mark.parametrize("name", ["events", "events_machine"])
def test_events_use_only_the_codebooks_terms(name):
    codebook, events = read_codebook(), read_table(PROCESSED / f"{name}.csv")
    assert set(events.type) <= set(codebook["types"])
    assert set(events.modality) <= {m["modality"] for m in codebook["modality"]} | {"actual"}
    for column in ("actor", "target"):
        named = {a for v in events[column] for a in v.split(";") if a}
        assert named <= set(codebook["actors"]) | {"unknown"}
    assert {p for v in events.people for p in v.split(";") if p} <= set(codebook["people"])
    assert set(events.date_basis) <= {"stated", "relative", "counted", "told_on", "published"}


@pytest.mark.parametrize("name", ["events", "events_machine"])
def test_every_event_leads_back_to_characters_of_its_report(name):
    events = read_table(PROCESSED / f"{name}.csv")
    for report_id, own in events.groupby("report_id"):
        length = len((RAW / "reports" / f"{report_id}.txt").read_text(encoding="utf-8"))
        starts, ends = own.evidence_start.astype(int), own.evidence_end.astype(int)
        assert ((starts >= 0) & (starts < ends) & (ends <= length)).all(), report_id


@pytest.mark.parametrize("name", ["sieges", "custodies", "deals"])
def test_every_spell_leads_back_to_events(name):
    events = set(read_table(PROCESSED / "events.csv").event_id)
    used = {e for ids in read_table(PROCESSED / f"{name}.csv").event_ids for e in ids.split()}
    assert used and used <= events


def test_sieges_hold_durations_that_their_days_allow():
    sieges = read_table(PROCESSED / "sieges.csv")
    both = sieges[(sieges.start_earliest != "") & (sieges.end_latest != "")]
    longest = (pd.to_datetime(both.end_latest) - pd.to_datetime(both.start_earliest)).dt.days
    assert (longest == both.duration_days_max.astype(int)).all()


def test_a_coding_without_a_column_is_refused_by_name(tmp_path):
    (tmp_path / "a.csv").write_text("report_id,type\nx-1,arrest\n")
    with pytest.raises(ValueError, match=r"a\.csv: column 'event_id' is missing"):
        read_codings(tmp_path / "a.csv")


COUNTS = {
    "reports": 300, "towns": 100, "governorates": 9, "sources": 10, "leanings": 3, "second readings": 80,
    "sieges with a bounded start or end": 60, "deals": 100, "custodies": 80, "custodies with an arrest bound or a length": 80,
    "custodies with both ends bounded": 40, "episodes told by three reports of two sources": 40,
}  # fmt: skip


def test_the_corpus_holds_what_its_readme_says_and_what_it_must():
    from analysis.documents import count_corpus

    counts = dict(count_corpus(HOME / "data"))
    for name, least in COUNTS.items():
        assert counts[name] >= least, name
    readme = (HOME / "data/README.md").read_text()
    for name, count in counts.items():
        assert f"| {name} | {count} |" in readme, name


@pytest.mark.parametrize("publisher", ["sohr", "npa", "sana"])
def test_publishers_numbers_rise_with_the_bounds_of_their_days(publisher):
    anchors = read_table(RAW / "publication_anchors.csv")
    known = read_table(RAW / "reports.csv").set_index("report_id").published
    own = anchors[anchors.publisher == publisher].assign(number=lambda t: t.number.astype(int)).sort_values("number")
    days = [parse_edtf(known[r]) for r in own.report_id if known[r]]
    assert len(days) > 8
    assert all(a[0] <= b[1] for a, b in zip(days, days[1:], strict=False)), (
        "a number stands between its neighbours' days"
    )


def test_every_day_of_publication_says_how_it_is_known():
    reports = read_table(RAW / "reports.csv")
    assert set(reports.published_basis) <= {"page", "url", "text", "number", "within_14_days", "unknown"}
    assert ((reports.published == "") == (reports.published_basis == "unknown")).all()
    assert (reports.accessed > reports.published.str[-10:].where(reports.published.str.len() >= 10, "")).all()


def test_slips_of_sources_are_recorded_with_their_report():
    slips = read_table(RAW / "source_slips.csv")
    assert len(slips) and set(slips.report_id) <= set(read_table(RAW / "reports.csv").report_id)


def test_adjudicated_codings_keep_first_opinions_and_give_reasons():
    first, second, final = (read_codings(RAW / "codings" / f"{n}.csv") for n in ("a", "b", "adjudicated"))
    decided = read_table(RAW / "codings/adjudication.csv")
    assert (decided.reason != "").all() and set(decided.decision) <= {"a", "b", "keep", "drop"}
    assert set(final.event_id) <= set(first.event_id) | set(second.event_id)
    changed = set(final.report_id[~final.event_id.isin(first.event_id)])
    assert changed and changed <= set(decided.report_id) <= set(second.report_id)
