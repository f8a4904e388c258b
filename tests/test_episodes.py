"""Events of several reports become sieges, custodies and deals; the same thing told n times is one thing."""

import pandas as pd
import pytest

from analysis.bounds import read_days
from analysis.custodies import build_custodies
from analysis.deals import build_deals
from analysis.episodes import read_spells
from analysis.sieges import build_sieges


def make_events(*rows):
    """Rows: report, type, earliest, latest, and whatever else differs from the defaults."""
    table = []
    for n, (report, kind, earliest, latest, *rest) in enumerate(rows, 1):
        more = rest[0] if rest else {}
        table.append({
            "report_id": report, "event_id": f"{report}-{n:02d}", "type": kind, "modality": "actual", "place_id": "kanaker",
            "place_name": "Kanaker", "kind": "town", "admin1": "Rif Dimashq", "earliest": earliest, "latest": latest,
            "actor": "regime_forces", "target": "", "people": "", "count_min": "", "count_max": "", "cumulative": "",
            "source": report.split("-")[0], **more,
        })  # fmt: skip
    return read_days(pd.DataFrame(table))


def test_a_siege_told_by_three_reports_is_one_siege_with_both_ends_bounded():
    sieges, differing = build_sieges(make_events(
        ("a-1", "siege_imposed", "2020-09-20", "2020-09-21"), ("b-1", "siege_continues", "2020-09-30", "2020-09-30"),
        ("c-1", "siege_lifted", "", "2020-10-08"),
    ))  # fmt: skip
    (siege,) = sieges.itertuples()
    assert (siege.start_earliest, siege.start_latest) == ("2020-09-20", "2020-09-21")
    assert (siege.end_earliest, siege.end_latest) == ("2020-09-30", "2020-10-08")
    assert (siege.duration_days_min, siege.duration_days_max) == (9, 18)
    assert siege.n_sources == 3 and not siege.is_censored and differing.empty


def test_a_siege_of_which_no_end_is_told_stays_open():
    sieges, _ = build_sieges(
        make_events(
            ("a-1", "siege_imposed", "2021-01-10", "2021-01-10"), ("a-2", "siege_continues", "2021-02-01", "2021-02-01")
        )
    )
    (siege,) = sieges.itertuples()
    assert siege.is_censored and siege.end_latest == "" and siege.duration_days_max == ""
    assert siege.duration_days_min == 22


def test_a_siege_known_only_from_its_lifting_has_no_first_day():
    (siege,) = build_sieges(make_events(("a-1", "siege_lifted", "", "2014-02-17")))[0].itertuples()
    assert siege.start_earliest == "" and siege.duration_days_max == ""


def test_a_new_imposition_after_a_lifting_is_another_siege():
    sieges, _ = build_sieges(make_events(
        ("a-1", "siege_imposed", "2020-01-01", "2020-01-01"), ("a-2", "siege_lifted", "2020-02-01", "2020-02-01"),
        ("a-3", "siege_imposed", "2020-03-01", "2020-03-01"),
    ))  # fmt: skip
    assert len(sieges) == 2 and list(sieges.is_censored) == [False, True]


@pytest.mark.parametrize(("gap", "count"), [(60, 2), (730, 1)])
def test_a_silence_longer_than_the_gap_parts_two_sieges(gap, count):
    events = make_events(
        ("a-1", "siege_continues", "2020-01-01", "2020-01-01"), ("b-1", "siege_continues", "2020-06-01", "2020-06-01")
    )
    assert len(build_sieges(events, gap)[0]) == count


def test_a_report_that_recalls_the_beginning_links_it_over_any_silence():
    events = make_events(
        ("a-1", "siege_imposed", "2012-11-01", "2012-11-30"), ("a-1", "siege_continues", "2016-06-01", "2016-06-01")
    )
    assert len(build_sieges(events, 60)[0]) == 1


def test_sources_that_differ_on_the_first_day_both_stay():
    sieges, differing = build_sieges(
        make_events(
            ("a-1", "siege_imposed", "2021-06-24", "2021-06-24"), ("b-1", "siege_imposed", "2021-06-06", "2021-06-06")
        )
    )
    assert (sieges.start_earliest[0], sieges.start_latest[0]) == ("2021-06-06", "2021-06-24")
    assert list(differing.value) == ["2021-06-06", "2021-06-24"]


def test_threats_and_terms_make_no_siege():
    events = make_events(("a-1", "siege_imposed", "2021-06-24", "2021-06-24", {"modality": "threatened"}))
    assert build_sieges(events)[0].empty


def test_what_is_told_of_a_governorate_makes_no_siege():
    assert build_sieges(make_events(("a-1", "siege_continues", "2021-06-24", "2021-06-24", {"kind": "governorate"})))[
        0
    ].empty


WOMEN = {"people": "women", "count_min": "3", "count_max": "3"}


def test_people_freed_are_not_those_arrested_later():
    custodies, _ = build_custodies(make_events(
        ("a-1", "release", "", "2021-06-19", {"people": "men", "count_min": "32", "count_max": "32"}),
        ("a-1", "arrest", "", "2021-06-19", {"people": "men"}), ("b-1", "arrest", "2021-06-30", "2021-07-05", {"people": "men"}),
    ))  # fmt: skip
    assert sorted(custodies.report_ids) == ["a-1", "b-1"]


