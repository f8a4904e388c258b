"""Bounds told by several reports are met where they meet and kept apart where they do not."""

from datetime import date

import pytest

from analysis.bounds import Telling, combine_tellings, describe_disagreement


def day(text):
    return date.fromisoformat(text).toordinal() if text else None


def tellings(*pairs):
    return [Telling(day(a), day(b), f"e{i}", f"r{i}", f"s{i}") for i, (a, b) in enumerate(pairs)]


CASES = [
    ("one report that names the day", [("2020-09-19", "2020-09-19")], ("2020-09-19", "2020-09-19"), False),
    ("a told-by day bounds only from above", [("", "2020-10-08")], ("", "2020-10-08"), False),
    (
        "two windows that overlap give their common part",
        [("2020-09-01", "2020-09-10"), ("2020-09-08", "2020-09-20")],
        ("2020-09-08", "2020-09-10"),
        False,
    ),
    (
        "a later report cannot push the day later",
        [("2020-09-19", "2020-09-19"), ("", "2020-10-08")],
        ("2020-09-19", "2020-09-19"),
        False,
    ),
    (
        "days that exclude each other both stay",
        [("2020-09-19", "2020-09-19"), ("2020-09-05", "2020-09-11")],
        ("2020-09-05", "2020-09-19"),
        True,
    ),
    (
        "a month and a day of it give the day",
        [("2012-11-01", "2012-11-30"), ("2012-11-09", "2012-11-09")],
        ("2012-11-09", "2012-11-09"),
        False,
    ),
    ("nothing told gives nothing", [], ("", ""), False),
]


@pytest.mark.parametrize(("told", "expected", "differ"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_combining(told, expected, differ):
    bounds, disagree = combine_tellings(tellings(*told))
    assert (bounds.earliest, bounds.latest) == tuple(day(e) for e in expected)
    assert disagree is differ


def test_a_disagreement_names_every_source_with_its_day():
    rows = describe_disagreement(
        "siege-x-1", "start", tellings(("2020-09-20", "2020-09-20"), ("2020-09-01", "2020-09-10"))
    )
    assert [(r["value"], r["source"]) for r in rows] == [("2020-09-01/2020-09-10", "s1"), ("2020-09-20", "s0")]
