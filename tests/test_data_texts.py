"""The stored texts, the index, the hand codings and the gazetteer agree; no person's name, no copied run of words."""

import csv
import itertools
from pathlib import Path

import pytest

from analysis.guard import build_known, find_near_duplicates, list_runs, list_unknown_names, read_names
from analysis.places import WORD, read_places

ROOT = Path(__file__).parents[1]
RAW, SHARED = ROOT / "data" / "raw", ROOT.parent / "shared"
REPORTS = sorted((RAW / "reports").glob("*.txt"))


def read_rows(path):
    """Return the rows of a CSV as dictionaries."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_shared(name):
    """Return a text that lies beside the project, or skip where it does not."""
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not beside the project")
    return (SHARED / name).read_text(encoding="utf-8")


def reduce_address(address):
    """Return an address without its scheme, ``www.`` and closing slash, so that forms of one page are equal."""
    return address.split("://")[-1].removeprefix("www.").replace("?p=", "").rstrip("/").lower()


@pytest.fixture(scope="module")
def texts():
    return {path.stem: path.read_text(encoding="utf-8") for path in REPORTS}


@pytest.fixture(scope="module")
def gazetteer():
    return read_places(RAW / "places.csv")


@pytest.fixture(scope="module")
def known(texts):
    return build_known(read_names(RAW / "names.csv"), texts.values())


@pytest.fixture(scope="module")
def codings():
    return [row for path in sorted((RAW / "codings").glob("*.csv")) for row in read_rows(path)]


@pytest.fixture(scope="module")
def spans(codings):
    return [row for row in codings if "evidence_start" in row]  # the table of decisions quotes events, not texts


# --- names ------------------------------------------------------------------------------------------------------


def test_every_capitalised_name_is_a_place_or_listed(texts, gazetteer, known):
    unknown = {i: names for i, text in texts.items() if (names := list_unknown_names(text, gazetteer, known))}
    assert not unknown, f"not in places.csv or names.csv, or a person: {unknown}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The commander Walid Hamdoun said so in Kanaker.", ["Walid Hamdoun"]),
        ("Hamdoun left Daraa al-Balad on Monday.", ["Hamdoun"]),
        ("men of Yaser al-Hamdoun's group", ["Yaser al-Hamdoun's"]),
        ("Regime forces, he said, met Walid and Yaser of Tafas.", ["Walid and Yaser"]),
        ("Kanaker's notables met the 4th Division in Old Homs in May.", []),
    ],
    ids=["a full name", "a surname opening a sentence", "a name with article", "two names", "no person"],
)
def test_persons_are_found_and_bodies_are_not(text, names, gazetteer, known):
    assert list_unknown_names(text, gazetteer, known) == names


def test_listed_names_stand_once_and_have_a_kind():
    names = read_names(RAW / "names.csv")
    assert len(names) == len(set(names))


def test_a_name_without_kind_is_refused(tmp_path):
    (tmp_path / "names.csv").write_text("name,kind\nNorth Press,paper\n")
    with pytest.raises(ValueError, match="names.csv, row 2: .*North Press"):
        read_names(tmp_path / "names.csv")


# --- copies -----------------------------------------------------------------------------------------------------


def test_near_duplicates_are_marked(texts):
    marked = {frozenset((row["report_id"], row["same_as"])) for row in read_rows(RAW / "duplicates.csv")}
    found = find_near_duplicates(texts)
    assert [pair for pair in found if frozenset(pair) not in marked] == []


def test_near_duplicates_are_found():
    text = "regime forces closed every road out of the town and let nobody pass for three weeks in a row"
    assert find_near_duplicates({"a": text, "b": text + " again", "c": text[::-1]}) == [("a", "b")]


def test_marked_duplicates_are_reports(texts):
    rows = read_rows(RAW / "duplicates.csv")
    assert all(row["report_id"] in texts and row["same_as"] in texts for row in rows)


def test_no_text_copies_the_seed_report(texts):
    seed = list_runs(read_shared("seed_report.txt"), 13)
    assert [i for i, text in texts.items() if seed & list_runs(text, 13)] == []


# --- one corpus -------------------------------------------------------------------------------------------------


def test_index_and_folder_hold_the_same_reports(texts):
    indexed = [row["report_id"] for row in read_rows(RAW / "reports.csv")]
    assert sorted(indexed) == sorted(texts)


def test_no_reserved_report_is_in_the_index():
    pairs = [line.split("\t") for line in read_shared("reserved_reports.txt").splitlines() if "\t" in line]
    rows = read_rows(RAW / "reports.csv")
    assert pairs
    assert not {row["report_id"] for row in rows} & {pair[0] for pair in pairs}
    assert not {reduce_address(row["url"]) for row in rows} & {reduce_address(pair[1]) for pair in pairs}


def test_evidence_lies_in_its_text(texts, spans):
    assert spans
    ends = [
        (row["event_id"], texts.get(row["report_id"], ""), row["evidence_start"], row["evidence_end"]) for row in spans
    ]
    assert [event for event, text, start, end in ends if not 0 <= int(start) < int(end) <= len(text)] == []


def test_evidence_begins_and_ends_with_whole_words(texts, spans):
    def cut(text, at):
        return 0 < at < len(text) and WORD.fullmatch(text[at - 1]) and WORD.fullmatch(text[at])

    ends = itertools.product(spans, ("evidence_start", "evidence_end"))
    assert [row["event_id"] for row, end in ends if cut(texts[row["report_id"]], int(row[end]))] == []


def test_places_of_codings_are_in_the_gazetteer(codings, gazetteer):
    assert {row["place_id"] for row in codings} - {""} - gazetteer.places.keys() == set()


@pytest.mark.parametrize("table", ["sieges", "deals", "conflicts", "custodies"])
def test_published_facts_name_places_and_say_how_they_were_checked(table, gazetteer):
    rows = read_rows(RAW / f"published_{table}.csv")
    assert {row["check"] for row in rows} <= {"confirmed", "differs", "not_checked"}
    assert {i for row in rows for i in row["place_id"].split(";")} - {""} - gazetteer.places.keys() == set()
    assert all(row["checked_against"] for row in rows if row["check"] != "not_checked")
