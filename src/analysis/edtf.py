"""Days as EDTF -> ranges of days, and back.

Days are proleptic Gregorian ordinals (``datetime.date.toordinal``); a range is ``(earliest, latest)`` with None for
an open side. Where a report has no publication date, days are reckoned in the year 4 and written ``XXXX-10-03``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

YEARLESS = (date(4, 1, 1).toordinal(), date(4, 12, 31).toordinal())
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
            return span_months(year, 3 * (month - 20), 3 * (month - 20) + 2)
        if not match[3] or match[3] == "XX":
            return span_months(year, month, month)
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


def span_months(year: int, first: int, last: int) -> tuple[int, int]:
    """Return first and last day from one month of a year to another; months past 12 are in the year after."""
    year_2, last = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, first, 1).toordinal(), date(year_2, last, monthrange(year_2, last)[1]).toordinal()


def shift_months(day: int, months: int) -> int:
    """Move a day by whole months, to the last day of the month where the day number is missing there."""
    moved = date.fromordinal(day)
    year, month = divmod(moved.year * 12 + moved.month - 1 + months, 12)
    return date(max(year, 1), month + 1, min(moved.day, monthrange(max(year, 1), month + 1)[1])).toordinal()
