"""Date expressions -> ranges of days. A report bounds a date; nothing here ever invents a day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from analysis.dates import DAYS, MONTHS, NUMBERS, ORDINALS, SEASONS, DateExpression
from analysis.edtf import YEARLESS, shift_months, span_months

_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "fortnight": 14}
_SLACK = {"day": 0, "week": 3, "month": 15, "year": 183, "fortnight": 3}


class Resolved(NamedTuple):
    """A range of days with its basis (stated, relative, counted); ``future`` marks a day after the day spoken of."""

    earliest: int | None
    latest: int | None
    basis: str
    future: bool = False


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
    low, high = date(start_year, month, 1).toordinal(), span_months(end_year, month_2, month_2)[1]
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
        low, high = span_months(year, *SEASONS[g["season"].lower()])
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
        if "ly" in g or span_months(year, first, last)[0] > high:
            year -= 1
        elif g["which"].lower() in ("last", "past") and span_months(year, first, last)[1] >= high:
            year -= 1
        return Resolved(*span_months(year, first, last), "relative")
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