def test_the_custody_of_a_group_is_an_interval_and_keeps_both_days_of_arrest():
    custodies, differing = build_custodies(make_events(
        ("a-1", "arrest", "2020-09-19", "2020-09-19", WOMEN), ("a-1", "release", "", "2020-10-08", WOMEN),
        ("b-1", "arrest", "2020-09-05", "2020-09-11", WOMEN), ("b-1", "custody_continues", "2020-09-28", "2020-09-28", WOMEN),
    ))  # fmt: skip
    (custody,) = custodies.itertuples()
    assert (custody.arrested_earliest, custody.arrested_latest) == ("2020-09-05", "2020-09-19")
    assert (custody.released_earliest, custody.released_latest) == ("2020-09-28", "2020-10-08")
    assert (custody.duration_days_min, custody.duration_days_max) == (9, 33)
    assert len(differing) == 2 and custody.n_sources == 2


def test_an_arrest_without_release_is_censored_at_the_last_word():
    custodies, _ = build_custodies(
        make_events(
            ("a-1", "arrest", "2020-01-01", "2020-01-01", WOMEN),
            ("a-1", "custody_continues", "2020-04-10", "2020-04-10", WOMEN),
        )
    )
    (custody,) = custodies.itertuples()
    assert custody.is_censored and custody.duration_days_min == 100 and custody.duration_days_max == ""


def test_different_people_are_different_custodies():
    custodies, _ = build_custodies(
        make_events(
            ("a-1", "arrest", "2020-01-01", "2020-01-01", WOMEN),
            (
                "a-1",
                "release",
                "2020-01-05",
                "2020-01-05",
                {"people": "fighters", "count_min": "40", "count_max": "40"},
            ),
        )
    )
    assert len(custodies) == 2


def test_running_totals_are_no_custody():
    assert build_custodies(make_events(("a-1", "release", "2020-01-05", "2020-01-05", {"cumulative": "yes"})))[0].empty


AGREED = {"modality": "agreed"}


def test_a_deal_has_its_terms_and_what_became_of_each():
    deals, terms, _ = build_deals(make_events(
        ("a-1", "deal_agreed", "2020-10-03", "2020-10-03"), ("a-1", "siege_lifted", "", "2020-10-03", AGREED),
        ("a-1", "evacuation", "", "2020-10-03", AGREED), ("b-1", "siege_lifted", "2020-10-07", "2020-10-07"),
    ))  # fmt: skip
    assert deals.terms[0] == "evacuation;siege_lifted" and deals.n_carried_out[0] == 1
    status = dict(zip(terms.term, terms.status, strict=True))
    assert status == {"evacuation": "unknown", "siege_lifted": "carried_out"}
    lifted = terms.set_index("term").loc["siege_lifted"]
    assert (lifted.days_to_carry_out_min, lifted.days_to_carry_out_max) == (4, 4)


def test_a_deal_told_by_two_reports_within_three_weeks_is_one_deal():
    deals, _, _ = build_deals(
        make_events(("a-1", "deal_agreed", "2020-10-03", "2020-10-03"), ("b-1", "deal_agreed", "", "2020-10-08"))
    )
    assert len(deals) == 1 and deals.n_sources[0] == 2 and deals.agreed_latest[0] == "2020-10-03"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("deal_broken", "collapsed"),
        ("storming", "stormed"),
        ("siege_imposed", "renewed_siege"),
        ("arrest", "re_arrests"),
        ("protest", "unknown"),
    ],
)
def test_what_followed_within_twelve_months_is_told_and_unknown_stays_unknown(kind, outcome):
    deals, _, _ = build_deals(
        make_events(("a-1", "deal_agreed", "2020-10-03", "2020-10-03"), ("b-1", kind, "2021-02-01", "2021-02-01"))
    )
    assert deals.outcome_12_months[0] == outcome


def test_what_followed_later_than_twelve_months_is_no_outcome():
    deals, _, _ = build_deals(
        make_events(("a-1", "deal_agreed", "2020-10-03", "2020-10-03"), ("b-1", "storming", "2022-02-01", "2022-02-01"))
    )
    assert deals.outcome_12_months[0] == "unknown"


def test_spells_are_read_with_open_ends_as_infinity(tmp_path):
    sieges, _ = build_sieges(
        make_events(
            ("a-1", "siege_imposed", "2021-01-10", "2021-01-10"), ("a-2", "siege_continues", "2021-02-01", "2021-02-01")
        )
    )
    sieges.to_csv(tmp_path / "sieges.csv", index=False)
    spells = read_spells(tmp_path / "sieges.csv")
    assert spells.duration_days_max[0] == float("inf") and bool(spells.is_censored[0])


def test_outer_bounds_say_by_how_much_the_windows_of_beginning_and_end_overlap(tmp_path):
    (tmp_path / "custodies.csv").write_text(
        "released_earliest,arrested_latest,duration_days_min,duration_days_max,start_width_days,is_censored,n_sources,n_reports\n"
        "2020-01-11,2020-01-31,0,45,30,False,1,1\n2020-03-01,2020-01-31,30,,30,True,1,1\n,2020-01-31,0,,30,True,1,1\n"
    )
    spells = read_spells(tmp_path / "custodies.csv")
    assert spells.outer_days_min[:2].tolist() == [-20, 30] and spells.outer_days_min.isna()[2]
    assert spells.duration_days_min.tolist() == [0, 30, 0]
