"""Date expressions -> ranges of days. A report bounds a date; nothing here ever invents a day.

Days are proleptic Gregorian ordinals (``datetime.date.toordinal``); a range is ``(earliest, latest)`` with None for
an open side. Where a report has no publication date, days are reckoned in the year 4 and written ``XXXX-10-03``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

YEARLESS = (date(4, 1, 1).toordinal(), date(4, 12, 31).toordinal())
MONTHS = "january february march april may june july august september october november december".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
NUMBERS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "fortnight": 14}
_SLACK = {"day": 0, "week": 3, "month": 15, "year": 183, "fortnight": 3}


class DateExpression(NamedTuple):
    """One date expression of a text: its characters, its kind, and what :func:`resolve` needs.

    ``kind`` is ``stated`` (names a day, month or year), ``relative`` (counts from the day spoken of), ``duration``
    (how long something has lasted) or ``narrative`` (counts from the last day told, "the next day").
    """

    start: int
    end: int
    kind: str
    rule: str
    groups: dict
    since: bool = False


class Resolved(NamedTuple):
    """A range of days with its basis (stated, relative, counted); ``future`` marks a day after the day spoken of."""

    earliest: int | None
    latest: int | None
    basis: str
    future: bool = False


# --- EDTF -----------------------------------------------------------------------------------------------------------

_EDTF_PART = re.compile(r"(\d{4}|XXXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[~?%]?$")


def parse_edtf(text: str) -> tuple[int | None, int | None]:
    """Parse an EDTF day, month, year, season or interval into (first day, last day); None for an open side.

    Raises
    ------
    ValueError
        Where the text is none of these, or names a day that the calendar lacks.

    >>> [date.fromordinal(d).isoformat() for d in parse_edtf("2020-10/2020-11-15")]
    ['2020-10-01', '2020-11-15']
    """
    parts = text.strip().split("/")
    if len(parts) > 2:
        raise ValueError(f"{text!r} is no EDTF date or interval; write 2020-10-09, 2020-10 or 2020-10-09/2020-11-15")
    if len(parts) == 1:
        return _parse_part(parts[0], text)
    first = None if parts[0] in ("..", "") else _parse_part(parts[0], text)[0]
    last = None if parts[1] in ("..", "") else _parse_part(parts[1], text)[1]
    if first is not None and last is not None and first > last:
        raise ValueError(f"{text!r} ends before it starts; write the earlier date first")
    return first, last


def _parse_part(part: str, text: str) -> tuple[int, int]:
    match = _EDTF_PART.match(part)
    if not match:
        raise ValueError(f"{text!r} is no EDTF date or interval; write 2020-10-09, 2020-10 or 2020-10-09/2020-11-15")
    year = 4 if match[1] == "XXXX" else int(match[1])
    try:
        if not match[2] or match[2] == "XX":
            return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        month = int(match[2])
        if month in (21, 22, 23, 24):
            return _months(year, 3 * (month - 20), 3 * (month - 20) + 2)
        if not match[3] or match[3] == "XX":
            return _months(year, month, month)
        day = date(year, month, int(match[3])).toordinal()
        return day, day
    except ValueError as error:
        raise ValueError(f"{text!r} names a day that does not exist ({error})") from None


@lru_cache(maxsize=65536)
def format_day(day: int | None) -> str:
    """Write a day as EDTF; an unknown year as ``XXXX-10-03``; an open side as an empty string."""
    if day is None:
        return ""
    if day <= YEARLESS[1] + 800:
        return "XXXX" + date.fromordinal(day).isoformat()[4:] if day > 0 else ""
    return date.fromordinal(day).isoformat()


def _months(year: int, first: int, last: int) -> tuple[int, int]:
    year_2, last = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, first, 1).toordinal(), date(year_2, last, monthrange(year_2, last)[1]).toordinal()


def shift_months(day: int, months: int) -> int:
    """Move a day by whole months, to the last day of the month where the day number is missing there."""
    moved = date.fromordinal(day)
    year, month = divmod(moved.year * 12 + moved.month - 1 + months, 12)
    return date(max(year, 1), month + 1, min(moved.day, monthrange(max(year, 1), month + 1)[1])).toordinal()


# --- finding --------------------------------------------------------------------------------------------------------

_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b(?:(?<![a-z]{{4}})\.(?=,?\s*\d))?"
)
_M, _M2 = _MONTH.format("m"), _MONTH.format("m2")
_ON = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s+(?:morning|afternoon|evening|night))?,?\s+\(?(?:the\s+)?)?"
)
_Y = r"(?:,?\s+(?:of\s+)?(?:last\s+(?P<ly>year)|(?P<y>(?:19|20)\d\d)))?"
_D = r"(?<![\d.,])(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%]|[.,]\d|(?:st|nd|rd|th)\w)"
_D2 = r"(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%]|[.,]\d)"
_TO = r"\s*(?:-|–|—|to|and|until|till|through)\s*(?:the\s+)?"
_PART = (
    r"(?P<part>early|mid|late|the\s+(?:beginning|start|end|middle|first\s+half|second\s+half"
    r"|(?:first|second|third|fourth|last)\s+week)\s+of)[\s-]+(?:in\s+)?"
    r"(?:the\s+month\s+of\s+)?"
)
_NAMED = r"(?!\s+(?:of|in)\s+(?:" + "|".join(MONTHS) + r"|Eid|Ramadan|(?:19|20)\d\d)\b)"
_N = (
    r"(?P<n>\d{1,4}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|a\s+few|few|several|a\s+couple\s+of|couple\s+of|some|a\s+dozen|many"
    r"|half\s+a|hundreds\s+of|tens\s+of|dozens\s+of)"
)
_HEDGE = (
    r"(?P<hedge>(?:nearly|about|around|almost|approximately|roughly|some|more\s+than|over|less\s+than|under|at\s+least"
    r"|exceeding|up\s+to|close\s+to|just\s+over|well\s+over|just\s+under)\s+)?"
)
_U = r"(?P<u>day|week|month|year|fortnight)s?"


def _compile(*rules: tuple[str, str, str]) -> list[tuple[str, str, re.Pattern]]:
    return [(name, kind, re.compile(r"\b" + text, 0 if "(?P<m>" in text else re.I)) for name, kind, text in rules]


_MONTH_RULES = _compile(
    ("day range", "stated", rf"{_M}\s+(?:the\s+)?{_D}{_TO}{_D2}(?!\s+(?:{_MONTH.format('m3')})){_Y}"),
    ("day range over months", "stated", rf"{_M}\s+(?:the\s+)?{_D}{_TO}{_M2}\s+(?:the\s+)?{_D2}{_Y}"),
    ("day range", "stated", rf"{_D}{_TO}{_D2}\s+(?:of\s+)?{_M}{_Y}"),
    ("day range over months", "stated", rf"{_D}\s+(?:of\s+)?{_M}{_TO}{_D2}\s+(?:of\s+)?{_M2}{_Y}"),
    ("day and month", "stated", rf"{_ON}{_D}\s+(?:of\s+)?{_M}{_Y}"),
    ("day and month", "stated", rf"(?P<do>{'|'.join(ORDINALS)})\s+of\s+{_M}{_Y}"),
    ("month and day", "stated", rf"{_ON}{_M}\s+(?:the\s+)?{_D}{_Y}"),
    ("part of month", "stated", rf"(?i:{_PART}){_M}{_Y}"),
    ("month of year", "stated", rf"{_M},?\s+(?:of\s+)?(?P<y>(?:19|20)\d\d)"),
    ("month range", "stated", rf"{_M}{_TO}{_M2}{_Y}"),
    # A short form before a capital is no month: the Mar Elias church.
    ("month", "stated",
     rf"(?P<last>(?:last|this|past)\s+)?{_M}(?!(?<=Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+[A-Z])(?:\s+of"
     rf"\s+(?:last\s+(?P<ly>year)|this\s+year))?"),
)
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_WHEN = r"(?:\s+(?:morning|afternoon|evening|night|noon|dawn|midday|midnight))?"
_YEAR_RULES = _compile(
    ("ISO day", "stated", r"(?<!\d)(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)"),
    ("numeric day", "stated", r"(?<!\d)(?P<dd>[0-3]?\d)[/.](?P<mm>[01]?\d)[/.](?P<y>(?:19|20)\d\d)(?!\d)"),
    ("season of year", "stated", rf"{_SEASON}\s+(?:of\s+)?(?P<y>(?:19|20)\d\d)"),
    ("part of year", "stated", rf"{_PART}(?P<y>(?:19|20)\d\d)\b"),
    ("year range", "stated", rf"(?:between|from)\s+(?P<y>(?:19|20)\d\d){_TO}(?P<y2>(?:19|20)\d\d)\b"),
    ("year", "stated",
     r"(?:in|since|during|of|until|year|from|by|for)\s+(?P<y>(?:19|20)\d\d)\b"
     r"(?!\s+(?:people|fighters|families|civilians|persons|militants|gunmen|residents|rebels|men|women"
     r"|children|youths|soldiers|troops|members|detainees|prisoners|names|cases|rifles|weapons|guns|pieces|shells|rockets"
     r"|houses|homes|buses|trucks|vehicles|parcels|baskets|met(?:re|er)s|kilomet\w+|tons|tonnes|litres|pounds|dollars|euros))"),
)
_SEASON_RULES = _compile(
    ("season of year", "stated", rf"{_SEASON}\s+(?:of\s+)?(?P<y>(?:19|20)\d\d)"),
    ("season", "relative", rf"(?P<which>this|last|past|the)\s+{_SEASON}(?:\s+of\s+(?P<ly>last)\s+year)?"),
)
_WEEKDAY_RULES = _compile(
    ("weekday", "relative",
     rf"(?:(?P<which>last|next|coming|this|past)\s+)?(?P<w>{'|'.join(DAYS)})(?P<lw>\s+of\s+last\s+week)?(?>{_WHEN})"
     rf"(?!\w|,?\s+\(?(?:the\s+)?(?:[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{'|'.join(m[:3] for m in MONTHS)}))"),
)
_TODAY_RULES = _compile(
    ("day before yesterday", "relative", r"(?:the\s+)?day\s+before\s+yesterday"),
    ("yesterday", "relative", rf"yesterday(?:'s)?{_WHEN}"),
    ("today", "relative", r"(?:earlier\s+|later\s+)?today(?:'s)?"),
    ("tonight", "relative", r"tonight"),
)
_UNIT_RULES = _compile(
    ("day before yesterday", "relative", r"(?:the\s+)?day\s+before\s+yesterday"),
    ("last night", "relative", r"(?:last\s+night|overnight|the\s+night\s+before)"),
    ("this morning", "relative", r"(?:(?:earlier|later)\s+)?this\s+(?:morning|afternoon|evening|noon|night|dawn)"),
    ("narrative same day", "narrative",
     r"(?:(?:on\s+)?(?:the\s+)?same\s+(?:day|evening|morning|night)|(?:later\s+)?that\s+(?:same\s+)?(?:day"
     r"|evening|night|morning))"),
    ("narrative next day", "narrative",
     r"(?:the\s+)?(?:next|following)\s+(?:day|morning)|the\s+day\s+after|a\s+day\s+(?:later|after)"),
    ("narrative later", "narrative", rf"{_HEDGE}{_N}\s+{_U}\s+(?:later|after\s+that|afterwards)"),
    ("previous day", "relative", r"(?:the\s+|on\s+the\s+)?(?:previous|preceding)\s+day|the\s+day\s+before"),
    ("ago", "relative",
     rf"{_HEDGE}{_N}\s+(?:full\s+)?{_U}\s+(?:ago|earlier|before|prior|previously|back)(?!\s+(?:the|his|her|its"
     rf"|their|that|being|it|he|they)\b)"),
    ("days ago", "relative",
     r"(?P<u>day|week|month|year)s\s+(?:ago|earlier|before)(?!\s+(?:the|his|her|its|their|that|being)\b)"),
    ("past hours", "relative",
     r"(?:in|over|during|within|for)\s+(?:the\s+)?(?:past|last|previous)\s+(?P<h>24|48|72|twenty[\s-]four"
     r"|forty[\s-]eight|few|several|couple\s+of)?\s*hours?"),
    ("hours ago", "relative",
     r"(?:(?:a\s+few|several|some|two|three|four|five|six|(?P<h>\d+)|a\s+couple\s+of|an)\s+)?hours?"
     r"\s+(?:(?P<back>ago|earlier|before)|later|after)"),
    ("past span", "relative",
     rf"(?:in|over|during|within|throughout|for)\s+(?:the\s+)?(?:past|last|previous|recent)"
     rf"\s+(?:{_N}\s+)?(?P<u>day|week|month|year|fortnight)(?P<many>s)?\b{_NAMED}"),
    ("past span", "relative", rf"(?:the\s+)?(?:past|last)\s+{_N}\s+{_U}"),
    ("day of this month", "stated",
     rf"(?:(?P<d>[0-3]?\d)(?:st|nd|rd|th)?|(?P<do>{'|'.join(ORDINALS)}))\s+of\s+(?:the\s+)?(?P<which>this|current"
     rf"|same|last|past|previous)\s+month"),
    ("earlier this", "relative", r"(?:(?P<e>earlier|later|early|late)\s+)?(?:in\s+)?this\s+(?P<u>week|month|year)"),
    ("last unit", "relative",
     r"(?:(?P<part>late|early|mid|the\s+end\s+of|the\s+beginning\s+of)[\s-]+)?(?:in\s+)?(?:the\s+)?(?:last|past"
     r"|previous)\s+(?P<u>week|month|year)(?:end)?\b" + _NAMED),
    ("nth day", "duration",
     rf"(?:the\s+|its\s+|their\s+|a\s+|for\s+(?:the\s+|a\s+))(?:(?P<nth>\d{{1,3}})(?:st|nd|rd|th)"
     rf"|(?P<nthw>{'|'.join(ORDINALS)}))\s+(?:consecutive\s+|straight\s+|successive\s+)?(?P<u>day|week|month"
     rf"|year)\b{_NAMED}"),
    ("duration", "duration",
     rf"{_HEDGE}{_N}[\s-]+(?:(?:consecutive|straight|full|whole|long)\s+)?{_U}\b(?![\s-]old)"
     r"(?!\s+(?:after|before|prior)\b)"),
    ("duration", "duration", r"(?:for|after)\s+(?P<u>day|week|month|year)s\b"),
    ("future", "relative", rf"(?:in|within)\s+(?:the\s+)?(?:coming|next)\s+(?:{_N}\s+)?(?:hours|{_U})"),
)
TRIGGERS: dict[str, list] = {}
for _words, _rules in (
    (MONTHS + "jan feb mar apr jun jul aug sept sep oct nov dec".split(), _MONTH_RULES),
    (DAYS, _WEEKDAY_RULES),
    (["yesterday", "today", "tonight"], _TODAY_RULES),
    (list(SEASONS), _SEASON_RULES),
    ("day days week weeks month months year years hour hours night morning evening afternoon dawn noon overnight"
     " weekend fortnight".split(), _UNIT_RULES),
):
    for _word in _words:
        _stem = "week" if _word == "weekend" else _word.rstrip("s")
        _can_match = re.compile(rf"(?<![a-z]){_stem}").search
        TRIGGERS[_word] = [r for r in _rules if _rules is not _UNIT_RULES or _can_match(r[2].pattern)]
_ISO = re.compile(r"(?:19|20)\d\d")
_MONTH_START = re.compile(_MONTH.format("m"))


def is_trigger(word: str) -> bool:
    """Tell whether a folded word can be part of a date expression that :func:`find_dates` reads."""
    if word in TRIGGERS:
        return True
    return len(word) >= 4 and (word[:2] in ("19", "20") and word[:4].isdigit() or word[-5:-2] in (".19", ".20"))


def find_dates(text: str, triggers: list[tuple[int, int, str]], low: int, high: int) -> list[DateExpression]:
    """Find the date expressions around the trigger words of ``text[low:high]``, left to right, no overlap."""
    found: list[DateExpression] = []
    end = low
    for start, stop, word in triggers:
        if start < end:
            continue
        if word in MONTHS and not text[start].isupper():
            continue
        if word in ("may", "march", "fall") and _is_verb(text, start, stop):
            continue
        rules = TRIGGERS.get(word, _YEAR_RULES)
        left, right = max(end, start - 48), min(high, stop + 40)
        for name, kind, pattern in rules:
            match = None
            for match in pattern.finditer(text, left, right):
                if match.start() <= start < match.end():
                    break
            else:
                continue
            before = text[max(low, match.start() - 40) : match.start()].lower()
            if name == "duration" and _NO_DURATION.search(before):
                break
            since = bool(re.search(r"\bsince\s+(?:the\s+)?$", before)) or match.group().lower().startswith("since")
            groups = {k: v for k, v in match.groupdict().items() if v}
            found.append(DateExpression(match.start(), match.end(), kind, name, groups, since))
            end = match.end()
            break
    return found


_NO_DURATION = re.compile(r"\b(?:aged?|ages|sentenced\s+(?:\w+\s+)?to|(?:sentence|term)s?\s+of)\b[^.;]{0,24}$")


def _is_verb(text: str, start: int, stop: int) -> bool:
    """Tell "may" and "march" the verb, and "fall" the noun of defeat, from the month and the season."""
    near = text[max(0, start - 14) : stop + 14].lower()
    if text[start:stop].lower() == "fall":
        return not re.search(r"\b(?:this|last|past)\s+fall\b|\bfall\s+(?:of\s+)?(?:(?:19|20)\d\d|last\s+year)", near)
    return not text[start].isupper() or (
        not re.search(r"(?:in|on|of|since|late|early|mid|last|this|until|by|from|and|to|during|\d)[\s-]+(?:may|march)\b"
                      r"|(?:may|march),?\s+\d", near)
    )


# --- resolving ------------------------------------------------------------------------------------------------------


def resolve(
    found: DateExpression, spoken: tuple[int, int], last_told: tuple[int, int] | None = None
) -> Resolved | None:
    """Turn an expression into a range of days.

    Parameters
    ----------
    found : DateExpression
    spoken : (int, int)
        Range of the day that the passage speaks of; within :data:`YEARLESS` where no year is known.
    last_told : (int, int), optional
        Range of the last day told, from which "the next day" counts; ``spoken`` where absent.

    Returns
    -------
    Resolved or None
        None where the expression names no day that the calendar has.
    """
    try:
        if found.kind == "stated":
            return _resolve_stated(found, spoken)
        anchor = last_told or spoken if found.kind == "narrative" else spoken
        resolved = _RESOLVERS[found.kind](found, anchor)
    except (ValueError, OverflowError):
        return None
    if anchor == YEARLESS and resolved is not None and not resolved.future:
        return Resolved(None, None, resolved.basis)  # counted from a day that nobody knows
    return resolved


def _read_month(text: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(text.lower()[:3]))


def _read_number(text: str | None) -> int | None:
    """Read a small number; None for "few", "several" and the like."""
    text = re.sub(r"[\s-]+", " ", (text or "").lower())
    if text.isdigit():
        return int(text)
    if text == "a dozen":
        return 12
    tens, _, unit = text.partition(" ")
    if unit and tens == "twenty":
        return 20 + NUMBERS[unit]
    return NUMBERS.get(text)


def _infer_year(month: int, day: int, spoken: tuple[int, int]) -> int:
    """Find the year of the last such day at or before the day spoken of (February 29 included)."""
    year = date.fromordinal(spoken[1]).year
    if spoken[1] <= YEARLESS[1] + 800:
        return 4
    for back in range(9):
        if day <= monthrange(year - back, month)[1] and date(year - back, month, day).toordinal() <= spoken[1]:
            return year - back
    raise ValueError("no such day")


def _resolve_stated(found: DateExpression, spoken: tuple[int, int]) -> Resolved:
    """Resolve what names a day, month or year; it is to come where it begins after a known day spoken of."""
    low, high, future = _read_stated(found, spoken)
    known = spoken[1] > YEARLESS[1] + 800
    return Resolved(low, high, "stated", future or known and low is not None and low > spoken[1])


def _read_stated(found: DateExpression, spoken: tuple[int, int]) -> tuple[int | None, int | None, bool]:
    g, rule = found.groups, found.rule
    if rule == "ISO day":
        day = date.fromisoformat(g["iso"]).toordinal()
        return day, day, False
    if rule == "numeric day":
        day = date(int(g["y"]), int(g["mm"]), int(g["dd"])).toordinal()
        return day, day, False
    if rule == "day of this month":
        return _read_day_of_month(g, spoken)
    if rule in ("year", "part of year", "year range", "season of year"):
        return *_read_year(g, rule, spoken), False
    month = _read_month(g["m"])
    month_2 = _read_month(g["m2"]) if "m2" in g else month
    one_day = rule.startswith("day") or rule == "month and day"
    first = int(g["d"]) if "d" in g else ORDINALS[g["do"].lower()] if "do" in g else 1
    last = int(g["d2"]) if "d2" in g else first if one_day else None
    if "y" in g:
        year = int(g["y"])
    elif "ly" in g:
        year = date.fromordinal(spoken[1]).year - 1
    else:
        year = _infer_year(month, first, spoken)
        ahead = date(year + 1, month, min(first, 28)).toordinal() if year > 4 else 0
        if one_day and 0 < ahead - spoken[1] <= 45:
            return None, None, True
    if month_2 < month:
        start_year, end_year = (year - 1, year) if "y" in g else (year, year + 1)
    else:
        start_year = end_year = year
    low, high = date(start_year, month, 1).toordinal(), _months(end_year, month_2, month_2)[1]
    if "part" in g:
        low, high = _cut_part(g["part"], low, high)
    elif one_day:
        low, high = date(start_year, month, first).toordinal(), date(end_year, month_2, last).toordinal()
    return low, high, False


def _read_day_of_month(g: dict, spoken: tuple[int, int]) -> tuple[int | None, int | None, bool]:
    if spoken == YEARLESS:
        return None, None, False
    number = int(g["d"]) if "d" in g else ORDINALS[g["do"].lower()]
    months = 1 if g["which"].lower() in ("last", "past", "previous") else 0
    low, high = (date.fromordinal(shift_months(d, -months)).replace(day=number).toordinal() for d in spoken)
    return low, high, False


def _cut_part(part: str, low: int, high: int) -> tuple[int, int]:
    """Cut the early, middle or late part out of a month or a year: thirds, halves where halves are said."""
    part, length = part.lower(), high - low + 1
    if "week" in part:
        start = high - 6 if "last" in part else low + 7 * (ORDINALS[part.split()[1]] - 1)
        return start, start + 6
    if "first half" in part:
        return low, low + length // 2 - 1
    if "second half" in part:
        return low + length // 2, high
    if part.startswith("early") or "beginning" in part or "start" in part:
        return low, low + length // 3 - 1
    if part.startswith("mid") or "middle" in part:
        return low + length // 3, high - length // 3
    return high - length // 3 + 1, high


def _read_year(g: dict, rule: str, spoken: tuple[int, int]) -> tuple[int, int]:
    year = int(g["y"])
    low, high = date(year, 1, 1).toordinal(), date(int(g.get("y2", year)), 12, 31).toordinal()
    if rule == "season of year":
        low, high = _months(year, *SEASONS[g["season"].lower()])
    elif rule == "part of year":
        low, high = _cut_part(g["part"], low, high)
    if spoken[1] > YEARLESS[1] + 800:
        high = min(high, max(low, spoken[1]))
    return low, high


def _resolve_relative(found: DateExpression, spoken: tuple[int, int]) -> Resolved | None:
    g, rule, (low, high) = found.groups, found.rule, spoken
    back = {"yesterday": 1, "previous day": 1, "day before yesterday": 2, "today": 0, "this morning": 0, "tonight": 0,
            "hours ago": int(g.get("h", 0)) // 24 if "back" in g else 0}.get(rule)
    if back is not None:
        return Resolved(low - back, high - back, "relative")
    if rule == "last night":
        return Resolved(low - 1, high, "relative")
    if rule == "future":
        return Resolved(None, None, "relative", True)
    if rule == "weekday":
        if g.get("which", "").lower() in ("next", "coming"):
            return Resolved(None, None, "relative", True)
        if high <= YEARLESS[1] + 800:
            return Resolved(low - 6, high, "relative")  # no year, no weekday: within the week before
        wanted = DAYS.index(g["w"].lower())
        if "lw" in g:
            return Resolved(*(d - date.fromordinal(d).weekday() - 7 + wanted for d in spoken), "relative")
        steps = [(date.fromordinal(d).weekday() - wanted) % 7 for d in spoken]
        if g.get("which", "").lower() == "last":
            steps = [s or 7 for s in steps]
        return Resolved(low - steps[0], high - steps[1], "relative")
    if rule == "past hours":
        days = {"48": 2, "forty-eight": 2, "72": 3}.get(g.get("h", "24").lower().replace(" ", "-"), 1)
        return Resolved(low - days, high, "relative")
    if rule == "season":
        first, last = SEASONS[g["season"].lower()]
        year = date.fromordinal(high).year
        if "ly" in g or _months(year, first, last)[0] > high:
            year -= 1
        elif g["which"].lower() in ("last", "past") and _months(year, first, last)[1] >= high:
            year -= 1
        return Resolved(*_months(year, first, last), "relative")
    return _resolve_counted(g, rule, low, high)


def _resolve_counted(g: dict, rule: str, low: int, high: int) -> Resolved | None:
    unit = g.get("u", "day").lower()
    number = _read_number(g.get("n"))
    if rule == "earlier this":
        start = {"week": high - 6, "month": date.fromordinal(high).replace(day=1).toordinal(),
                 "year": date(date.fromordinal(high).year, 1, 1).toordinal()}[unit]
        return Resolved(min(start, low), high, "relative")
    if rule == "last unit":
        today = date.fromordinal(high)
        if unit == "week":
            return Resolved(low - 7, high - 1, "relative")
        if unit == "year":
            first, last = date(today.year - 1, 1, 1).toordinal(), date(today.year - 1, 12, 31).toordinal()
        else:
            last = today.replace(day=1).toordinal() - 1
            first = date.fromordinal(last).replace(day=1).toordinal()
        return Resolved(*(_cut_part(g["part"], first, last) if "part" in g else (first, last)), "relative")
    if rule == "past span":
        days = {"day": 5, "week": 7, "month": 30, "year": 365, "fortnight": 14}[unit]
        if number is not None:
            days = number * _UNIT_DAYS[unit]
        elif ("n" in g or "many" in g) and unit != "day":
            days = 5 * _UNIT_DAYS[unit]
        return Resolved(low - days, high, "relative")
    if number is None:  # "days ago", "several weeks ago"
        if unit == "day":
            return Resolved(low - 5, high - 1, "relative")
        return Resolved(low - 5 * _UNIT_DAYS[unit], high - _UNIT_DAYS[unit], "relative")
    return _count_back(number, unit, g.get("hedge", ""), low, high, "relative")


def _count_back(number: int, unit: str, hedge: str, low: int, high: int, basis: str) -> Resolved:
    hedge, spoken_high = hedge.strip().lower(), high
    if unit in ("month", "year"):
        months = number * (12 if unit == "year" else 1)
        low, high = shift_months(low, -months), shift_months(high, -months)
    else:
        low, high = low - number * _UNIT_DAYS[unit], high - number * _UNIT_DAYS[unit]
    if hedge.startswith(("more", "over", "at least", "exceed", "just over", "well over")):
        return Resolved(None, high, basis)
    if hedge.startswith(("less", "under", "up to", "just under")):
        return Resolved(low, spoken_high, basis)
    slack = 3 if hedge else 0
    return Resolved(low - slack, high + slack, basis)


def _resolve_narrative(found: DateExpression, last_told: tuple[int, int]) -> Resolved | None:
    low, high = last_told
    if found.rule == "narrative same day":
        return Resolved(low, high, "relative")
    if found.rule == "narrative next day":
        return Resolved(low + 1, high + 1, "relative")
    number, unit = _read_number(found.groups.get("n")), found.groups["u"].lower()
    if number is None:
        return Resolved(low + 1, high + 5 * _UNIT_DAYS[unit], "relative")
    days = number * _UNIT_DAYS[unit]
    return Resolved(low + days - _SLACK[unit], high + days + _SLACK[unit], "relative")


def _resolve_duration(found: DateExpression, spoken: tuple[int, int]) -> Resolved | None:
    g, (low, high) = found.groups, spoken
    if found.rule == "nth day":
        number = int(g["nth"]) if "nth" in g else ORDINALS[g["nthw"].lower()]
        return _count_back(number, g["u"].lower(), "", low, high, "counted")
    number = _read_number(g.get("n"))
    if number is None:
        return None
    return _count_back(number, g["u"].lower(), g.get("hedge", ""), low, high, "counted")


_RESOLVERS = {"narrative": _resolve_narrative, "duration": _resolve_duration, "relative": _resolve_relative}
