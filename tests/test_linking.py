"""What belongs together and what does not: custodies that one report tells apart, and events that deals could share."""

from test_episodes import make_events

from analysis.custodies import build_custodies
from analysis.deals import build_deals

MAN = {"people": "men", "count_min": "1", "count_max": "1"}
MANY = {"people": "civilians"}


def agree(*kinds):
    return [("a-1", kind, "", "2020-01-01", {"modality": "agreed"}) for kind in kinds]


def test_two_custodies_that_one_report_tells_apart_stay_two():
    custodies, _ = build_custodies(make_events(
        ("a-1", "arrest", "2020-01-01", "2020-01-01", MAN), ("a-1", "arrest", "2020-01-03", "2020-01-03", MAN)))  # fmt: skip
    assert len(custodies) == 2


def test_an_arrest_known_within_years_joins_another_reports_only_by_number():
    wide = ("a-1", "arrest", "2018-07-01", "2021-03-16", MANY)
    near = ("b-1", "arrest", "2018-07-20", "2018-07-20")
    assert len(build_custodies(make_events(wide, (*near, MANY)))[0]) == 2
    numbers = {**MANY, "count_min": "80", "count_max": "80"}
    assert len(build_custodies(make_events((*wide[:4], numbers), (*near, numbers)))[0]) == 1


def test_words_on_nobody_in_particular_free_nobody_taken_years_before():
    custodies, _ = build_custodies(make_events(
        ("a-1", "arrest", "2012-02-01", "2012-02-29", MAN), ("a-1", "release", "", "2021-06-22")))  # fmt: skip
    assert len(custodies) == 2


def test_single_men_taken_days_apart_are_two():
    custodies, _ = build_custodies(make_events(
        ("a-1", "arrest", "2020-01-01", "2020-01-01", MAN), ("b-1", "arrest", "2020-01-10", "2020-01-10", MAN)))  # fmt: skip
    assert len(custodies) == 2


def test_a_carrying_out_counts_for_the_last_deal_that_names_the_term():
    _, terms, _ = build_deals(make_events(
        ("a-1", "deal_agreed", "2020-01-01", "2020-01-01"), ("a-1", "evacuation", "2020-01-01", "2020-01-01", {"modality": "agreed"}),
        ("b-1", "deal_agreed", "2020-05-01", "2020-05-01"), ("b-1", "evacuation", "2020-05-01", "2020-05-01", {"modality": "agreed"}),
        ("c-1", "evacuation", "2020-05-04", "2020-05-04"),
    ))  # fmt: skip
    assert terms.status.tolist() == ["unknown", "carried_out"]
    assert terms[["days_to_carry_out_min", "days_to_carry_out_max"]].values.tolist() == [["", ""], [3, 3]]


def test_a_breach_counts_for_the_last_deal_before_it():
    deals, _, _ = build_deals(make_events(
        ("a-1", "deal_agreed", "2020-01-01", "2020-01-01"), ("b-1", "deal_agreed", "2020-05-01", "2020-05-01"),
        ("c-1", "deal_broken", "2020-06-01", "2020-06-01"),
    ))  # fmt: skip
    assert deals.broken.tolist() == [False, True]


def test_an_earlier_breach_recalled_on_the_day_of_a_deal_breaks_no_deal():
    deals, _, _ = build_deals(make_events(("a-1", "deal_agreed", "2020-05-01", "2020-05-01"), ("a-1", "deal_broken", "", "2020-05-01")))
    assert not deals.broken.any()


def test_a_telling_of_the_year_does_not_bridge_two_deals_of_it():
    deals, _, _ = build_deals(make_events(
        ("a-1", "deal_agreed", "2014-02-06", "2014-02-06"), ("b-1", "deal_agreed", "2014-05-04", "2014-05-04"),
        ("c-1", "deal_agreed", "2014-01-01", "2014-12-31"),
    ))  # fmt: skip
    assert deals.agreed_latest.tolist() == ["2014-02-06", "2014-05-04"]


def test_an_undated_arrest_is_no_carrying_out():
    events = make_events(("a-1", "deal_agreed", "2020-01-01", "2020-01-01"), *agree("arrest"), ("b-1", "arrest", "", "2020-01-03"))
    assert build_deals(events)[1].status.tolist() == ["unknown"]
