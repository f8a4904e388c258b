"""A report -> passages: each sentence with its clauses, cues, places and dates, and the day that it speaks of."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from analysis.clauses import split_clauses
from analysis.cues import Hit, Word, find_hits
from analysis.dates import DateExpression, find_dates
from analysis.edtf import YEARLESS, parse_edtf
from analysis.mentions import Group, find_main, find_places, join_mentions
from analysis.places import Gazetteer, Mention
from analysis.reports import Report
from analysis.resolving import Resolved, resolve
from analysis.sentences import Sentence, Words, lower_text
from analysis.spelling import find_spelled, may_be_spelled
from analysis.who import may_count

_OPENING = re.compile(
    r"(?:[\"“'(•*–-]*\s*)?(?:(?:and|while|meanwhile|also|moreover|earlier|later|then|but|yet|however|for (?:its|their|his) part|in addition|in turn|likewise|similarly"  # noqa: E501
    r"|on the other hand|notably|early|late|by|of|as of|since|around|at dawn|at noon|the evening|the morning|the night|in|on|at|the)[\s,]+)*$"
)
_POINTING = ("town", "city", "cities", "village", "neighbo", "district", "quarter", "camp", "area", "region", "province", "governorate", "suburb",
             "enclave", "there", "communit", "place")  # fmt: skip


class Told(NamedTuple):
    """The day that a passage speaks of, and whether its date is only the day on which things were told."""

    span: tuple[int, int]
    told_on: bool
    basis: str


class Passage(NamedTuple):
    """One sentence with all that was found in it, and the day that it speaks of.

    ``spelled`` are its unlisted spellings of places, ``numbers`` the words that may be numbers; ``points`` tells whether a
    word may point to a place without naming it.
    """

    sentence: Sentence
    clauses: list[tuple[int, int]]
    hits: list[Hit]
    groups: list[Group]
    narrow: list[Group]
    dates: list[tuple[DateExpression, Resolved]]
    opening: DateExpression | None
    told: Told
    lowered: str
    spelled: list[Mention]
    numbers: list[tuple[int, int, Word]]
    points: bool


class Candidate(NamedTuple):
    """One event proposed: its anchor in a clause of a passage, with the probability that the clause tells it."""

    passage: int
    clause: int
    anchor: int
    hit: Hit
    score: float


class Reading(NamedTuple):
    """Many reports read together: their words, their clauses (places of words), the passages of each and what it is about."""

    words: Words
    clauses: list[list[tuple[int, int]]]
    passages: list[list[Passage]]
    mains: list[dict[tuple[str, ...], list[str]]]


def read_passages(report: Report, gazetteer: Gazetteer) -> tuple[list[Passage], dict[tuple[str, ...], list[str]]]:
    """Read a report into passages, and find the place that it is about."""
    reading = read_reports([report], gazetteer)
    return reading.passages[0], reading.mains[0]


def read_reports(reports: list[Report], gazetteer: Gazetteer) -> Reading:
    """Read reports into passages: where to look for cues, places and dates is worked out for the words of all at once."""
    words = Words([r.text for r in reports])
    clauses = split_clauses(words)
    names = words.mark(gazetteer.can_begin)
    spelled = words.mark(lambda raw, w: bool(raw) and may_be_spelled(raw, w, gazetteer))
    cued, dated = words.mark(lambda _, w: bool(w.starts or w.classes)), words.mark(lambda _, w: w.dated)
    numbers, points = words.mark(lambda _, w: may_count(w)), words.mark(lambda _, w: w.startswith(_POINTING))
    spots = zip(words.bounds, clauses, *map(words.list_marked, (names, spelled, cued, dated, numbers, points)), strict=True)
    passages = [_read_report(r, s, list(islice(spots, len(s))), words.rows, gazetteer) for r, s in zip(reports, words.sentences, strict=True)]
    return Reading(words, clauses, passages, [find_main([p.groups for p in found], gazetteer) for found in passages])


def _read_report(report: Report, sentences: list[Sentence], spots: list[tuple], rows: list, gazetteer: Gazetteer) -> list[Passage]:
    text = report.text
    lowered = lower_text(text)
    published = Told(read_published(report.published), False, "published")
    mentions = [
        find_places(text, lowered, s, [n - low for n in names], gazetteer)
        for s, ((low, _), _, names, *_) in zip(sentences, spots, strict=True)
    ]
    context = Counter(
        gazetteer.places[m.place_ids[0]].admin1 for found in mentions for m in found if len(m.place_ids) == 1
    )
    told, last, passages = published, published.span, []
    for sentence, found, ((low, _), clauses, _, spelled, cued, dated, numbers, points) in zip(sentences, mentions, spots, strict=True):
        hits = find_hits(lowered, [rows[n] for n in cued], sentence.end)
        dates = find_dates(text, [rows[n] for n in dated], sentence.start, sentence.end)
        passage, opening = read_passage_day(sentence, dates, hits, told, published, lowered, last)
        told = _move_day(told, passage, published)
        current = passage or told
        days = _resolve_all(dates, opening, current, passage.span if passage else last)
        exact = [d.earliest for _, d in days if d.earliest is not None and d.earliest == d.latest]
        last = (exact[-1], exact[-1]) if exact else passage.span if passage else last
        more = find_spelled(text, sentence.words, [n - low for n in spelled], found, context, gazetteer) if spelled else []
        groups = join_mentions(sorted(found + more) if more else found, lowered, sentence, context, gazetteer)
        narrow = [g for g in groups if not g.wide]
        clauses = [(i - low, j - low) for i, j in clauses]
        counted = [rows[n] for n in numbers]
        passages.append(Passage(sentence, clauses, hits, groups, narrow, days, opening, current, lowered, more, counted, bool(points)))
    return passages


def read_published(published: str) -> tuple[int, int]:
    """Read a day of publication into its range; all of the unknown year where none is given, one bound for both where one is open."""
    low, high = parse_edtf(published) if published else YEARLESS
    if low is None or high is None:
        low = high = low if low is not None else high
    return low, high


def _resolve_all(dates: list[DateExpression], opening: DateExpression | None, told: Told, last: tuple[int, int]) -> list:
    days = []
    for found in dates:
        day = resolve(found, told.span, last) if found is not opening else Resolved(*told.span, told.basis)
        if day is not None and not day.future and (day.earliest, day.latest) != (None, None):
            days.append((found, day))
    return days


def read_passage_day(sentence: Sentence, dates: list[DateExpression], hits: list[Hit], told: Told, published: Told,
                     lowered: str, last: tuple[int, int]) -> tuple[Told | None, DateExpression | None]:  # fmt: skip
    """Read the date with which a sentence opens; None where it opens with none."""
    if not dates or sentence.headline:
        return None, None
    first = dates[0]
    if first.kind == "duration" or first.start - sentence.start > 60:
        return None, None
    if not _OPENING.fullmatch(lowered[sentence.start : first.start]):
        return None, None
    base = told.span if first.rule in ("ago", "days ago", "previous day") and "ago" not in lowered[first.start : first.end] else published.span
    if first.kind == "narrative":
        base = last
    found = resolve(first, base, last)
    if found is None or found.future or found.latest is None:
        return None, first
    low = found.earliest if found.earliest is not None else found.latest
    reports = any(h.cue.group == "reporting" and h.start - first.end < 60 for h in hits)
    return Told((low, found.latest), reports, "told_on" if reports else found.basis), first


def _move_day(told: Told, passage: Told | None, published: Told) -> Told:
    """Keep a passage's day for what follows; a span of more than a month holds for its own sentence only."""
    if passage is None:
        return told
    if passage.span[1] - passage.span[0] > 31 + published.span[1] - published.span[0]:
        return told
    return passage


def mark_passage(passages: list[Passage], number: int) -> list[str]:
    """Name what the ``type`` model is told of a sentence as a whole."""
    sentence = passages[number].sentence
    marks = ["all", "headline" if sentence.headline else "lead" if number < 3 else "body"]
    return marks + ["opens paragraph"] * sentence.opens + ["place named"] * bool(passages[number].groups) + ["date told"] * bool(passages[number].dates)
