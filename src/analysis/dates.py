"""Date expressions in a text: which words name or count days. :mod:`analysis.resolving` turns them into days."""

from __future__ import annotations

import re
from typing import NamedTuple

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
FITTING: dict[tuple[str, bool, bool], list] = {}  # of a unit of time, by whether a number stands before it and "ago" behind
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
        if _rules is not _UNIT_RULES:
            continue
        for _counted, _followed in ((False, False), (False, True), (True, False), (True, True)):
            FITTING[_word, _counted, _followed] = [
                r for r in TRIGGERS[_word]
                if (_counted or not r[2].pattern.startswith(r"\b" + _HEDGE + _N)) and (_followed or r[0] not in ("ago", "narrative later"))
            ]  # fmt: skip
_COUNTS = frozenset(NUMBERS) | frozenset("few several of some dozen many full whole long consecutive straight".split())
_AGO = re.compile(r"\s+(?:ago|earlier|before|prior|previously|back|later|after)", re.I)
_SINCE = re.compile(r"\bsince\s+(?:the\s+)?$")
_NOT_WORD = re.compile(r"\W+")


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
        if (word, True, True) in FITTING:
            rules = FITTING[word, _is_counted(text[left:start]), _AGO.match(text, stop) is not None]
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
            since = _SINCE.search(before) is not None or match.group().lower().startswith("since")
            groups = {k: v for k, v in match.groupdict().items() if v}
            found.append(DateExpression(match.start(), match.end(), kind, name, groups, since))
            end = match.end()
            break
    return found


def _is_counted(before: str) -> bool:
    """Tell whether what stands before a unit of time can end in its number."""
    last = _NOT_WORD.split(before)[-2:][0].lower()
    return last in _COUNTS or last[-1:].isdigit()


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
