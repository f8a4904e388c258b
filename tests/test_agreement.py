"""Coder against coder: what agrees, once at most, with and without dates."""

import pandas as pd
import pytest

from analysis.agreement import compare_codings, match_events, table_agreement, table_alpha


def coding(*rows):
    return pd.DataFrame(rows, columns=["report_id", "type", "modality", "place_id", "earliest", "latest"])


ONE = coding(
    ("r1", "arrest", "actual", "nawa", "2020-09-19", "2020-09-19"), ("r1", "release", "actual", "nawa", "", "2020-10-08"),
    ("r2", "talks", "actual", "jasim", "", "2020-10-03"),
)  # fmt: skip


def test_a_coding_agrees_with_itself():
    row = table_agreement(match_events(ONE, ONE)).iloc[0]
    assert (row.f1, row.f1_dated, row.f1_low) == (1.0, 1.0, 1.0)
    assert table_alpha(ONE, ONE).alpha[0] == 1.0


def test_f1_counts_each_event_once():
    double = pd.concat([ONE, ONE.head(1)])
    row = table_agreement(match_events(double, ONE)).iloc[0]
    assert (row.n_one, row.n_other, row.matched) == (4, 3, 3)
    assert row.f1 == pytest.approx(6 / 7)


DATES = [
    ("three days apart agree", ("2020-09-22", "2020-09-22"), True),
    ("four days apart do not", ("2020-09-23", "2020-09-23"), False),
    ("a blank first day against a day does not", ("", "2020-09-19"), False),
]


@pytest.mark.parametrize(("days", "agrees"), [d[1:] for d in DATES], ids=[d[0] for d in DATES])
def test_dates(days, agrees):
    other = coding(("r1", "arrest", "actual", "nawa", *days))
    assert match_events(ONE.head(1), other).same_date[0] == agrees


def test_a_wide_day_of_publication_widens_the_slack():
    other = coding(("r1", "arrest", "actual", "nawa", "2020-09-29", "2020-09-29"))
    index = {"r1": {"published": "2020-10-01/2020-10-15"}}
    assert compare_codings(ONE.head(1), other, index)[0].same_date[0]


@pytest.mark.parametrize("column", ["type", "modality", "place_id"])
def test_another_type_modality_or_place_is_no_agreement(column):
    other = ONE.head(1).assign(**{column: "siege_lifted"})
    assert not (match_events(ONE.head(1), other).eval("in_one and in_other")).any()
