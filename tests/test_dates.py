"""Date expressions in context: what a passage says, and between which days the codebook then puts it."""

from datetime import date

import pytest

from analysis.coding import code_report
from analysis.dates import find_dates, is_trigger
from analysis.edtf import YEARLESS, format_day, parse_edtf, shift_months
from analysis.places import WORD, fold
from analysis.reports import Report
from analysis.resolving import resolve

# Each passage marks the expression in question with [ ]. The columns: passage, day spoken of (EDTF, empty where it is
# unknown), earliest, latest, basis. "plan" stands for a day to come, "none" for a day that the calendar lacks.
# 2020-10-09 was a Friday.
FRIDAY, EARLY_JANUARY, TUESDAY = "2020-10-09", "2021-01-05", "2020-10-13"
EXPRESSIONS = {
    # a day that is named
    "month and day": ("Troops entered Zakia on [September 19].", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "day and month": ("Troops entered Zakia on [19 September].", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "ordinal of a month": ("It began on the [19th of September].", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "month and ordinal": ("It began on [September 19th].", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "ordinal in words": ("On the [third of October] it ended.", FRIDAY, "2020-10-03", "2020-10-03", "stated"),
    "short month with a dot": ("It began on [Sept. 19] at noon.", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "short month without a dot": ("It began on [Sep 19] at noon.", FRIDAY, "2020-09-19", "2020-09-19", "stated"),
    "day before a short month": ("It ended on [3 Oct].", FRIDAY, "2020-10-03", "2020-10-03", "stated"),
    "American day with its year": ("On [October 3, 2019], 40 left.", FRIDAY, "2019-10-03", "2019-10-03", "stated"),
    "British day with its year": ("On [3 October 2019], 40 left.", FRIDAY, "2019-10-03", "2019-10-03", "stated"),
    "ordinal with its year": ("On the [3rd of October, 2019], 40 left.", FRIDAY, "2019-10-03", "2019-10-03", "stated"),
    "day of last year": ("On [October 20 of last year] it fell.", FRIDAY, "2019-10-20", "2019-10-20", "stated"),
    "ISO day": ("Signed in Tafas ([2019-10-03]) by all.", FRIDAY, "2019-10-03", "2019-10-03", "stated"),
    "numeric day with slashes": ("Signed on [13/10/2019] in Tafas.", FRIDAY, "2019-10-13", "2019-10-13", "stated"),
    "numeric day with dots": ("Signed on [3.10.2019] in Tafas.", FRIDAY, "2019-10-03", "2019-10-03", "stated"),
    "weekday beside the day": ("On [Tuesday, 6 October], he left.", FRIDAY, "2020-10-06", "2020-10-06", "stated"),
    "weekday that is not the last one": (
        "On [Friday, October 2], he left.", FRIDAY, "2020-10-02", "2020-10-02", "stated"),
    "weekday before a day in brackets": (
        "On [Tuesday (October 6]) he left.", FRIDAY, "2020-10-06", "2020-10-06", "stated"),
    "two days of a month": ("The talks of [5 and 6 October] failed.", FRIDAY, "2020-10-05", "2020-10-06", "stated"),
    "morning of a weekday with its day": (
        "On [Tuesday morning, October 6], he left.", FRIDAY, "2020-10-06", "2020-10-06", "stated"),
    "morning of a day": ("On the morning of [October 5] they left.", FRIDAY, "2020-10-05", "2020-10-05", "stated"),
    "the day of publication": ("On [October 9] the road opened.", FRIDAY, "2020-10-09", "2020-10-09", "stated"),
    "day of this month": ("It was signed on the [3rd of this month].", FRIDAY, "2020-10-03", "2020-10-03", "stated"),
    "day of last month": ("It was signed on the [24th of last month].", FRIDAY, "2020-09-24", "2020-09-24", "stated"),
    # the year that is not said
    "December told in January": ("It began on [December 28].", EARLY_JANUARY, "2020-12-28", "2020-12-28", "stated"),
    "January told in January": ("It began on [January 2].", EARLY_JANUARY, "2021-01-02", "2021-01-02", "stated"),
    "day after the last such day": ("It began on [December 20].", FRIDAY, "2019-12-20", "2019-12-20", "stated"),
    "long ago in the year": ("It began on [January 20].", FRIDAY, "2020-01-20", "2020-01-20", "stated"),
    "day soon to come": ("On [October 20] the deal will start.", FRIDAY, "", "", "plan"),
    "January to come told in December": ("Buses leave on [January 5].", "2020-12-28", "", "", "plan"),
    "day to come with its year": ("By [October 20, 2020] all leave.", FRIDAY, "2020-10-20", "2020-10-20", "plan"),
    "leap day told in a leap year": ("He died on [February 29].", "2020-03-02", "2020-02-29", "2020-02-29", "stated"),
    "leap day told a year later": ("He died on [February 29].", "2021-06-01", "2020-02-29", "2020-02-29", "stated"),
    "leap day of a common year": ("He died on [February 29, 2021].", "2021-06-01", "", "", "none"),
    "thirty-first of June": ("He died on [June 31].", "2021-08-01", "", "", "none"),
    "publication interval in one year": (
        "On [September 19].", "2020-10-01/2020-10-15", "2020-09-19", "2020-09-19", "stated"),
    "publication interval over New Year": (
        "On [January 3].", "2020-12-20/2021-01-10", "2021-01-03", "2021-01-03", "stated"),
    "publication known to the year": ("On [October 3].", "2020", "2020-10-03", "2020-10-03", "stated"),
    # no publication date: no year is invented
    "day without any year": ("On [October 3] they left.", "", "XXXX-10-03", "XXXX-10-03", "stated"),
    "month without any year": ("They left in [November].", "", "XXXX-11-01", "XXXX-11-30", "stated"),
    "leap day without any year": ("On [February 29] they left.", "", "XXXX-02-29", "XXXX-02-29", "stated"),
    "span over New Year without any year": (
        "From [December 29 to January 2].", "", "XXXX-12-29", "XXXX-01-02", "stated"),
    "named year makes up for it": ("On [October 3, 2018] they left.", "", "2018-10-03", "2018-10-03", "stated"),
    "yesterday of an unknown day": ("They left [yesterday].", "", "", "", "relative"),
    "weekday of an unknown day": ("They left on [Tuesday].", "", "", "", "relative"),
    "weeks before an unknown day": ("They left [three weeks ago].", "", "", "", "relative"),
    "a day before a day without year": (
        "They left [a day earlier].", "XXXX-10-03", "XXXX-10-02", "XXXX-10-02", "relative"),
    # spans of days
    "between two days": ("Between [October 3 and 8] forty left.", FRIDAY, "2020-10-03", "2020-10-08", "stated"),
    "from day to day of a month": ("From [3 to 8 October] forty left.", FRIDAY, "2020-10-03", "2020-10-08", "stated"),
    "days with a hyphen": ("The talks of [October 3-8] failed.", FRIDAY, "2020-10-03", "2020-10-08", "stated"),
    "days with a dash": ("The talks of [October 3 – 8] failed.", FRIDAY, "2020-10-03", "2020-10-08", "stated"),
    "days of two months": ("From [September 28 to October 3] it held.", FRIDAY, "2020-09-28", "2020-10-03", "stated"),
    "days of two months, day first": (
        "From [28 September until 3 October].", FRIDAY, "2020-09-28", "2020-10-03", "stated"),
    "days over New Year": ("From [December 29 to January 2].", EARLY_JANUARY, "2020-12-29", "2021-01-02", "stated"),
    "days over a named New Year": (
        "From [December 29 to January 2, 2018].", FRIDAY, "2017-12-29", "2018-01-02", "stated"),
    "between two years": ("[Between 2015 and 2018] it was shut.", FRIDAY, "2015-01-01", "2018-12-31", "stated"),
    "between two months": (
        "Between [June and August] it was shut.", "2021-09-01", "2021-06-01", "2021-08-31", "stated"),
    "months over New Year": ("Between [November and January].", "2021-03-01", "2020-11-01", "2021-01-31", "stated"),
    "two months of a year": ("In [November and December 2018].", FRIDAY, "2018-11-01", "2018-12-31", "stated"),
    # parts of a month or a year
    "late in a month": ("In [late April] they settled.", "2021-06-01", "2021-04-21", "2021-04-30", "stated"),
    "early in a month": ("In [early October] they settled.", "2020-11-01", "2020-10-01", "2020-10-10", "stated"),
    "mid with a hyphen": ("In [mid-September] they settled.", FRIDAY, "2020-09-11", "2020-09-20", "stated"),
    "mid without a hyphen": ("In [mid September] they settled.", FRIDAY, "2020-09-11", "2020-09-20", "stated"),
    "beginning of a month": ("At [the beginning of July] it fell.", "2018-08-20", "2018-07-01", "2018-07-10", "stated"),
    "end of a month": ("At [the end of July] it fell.", "2018-08-20", "2018-07-22", "2018-07-31", "stated"),
    "middle of a month": ("In [the middle of June] it fell.", "2018-08-20", "2018-06-11", "2018-06-20", "stated"),
    "first half of a month": (
        "In [the first half of March] it fell.", "2018-08-20", "2018-03-01", "2018-03-15", "stated"),
    "second half of a month": ("In [the second half of March].", "2018-08-20", "2018-03-16", "2018-03-31", "stated"),
    "late in a month of a year": ("In [late December 2016] they left.", FRIDAY, "2016-12-22", "2016-12-31", "stated"),
    "late December told in January": (
        "In [late December] they left.", EARLY_JANUARY, "2020-12-22", "2020-12-31", "stated"),
    "end of a year": ("At [the end of 2018] they left.", FRIDAY, "2018-09-02", "2018-12-31", "stated"),
    "late last month": ("It was signed [late last month].", FRIDAY, "2020-09-21", "2020-09-30", "relative"),
    "first week of a month": (
        "In [the first week of October] he left.", "2020-11-01", "2020-10-01", "2020-10-07", "stated"),
    "last week of a month": ("In [the last week of September] he left.", FRIDAY, "2020-09-24", "2020-09-30", "stated"),
    # months, years, seasons
    "month of a year": ("They left in [November 2018].", FRIDAY, "2018-11-01", "2018-11-30", "stated"),
    "month of a year with a comma": ("They left in [November, 2018].", FRIDAY, "2018-11-01", "2018-11-30", "stated"),
    "month not yet come round": ("They left in [November].", FRIDAY, "2019-11-01", "2019-11-30", "stated"),
    "month gone by": ("They left in [June].", FRIDAY, "2020-06-01", "2020-06-30", "stated"),
    "last such month": ("They left [last November].", FRIDAY, "2019-11-01", "2019-11-30", "stated"),
    "March the month": ("They left in [March].", FRIDAY, "2020-03-01", "2020-03-31", "stated"),
    "May the month": ("In [May 2018], the town fell.", FRIDAY, "2018-05-01", "2018-05-31", "stated"),
    "May the day": ("The town fell on [May 15].", FRIDAY, "2020-05-15", "2020-05-15", "stated"),
    "month of last year": ("In [July of last year] it fell.", "2019-07-20", "2018-07-01", "2018-07-31", "stated"),
    "a year": ("The town fell [in 2016].", FRIDAY, "2016-01-01", "2016-12-31", "stated"),
    "leap February": ("The town fell in [February 2016].", FRIDAY, "2016-02-01", "2016-02-29", "stated"),
    "summer of a year": ("In the [summer of 2018] it fell.", FRIDAY, "2018-06-01", "2018-08-31", "stated"),
    "this summer": ("The truce broke [this summer].", "2021-09-10", "2021-06-01", "2021-08-31", "relative"),
    "last summer": ("The truce broke [last summer].", "2021-03-02", "2020-06-01", "2020-08-31", "relative"),
    "winter over New Year": ("The truce broke [last winter].", "2021-05-01", "2020-12-01", "2021-02-28", "relative"),
    "winter of a year": ("In the [winter of 2016] it broke.", FRIDAY, "2016-12-01", "2017-02-28", "stated"),
    "spring of last year": (
        "In [the spring of last year] it broke.", "2019-06-20", "2018-03-01", "2018-05-31", "relative"),
    "fall the season": ("The truce broke [last fall].", "2021-03-02", "2020-09-01", "2020-11-30", "relative"),
    "fall of a year": ("In the [fall of 2018] it broke.", FRIDAY, "2018-09-01", "2018-11-30", "stated"),
    "last month": ("The truce broke [last month].", FRIDAY, "2020-09-01", "2020-09-30", "relative"),
    "last month over New Year": (
        "The truce broke [last month].", EARLY_JANUARY, "2020-12-01", "2020-12-31", "relative"),
    "last year": ("The truce broke [last year].", FRIDAY, "2019-01-01", "2019-12-31", "relative"),
    "earlier this month": ("The truce broke [earlier this month].", FRIDAY, "2020-10-01", "2020-10-09", "relative"),
    "earlier this year": ("The truce broke [earlier this year].", FRIDAY, "2020-01-01", "2020-10-09", "relative"),
    # weekdays
    "weekday gone by": ("Men were held on [Tuesday].", FRIDAY, "2020-10-06", "2020-10-06", "relative"),
    "weekday of publication": ("Men were held on [Tuesday].", TUESDAY, "2020-10-13", "2020-10-13", "relative"),
    "last weekday on that weekday": ("Men were held [last Friday].", FRIDAY, "2020-10-02", "2020-10-02", "relative"),
    "night of a weekday": ("Men were held on [Thursday night].", FRIDAY, "2020-10-08", "2020-10-08", "relative"),
    "dawn on a weekday": ("Men were held at dawn on [Sunday].", FRIDAY, "2020-10-04", "2020-10-04", "relative"),
    "weekday of last week": (
        "Men were held on [Tuesday of last week].", FRIDAY, "2020-09-29", "2020-09-29", "relative"),
    "weekday to come": ("Buses leave [next Sunday].", FRIDAY, "", "", "plan"),
    "weekday within an interval": (
        "Held on [Tuesday].", "2020-10-05/2020-10-09", "2020-09-29", "2020-10-06", "relative"),
    # today and its neighbours
    "today": ("Men were held [today].", FRIDAY, "2020-10-09", "2020-10-09", "relative"),
    "earlier today": ("[Earlier today], men were held.", FRIDAY, "2020-10-09", "2020-10-09", "relative"),
    "this morning": ("Men were held [this morning].", FRIDAY, "2020-10-09", "2020-10-09", "relative"),
    "tonight": ("Men were held [tonight].", FRIDAY, "2020-10-09", "2020-10-09", "relative"),
    "yesterday": ("Men were held [yesterday].", FRIDAY, "2020-10-08", "2020-10-08", "relative"),
    "yesterday evening": ("Men were held [yesterday evening].", FRIDAY, "2020-10-08", "2020-10-08", "relative"),
    "day before yesterday": (
        "Men were held [the day before yesterday].", FRIDAY, "2020-10-07", "2020-10-07", "relative"),
    "last night": ("Men were held [last night].", FRIDAY, "2020-10-08", "2020-10-09", "relative"),
    "overnight": ("Men were held [overnight].", FRIDAY, "2020-10-08", "2020-10-09", "relative"),
    "yesterday on New Year's Day": ("Men were held [yesterday].", "2021-01-01", "2020-12-31", "2020-12-31", "relative"),
    "yesterday on the first of March": (
        "Men were held [yesterday].", "2020-03-01", "2020-02-29", "2020-02-29", "relative"),
    "yesterday of an interval": ("Held [yesterday].", "2020-10-05/2020-10-09", "2020-10-04", "2020-10-08", "relative"),
    "last night of an interval": (
        "Held [last night].", "2020-10-05/2020-10-09", "2020-10-04", "2020-10-09", "relative"),
    # so long ago
    "a day earlier": ("[A day earlier], men were held.", FRIDAY, "2020-10-08", "2020-10-08", "relative"),
    "the previous day": ("[The previous day], men were held.", FRIDAY, "2020-10-08", "2020-10-08", "relative"),
    "three days ago": ("Men were held [three days ago].", FRIDAY, "2020-10-06", "2020-10-06", "relative"),
    "days ago in figures": ("Men were held [12 days ago].", FRIDAY, "2020-09-27", "2020-09-27", "relative"),
    "two weeks ago": ("Men were held [two weeks ago].", FRIDAY, "2020-09-25", "2020-09-25", "relative"),
    "two months ago": ("Men were held [two months ago].", FRIDAY, "2020-08-09", "2020-08-09", "relative"),
    "a year ago": ("Men were held [a year ago].", FRIDAY, "2019-10-09", "2019-10-09", "relative"),
    "a year before a leap day": ("Men were held [a year ago].", "2020-02-29", "2019-02-28", "2019-02-28", "relative"),
    "hedged days ago": ("Men were held [nearly 20 days ago].", FRIDAY, "2020-09-16", "2020-09-22", "relative"),
    "about so many days ago": ("Men were held [about ten days ago].", FRIDAY, "2020-09-26", "2020-10-02", "relative"),
    "more than months ago": ("It fell [more than three months ago].", FRIDAY, "", "2020-07-09", "relative"),
    "over a week ago": ("It fell [over a week ago].", FRIDAY, "", "2020-10-02", "relative"),
    "less than a week ago": ("It fell [less than a week ago].", FRIDAY, "2020-10-02", "2020-10-09", "relative"),
    "hours ago": ("Men were held [a few hours ago].", FRIDAY, "2020-10-09", "2020-10-09", "relative"),
    "many hours ago": ("Men were held [48 hours ago].", FRIDAY, "2020-10-07", "2020-10-07", "relative"),
    "days ago of an interval": ("[Three days ago].", "2020-10-05/2020-10-09", "2020-10-02", "2020-10-06", "relative"),
    # in the past so long
    "past few days": ("[In the past few days] ten died.", FRIDAY, "2020-10-04", "2020-10-09", "relative"),
    "recent days": ("[In recent days] ten died.", FRIDAY, "2020-10-04", "2020-10-09", "relative"),
    "past week": ("[Over the past week] ten died.", FRIDAY, "2020-10-02", "2020-10-09", "relative"),
    "last three days": ("[During the last three days] ten died.", FRIDAY, "2020-10-06", "2020-10-09", "relative"),
    "past day in hours": ("[In the past 24 hours] ten died.", FRIDAY, "2020-10-08", "2020-10-09", "relative"),
    "past two days in hours": ("[Over the past 48 hours] ten died.", FRIDAY, "2020-10-07", "2020-10-09", "relative"),
    "last hours": ("[During the last hours] ten died.", FRIDAY, "2020-10-08", "2020-10-09", "relative"),
    "coming days": ("Buses leave [in the coming days].", FRIDAY, "", "", "plan"),
    # how long it has lasted
    "days of a siege": ("Besieged for [20 days], it starves.", FRIDAY, "2020-09-19", "2020-09-19", "counted"),
    "hedged days of a siege": ("Besieged for [nearly 20 days].", FRIDAY, "2020-09-16", "2020-09-22", "counted"),
    "the seventeenth day of": ("It is [the 17th day] of the siege.", FRIDAY, "2020-09-22", "2020-09-22", "counted"),
    "the third day running": ("Shut [for the third consecutive day].", FRIDAY, "2020-10-06", "2020-10-06", "counted"),
    "weeks of a siege": ("Besieged for [three weeks] now.", FRIDAY, "2020-09-18", "2020-09-18", "counted"),
    "more than months of a siege": ("Besieged for [more than two months].", FRIDAY, "", "2020-08-09", "counted"),
    "less than weeks of a siege": (
        "Besieged for [less than two weeks].", FRIDAY, "2020-09-25", "2020-10-09", "counted"),
    "years of a siege": ("Besieged for [four years] now.", FRIDAY, "2016-10-09", "2016-10-09", "counted"),
}  # fmt: skip

# The day last told before the passage, from which these count: the deal of 28 September in a report of 9 October.
NARRATED = {
    "the next day": ("[The next day] they left.", "2020-09-29", "2020-09-29"),
    "the following day": ("They left [the following day].", "2020-09-29", "2020-09-29"),
    "the same day": ("They left [on the same day].", "2020-09-28", "2020-09-28"),
    "that evening": ("They left [that evening].", "2020-09-28", "2020-09-28"),
    "a day later": ("[A day later] they left.", "2020-09-29", "2020-09-29"),
    "two days later": ("[Two days later] they left.", "2020-09-30", "2020-09-30"),
    "three days afterwards": ("[Three days afterwards] they left.", "2020-10-01", "2020-10-01"),
}

NO_DATES = {
    "a division by its number": "Soldiers of the 4th Division entered Tafas.",
    "a division in words": "The Fourth Division and the 15th Brigade entered Tafas.",
    "an age range": "Men aged 16 to 65 must register at the centre.",
    "an age range in years": "They took men aged between 18 and 42 years from Zakia.",
    "an age with old": "A 17-year-old boy and a man 24 years old were killed.",
    "a prison sentence": "The court sentenced him to 15 years in prison.",
    "may the verb": "Troops may enter the town if talks fail.",
    "may in a headline": "Talks May Resume Over Zakia",
    "march the noun": "A march set out from the mosque after prayers.",
    "march the verb": "Residents march through Tafas every week's end.",
    "the fall of a town": "He spoke about the fall of the district.",
    "second in a row of things": "The second batch and the 3rd convoy set off.",
    "a calibre": "They handed over a 23 mm gun and 105 shells.",
    "a motorway": "Traffic on the M5 and on Route 2 was stopped.",
    "a resolution": "They asked for Resolution 2254 to be carried out.",
    "a big number of people": "A total of 2016 fighters gave up their arms.",
    "a big number of weapons": "A delivery of 2015 rifles was counted.",
    "a distance": "Shells fell at a distance of 2000 metres from Jasim.",
    "a saint's name": "A bomb went off at the Mar Elias church.",
    "a share": "Some 20 % of 1,950 houses stand.",
    "a number span": "They freed 8-9 detainees and 10 to 12 others.",
    "days after something": "Ten days after the deal they left the town.",
    "days before something": "Two days before the storming they left the town.",
    "day of a feast": "On the first day of Eid they left the town.",
    "nine in the morning": "Curfew runs from 9 to 5 o'clock.",
}


def read_dates(text, published, last=None):
    """Find and resolve all expressions of a text."""
    words = [(m.start(), m.end(), fold(m.group())) for m in WORD.finditer(text)]
    found = find_dates(text, [w for w in words if is_trigger(w[2])], 0, len(text))
    spoken = parse_edtf(published) if published else YEARLESS
    return [(f, resolve(f, spoken, last)) for f in found]


def read_marked(passage, published, last=None):
    """Resolve the expression that [ ] marks; what was found must lie within the mark and fill it but for "the"."""
    text = passage.replace("[", "").replace("]", "")
    start, end = passage.index("["), passage.index("]") - 1
    found = [(f, r) for f, r in read_dates(text, published, last) if f.start < end and start < f.end]
    assert len(found) == 1, [text[f.start : f.end] for f, _ in found]
    assert start <= found[0][0].start and found[0][0].end <= end, text[found[0][0].start : found[0][0].end]
    return found[0][1]


@pytest.mark.parametrize(("passage", "published", "earliest", "latest", "basis"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expression_gives_range(passage, published, earliest, latest, basis):
    resolved = read_marked(passage, published)
    if basis == "none":
        assert resolved is None
    elif basis == "plan":
        assert resolved.future
    else:
        assert (format_day(resolved.earliest), format_day(resolved.latest)) == (earliest, latest)
        assert (resolved.basis, resolved.future) == (basis, False)


@pytest.mark.parametrize(("passage", "earliest", "latest"), NARRATED.values(), ids=NARRATED)
def test_narrative_counts_from_last_day_told(passage, earliest, latest):
    resolved = read_marked(passage, FRIDAY, parse_edtf("2020-09-28"))
    assert (format_day(resolved.earliest), format_day(resolved.latest)) == (earliest, latest)


@pytest.mark.parametrize("text", NO_DATES.values(), ids=NO_DATES)
def test_no_date_is_read_into(text):
    assert read_dates(text, FRIDAY) == []


@pytest.mark.parametrize(
    "text", ["besieged since July", "shut since September 19", "held since 2013", "shut since last Tuesday"]
)
def test_since_is_told_from_on(text):
    assert [f.since for f, _ in read_dates(text, FRIDAY)] == [True]
    assert [f.since for f, _ in read_dates(text.replace("since", "in"), FRIDAY)] == [False]


def test_no_range_ends_before_it_starts():
    for passage, published, *_ in EXPRESSIONS.values():
        for _, resolved in read_dates(passage.replace("[", "").replace("]", ""), published):
            if resolved and None not in resolved[:2]:
                assert resolved.earliest <= resolved.latest


# --- the day that a passage speaks of: whole little reports ---------------------------------------------------------

PUBLISHED = "2020-10-09"
ABOUT = "Report on Kanaker, a town in Rif Dimashq.\n\n"
PASSAGES = {
    # the day of publication rules until a passage opens with its own
    "perfect without a date": (
        "Troops have lifted the siege of Kanaker.", "siege_lifted", "", "2020-10-09", "published"),
    "past without a date": ("Troops arrested ten men in Kanaker.", "arrest", "", "2020-10-09", "published"),
    "progressive without a date": (
        "Fighters are leaving Kanaker town.", "evacuation", "2020-10-09", "2020-10-09", "published"),
    "siege that continues": (
        "The siege of Kanaker continues.", "siege_continues", "2020-10-09", "2020-10-09", "published"),
    "own stated day": (
        "Troops arrested ten men in Kanaker on September 19.", "arrest", "2020-09-19", "2020-09-19", "stated"),
    "own opening day": (
        "On September 19, troops arrested ten men in Kanaker.", "arrest", "2020-09-19", "2020-09-19", "stated"),
    "own weekday": ("Troops raided houses in Kanaker on Tuesday.", "raid", "2020-10-06", "2020-10-06", "relative"),
    "opening weekday": ("On Tuesday, troops raided houses in Kanaker.", "raid", "2020-10-06", "2020-10-06", "relative"),
    "yesterday at the head": (
        "Yesterday, troops raided houses in Kanaker.", "raid", "2020-10-08", "2020-10-08", "relative"),
    "today at the end": ("Troops raided houses in Kanaker today.", "raid", "2020-10-09", "2020-10-09", "relative"),
    "last night": ("Troops shelled Kanaker last night.", "bombardment", "2020-10-08", "2020-10-09", "relative"),
    "past few days": (
        "In the past few days, troops shelled Kanaker.", "bombardment", "2020-10-04", "2020-10-09", "relative"),
    "late in a month": ("Troops raided houses in Kanaker in late April.", "raid", "2020-04-21", "2020-04-30", "stated"),
    "month of a year": (
        "Fighters left Kanaker town in November 2018.", "evacuation", "2018-11-01", "2018-11-30", "stated"),
    "more than months ago": (
        "Troops freed six women of Kanaker more than three months ago.", "release", "", "2020-07-09", "relative"),
    # the day on which it was told
    "told on a day": (
        "On October 8, sources confirmed that troops released six women in Kanaker.",
        "release", "", "2020-10-08", "told_on"),
    "told yesterday": (
        "Yesterday, activists reported that troops released six women in Kanaker.",
        "release", "", "2020-10-08", "told_on"),
    "told on a day, own day inside": (
        "On October 8, sources confirmed that troops released six women in Kanaker on October 2.",
        "release", "2020-10-02", "2020-10-02", "stated"),
    "arrest recalled in what was told": (
        "On October 8, sources confirmed the release of six women arrested in Kanaker on September 19.",
        "arrest", "2020-09-19", "2020-09-19", "stated"),
    # recaps
    "recap rules the sentence after": (
        "Troops left two posts. On October 3, sources said that elders of Kanaker met officers. They reached a deal.",
        "deal_agreed", "", "2020-10-03", "told_on"),
    "recap of a happening rules the sentence after": (
        "On October 3, a convoy reached Kanaker. Soldiers raided houses in the town.",
        "raid", "", "2020-10-03", "stated"),
    "a day earlier counts from the recap": (
        "On September 29, sources said that talks were held in Kanaker.\n\n"
        "A day earlier, troops raided houses in the town.",
        "raid", "2020-09-28", "2020-09-28", "relative"),
    "a day earlier, told": (
        "On September 29, sources said that talks were held in Kanaker.\n\n"
        "A day earlier, activists reported that troops raided houses in the town.",
        "raid", "", "2020-09-28", "told_on"),
    "two days earlier counts from the recap": (
        "On October 3, troops released six women in Kanaker.\n\nTwo days earlier, troops shelled the town.",
        "bombardment", "2020-10-01", "2020-10-01", "relative"),
    "recap within a recap": (
        "On October 3, sources said that talks were held in Kanaker.\n\n"
        "A day earlier, troops raided houses in the town.\n\nA day earlier, troops shelled the town.",
        "bombardment", "2020-10-01", "2020-10-01", "relative"),
    "today inside a recap": (
        "On September 21, activists in Kanaker said that troops shelled the town today.",
        "bombardment", "2020-09-21", "2020-09-21", "relative"),
    "today in the sentence after a recap's head": (
        "On September 21, activists in Kanaker told of a curfew. Troops shelled the town today.",
        "bombardment", "2020-09-21", "2020-09-21", "relative"),
    "yesterday inside a recap": (
        "On September 21, activists said that troops arrested ten men in Kanaker yesterday.",
        "arrest", "2020-09-20", "2020-09-20", "relative"),
    "siege that went on in a recap": (
        "On September 28, activists reported that the siege of Kanaker continues.",
        "siege_continues", "2020-09-28", "2020-09-28", "told_on"),
    "recap ends where another opens": (
        "On October 3, talks were held in Kanaker.\n\nYesterday, troops raided houses in the town.",
        "raid", "2020-10-08", "2020-10-08", "relative"),
    "the next day counts from the last day told": (
        "On October 3, elders of Kanaker met officers.\n\nThe next day, troops raided houses in the town.",
        "raid", "2020-10-04", "2020-10-04", "relative"),
    "weekday with its day opens a passage": (
        "On Friday, October 2, troops raided houses in Kanaker.", "raid", "2020-10-02", "2020-10-02", "stated"),
    "days after the deal are not days ago": (
        "Ten days after the deal, troops imposed a siege on Kanaker.", "siege_imposed", "", "2020-10-09", "published"),
    "two days later counts from the last day told": (
        "On October 3, elders of Kanaker met officers.\n\nTwo days later, fighters of the town handed over weapons.",
        "weapons_handover", "2020-10-05", "2020-10-05", "relative"),
    "date deep inside a sentence rules no other": (
        "Troops raided houses in Kanaker on October 1. Gunmen attacked a checkpoint in the town.",
        "attack", "", "2020-10-09", "published"),
    # how long it has lasted
    "siege for nearly 20 days": (
        "Troops imposed a siege on Kanaker nearly 20 days ago.",
        "siege_imposed", "2020-09-16", "2020-09-22", "relative"),
    "arrest seen from nearly 20 days in custody": (
        "Six women of Kanaker, who were arrested nearly 20 days ago, are still in custody.",
        "arrest", "2020-09-16", "2020-09-22", "relative"),
    "custody for nearly 20 days is of the day": (
        "Six women of Kanaker are still held for nearly 20 days.",
        "custody_continues", "2020-10-09", "2020-10-09", "published"),
    "the 17th day of the siege": (
        "For the 17th day, the siege of Kanaker continues.",
        "siege_continues", "2020-10-09", "2020-10-09", "published"),
    "arrest since a day": (
        "Six women of Kanaker, arrested on September 19, have been in custody since then.",
        "arrest", "2020-09-19", "2020-09-19", "stated"),
    # days to come are plans; the day is that of the agreement
    "plan for a day": (
        "Under the deal, fighters will leave the town of Kanaker on October 20.",
        "evacuation", "", "2020-10-09", "published"),
    "plan in a recap": (
        "On October 3, sources said that fighters would leave the town of Kanaker within the coming days.",
        "evacuation", "", "2020-10-03", "told_on"),
    "plan for a weekday": (
        "Fighters will leave Kanaker town on Sunday.", "evacuation", "", "2020-10-09", "published"),
    "threat with a deadline": (
        "Officers threatened to storm Kanaker next Monday.", "storming", "", "2020-10-09", "published"),
}  # fmt: skip

# published, text, type, earliest, latest, basis
OTHER_DAYS = {
    "year crossing in a recap": (
        "2021-01-05",
        "On December 28, sources said that talks were held in Tafas.\n\nA day earlier, troops shelled the town.",
        "bombardment", "2020-12-27", "2020-12-27", "relative"),
    "leap day in the past": (
        "2021-06-01", "Troops raided houses in Tafas on February 29.", "raid", "2020-02-29", "2020-02-29", "stated"),
    "no publication date keeps day and month": (
        "", "Troops raided houses in Tafas on October 3.", "raid", "XXXX-10-03", "XXXX-10-03", "stated"),
    "no publication date, told on": (
        "", "On October 8, sources said that troops released six women in Tafas.",
        "release", "", "XXXX-10-08", "told_on"),
    "no publication date, a day earlier in a recap": (
        "", "On October 3, talks were held in Tafas.\n\nA day earlier, troops shelled the town.",
        "bombardment", "XXXX-10-02", "XXXX-10-02", "relative"),
    "no publication date and no date": (
        "", "Troops have lifted the siege of Tafas.", "siege_lifted", "", "", "published"),
    "no publication date, yesterday": ("", "Troops raided houses in Tafas yesterday.", "raid", "", "", "relative"),
    "interval, no date": (
        "2021-08-01/2021-08-15", "Troops have lifted the siege of Tafas.",
        "siege_lifted", "", "2021-08-15", "published"),
    "interval, yesterday": (
        "2021-08-01/2021-08-15", "Yesterday, troops raided houses in Tafas.",
        "raid", "2021-07-31", "2021-08-14", "relative"),
    "interval, stated day": (
        "2021-08-01/2021-08-15", "On July 29, troops raided houses in Tafas.",
        "raid", "2021-07-29", "2021-07-29", "stated"),
    "interval, siege that continues": (
        "2021-08-01/2021-08-15", "The siege of Tafas continues.",
        "siege_continues", "2021-08-01", "2021-08-15", "published"),
    "month of publication only": (
        "2021-08", "Troops have lifted the siege of Tafas.", "siege_lifted", "", "2021-08-31", "published"),
    "summer gone by": (
        "2021-09-10", "Troops arrested ten men in Tafas this summer.",
        "arrest", "2021-06-01", "2021-08-31", "relative"),
}  # fmt: skip


def read_days(text, published, event_type, gazetteer):
    rows = code_report(Report("x-1", "x", "", published, text), gazetteer)
    return [(r["earliest"], r["latest"], r["date_basis"]) for r in rows if r["type"] == event_type]


@pytest.mark.parametrize(("text", "event_type", "earliest", "latest", "basis"), PASSAGES.values(), ids=PASSAGES)
def test_passage_gives_its_day(text, event_type, earliest, latest, basis, gazetteer):
    assert read_days(ABOUT + text, PUBLISHED, event_type, gazetteer) == [(earliest, latest, basis)]


@pytest.mark.parametrize(
    ("published", "text", "event_type", "earliest", "latest", "basis"), OTHER_DAYS.values(), ids=OTHER_DAYS
)
def test_day_of_publication_is_reckoned_from(published, text, event_type, earliest, latest, basis, gazetteer):
    days = read_days(text, published, event_type, gazetteer)
    assert [d[:2] for d in days] == [(earliest, latest)]
    assert not (earliest or latest) or days[0][2] == basis  # where no day is known, there is nothing to base


# --- EDTF -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-10-09", "2020-10-09", "2020-10-09"),
        ("2020-10", "2020-10-01", "2020-10-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-10-XX", "2020-10-01", "2020-10-31"),
        ("2020-XX", "2020-01-01", "2020-12-31"),
        ("2020-10-09~", "2020-10-09", "2020-10-09"),
        ("2020-21", "2020-03-01", "2020-05-31"),
        ("2020-22", "2020-06-01", "2020-08-31"),
        ("2020-24", "2020-12-01", "2021-02-28"),
        ("2020-10-09/2020-11-15", "2020-10-09", "2020-11-15"),
        ("2020-10/2021", "2020-10-01", "2021-12-31"),
        ("2020-10-09/..", "2020-10-09", ""),
        ("../2020-10-09", "", "2020-10-09"),
        ("XXXX-10-03", "XXXX-10-03", "XXXX-10-03"),
        ("XXXX-02", "XXXX-02-01", "XXXX-02-29"),
        (" 2020-10-09 ", "2020-10-09", "2020-10-09"),
    ],
)
def test_edtf_is_read(text, first, last):
    assert tuple(map(format_day, parse_edtf(text))) == (first, last)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9 October 2020", "no EDTF"),
        ("2020-13", "does not exist"),
        ("2021-02-29", "does not exist"),
        ("2020-10-32", "does not exist"),
        ("2020-1-9", "no EDTF"),
        ("2020-11-15/2020-10-09", "ends before it starts"),
        ("2020/2021/2022", "no EDTF"),
        ("", "no EDTF"),
        ("20201009", "no EDTF"),
    ],
)
def test_edtf_error_names_text_and_reason(text, message):
    with pytest.raises(ValueError, match=message) as error:
        parse_edtf(text)
    assert repr(text) in str(error.value)


def test_edtf_is_written_back_as_read():
    for day in ("2020-10-09", "1999-12-31", "XXXX-02-29", "XXXX-12-31"):
        assert format_day(parse_edtf(day)[0]) == day
    assert format_day(None) == ""


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [("2020-05-31", -3, "2020-02-29"), ("2020-10-09", -12, "2019-10-09"), ("2020-01-15", -2, "2019-11-15")],
)
def test_months_are_whole_months(day, months, moved):
    assert shift_months(date.fromisoformat(day).toordinal(), months) == date.fromisoformat(moved).toordinal()
