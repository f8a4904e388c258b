"""Coding a whole report: the first report of the corpus, odd texts, and the time that long ones take."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from analysis.batch import code_batch
from analysis.coding import EVENT_COLUMNS, code_report
from analysis.dates import find_dates
from analysis.reports import Report, read_text

HOME = Path(__file__).parents[1]
KANAKER = "sohr-190647"
# (types of which one will do, earliest, latest) of what our account of the report tells as facts, all at Kanaker
FACTS = [
    (("settlement", "deal_carried_out"), "", "2020-11-15"),
    (("checkpoint_removed",), "", "2020-11-15"),
    (("release",), "", "2020-10-08"),
    (("arrest",), "2020-09-19", "2020-09-19"),
    (("siege_imposed",), "", "2020-10-08"),
    (("protest",), "", "2020-10-08"),
    (("deal_agreed",), "", "2020-10-08"),
    (("siege_lifted",), "", "2020-10-08"),
    (("talks",), "", "2020-10-03"),
    (("reinforcement",), "", "2020-10-03"),
    (("deal_agreed",), "", "2020-10-03"),
    (("deal_agreed",), "", "2020-11-15"),
]
TERMS = ["evacuation", "enlistment", "raid", "deployment", "storming"]


def read_kanaker(published):
    return Report(KANAKER, "SOHR", "", published, read_text(HOME / "data/raw/reports" / f"{KANAKER}.txt"))


def list_actual(rows):
    return [(r["type"], r["earliest"], r["latest"]) for r in rows if r["modality"] == "actual" and r["place_id"] == "kanaker"]


def test_kanaker_gives_its_facts_and_at_most_one_other(gazetteer):
    left = list_actual(code_report(read_kanaker("2020-10-09/2020-11-15"), gazetteer))
    told = len(left)
    found = 0
    for kinds, earliest, latest in FACTS:
        twin = next((e for e in left if e[0] in kinds and e[1:] == (earliest, latest)), None)
        if twin:
            left.remove(twin)
            found += 1
    assert found >= 11
    assert told - found <= 1


@pytest.mark.parametrize("event_type", TERMS)
def test_terms_and_threats_at_kanaker_are_no_facts(event_type, gazetteer):
    rows = code_report(read_kanaker("2020-10-09/2020-11-15"), gazetteer)
    assert "actual" not in [r["modality"] for r in rows if r["type"] == event_type]


def test_new_checkpoints_at_kanaker_are_agreed(gazetteer):
    rows = code_report(read_kanaker("2020-10-09/2020-11-15"), gazetteer)
    assert ("2020-10-03", "actual") not in [(r["latest"], r["modality"]) for r in rows if r["type"] == "checkpoint_set_up"]


def test_no_year_is_invented_where_none_is_known(gazetteer):
    rows = code_report(read_kanaker(""), gazetteer)
    assert ("arrest", "XXXX-09-19", "XXXX-09-19") in list_actual(rows)
    assert all(not r[c] or r[c].startswith("XXXX-") for r in rows for c in ("earliest", "latest"))


ODD = {
    "empty": "", "blank": " \n\t ", "one word": "Siege", "no words": "… !!! ؟", "Arabic": "رفع الحصار عن كناكر",
    "emoji and marks": "🚨 Siege of Kanaker liftèd ﷽ 𝔖iege İstanbul ß", "only breaks": "\n\n\n", "bullets": "•\n• Arrests in Zakia\n•",
    "surrogate": "Siege \udcff of Kanaker", "digits": "1 2 3 4 5", "right to left mark": "\u200fArrests in Zakia\u200e.",
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_coded_without_a_crash(text, gazetteer):
    for row in code_report(Report("x-1", "x", "", "2020-10-09", text), gazetteer):
        assert list(row) == EVENT_COLUMNS
        assert 0 <= row["evidence_start"] < row["evidence_end"] <= len(text)


def test_report_that_fails_costs_no_other(monkeypatch):
    def find_or_fail(text, *rest):
        if "fault" in text:
            raise ValueError("no luck")
        return find_dates(text, *rest)

    reports = [Report(str(n), "x", "", "2020-10-09", t) for n, t in enumerate(("Arrests in Zakia.", "A fault.", "Arrests in Tafas."))]
    places = str(HOME / "data/raw/places.csv")
    whole = code_batch(reports, places)
    monkeypatch.setattr("analysis.passages.find_dates", find_or_fail)
    first, second, third = code_batch(reports, places)
    assert first and [first, third] == [whole[0], whole[2]]
    assert "no luck" in second.reason


LONG = {
    "one word again and again": "siege ", "no spaces": "siegelifted", "nested quotes": "\"'(", "names": "Kanaker, ",
    "sentences": "The army lifted the siege of Kanaker on October 8. ", "dates": "October 8 ", "numbers": "12 ",
}  # fmt: skip


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_work_grows_with_the_length_of_the_text_only(piece, gazetteer):
    """Calls are counted, not seconds: the clock of a busy machine fails at random; benchmarks/bench_code.py takes times."""

    def count_calls(size):
        report, calls = Report("x-1", "x", "", "2020-10-09", piece * (size // len(piece))), Counter()
        sys.setprofile(lambda frame, event, argument: calls.update([event]))
        try:
            code_report(report, gazetteer)
        finally:
            sys.setprofile(None)
        return calls["call"] + calls["c_call"]

    count_calls(2_000)
    assert count_calls(40_000) < 5 * max(count_calls(10_000), 1_000)
