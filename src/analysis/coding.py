"""Reports -> events: what a report says happened, was agreed, threatened or denied, where and between which days.

A report is read once (:func:`read_passages`): sentences, clauses, cues, places, dates and the day that each passage
speaks of. Then the weights decide (:mod:`analysis.weighing`): which clauses tell an event, in what modality, where and when.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from analysis.cues import Cue, Hit, Word, find_hits, read_lexicon
from analysis.dates import YEARLESS, DateExpression, Resolved, find_dates, format_day, is_trigger, parse_edtf, resolve
from analysis.places import WIDE_KINDS, WORD, Gazetteer, Mention, Place, choose_homonym, fold
from analysis.reports import Report
from analysis.weighing import (
    MODALITIES,
    THRESHOLD,
    Weights,
    list_types,
    name_clauses,
    name_dates,
    name_modality,
    name_places,
    name_setting,
    read_weights,
    split_clauses,
    sum_rows,
)
from analysis.who import count_people, name_people, name_sides

EVENT_COLUMNS = [
    "report_id", "event_id", "type", "modality", "place_id", "place_name", "earliest", "latest", "date_basis", "actor",
    "target", "people", "count_min", "count_max", "evidence_start", "evidence_end", "rule", "cumulative",
]  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9•*–-])|\s*\n+\s*(?=\S)")
_ABBREVIATION = re.compile(r"(?:\b(?:[A-Z]|No|Gen|Col|Lt|Maj|Brig|Capt|Dr|Mr|Mrs|Ms|St|Sgt|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|approx)\.|\b[ap]\.m\.)$")
_LONGEST_SENTENCE = 1200


class Sentence(NamedTuple):
    """One sentence: its characters, its words (start, end, folded), and whether it opens a paragraph or heads it all."""

    start: int
    end: int
    words: list[tuple[int, int, Word]]
    opens: bool
    headline: bool


class Group(NamedTuple):
    """Places named in one list ("A, B and the town of C"): their ids, characters, and the word before the list."""

    ids: tuple[str, ...]
    start: int
    end: int
    before: str


class Passage(NamedTuple):
    """One sentence with all that was found in it, and the day that it speaks of."""

    sentence: Sentence
    clauses: list[tuple[int, int]]
    hits: list[Hit]
    groups: list[Group]
    dates: list[tuple[DateExpression, Resolved]]
    opening: DateExpression | None
    told: Told
    lowered: str


class Candidate(NamedTuple):
    """One event proposed: its anchor in a clause of a passage, with the probability that the clause tells it."""

    passage: int
    clause: int
    anchor: int
    hit: Hit
    score: float




def split_sentences(text: str) -> list[Sentence]:
    """Split a text into sentences with their words; a line end always ends a sentence."""
    read = read_lexicon().read_word
    words = [(m.start(), m.end(), read(fold(m.group()))) for m in WORD.finditer(text)]
    cuts, last = [], 0
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match.group() and _ABBREVIATION.search(text, max(0, match.start() - 8), match.start()):
            continue
        cuts.append((last, match.start(), match.end()))
        last = match.end()
    cuts.append((last, len(text), len(text)))
    sentences, i, opens, first = [], 0, True, True
    for start, end, resume in cuts:
        low = i
        while i < len(words) and words[i][0] < end:
            if words[i][0] - start > _LONGEST_SENTENCE and i > low:
                sentences.append(Sentence(start, words[i - 1][1], words[low:i], opens, False))
                low, start, opens = i, words[i][0], False
            i += 1
        if i > low:
            headline = first and "\n" in text[end:resume] and text[end - 1 : end] not in ".…"
            sentences.append(Sentence(start, end, words[low:i], opens, headline))
            first = False
        opens = "\n" in text[end:resume]
    return sentences


def lower_text(text: str) -> str:
    """Lower a text without moving any character, typographic quotes made plain."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.replace("’", "'").replace("‘", "'")



# --- reading ----------------------------------------------------------------------------------------------------------


def read_passages(report: Report, gazetteer: Gazetteer) -> tuple[list[Passage], dict[tuple[str, ...], list[str]]]:
    """Read a report into passages, and find the place that it is about."""
    text = report.text
    lowered = lower_text(text)
    published = Told(_read_published(report.published), False, "published")
    sentences = split_sentences(text)
    mentions = [find_places(text, lowered, s, gazetteer) for s in sentences]
    context = Counter(
        gazetteer.places[m.place_ids[0]].admin1 for found in mentions for m in found if len(m.place_ids) == 1
    )
    told, last, passages = published, published.span, []
    for sentence, found in zip(sentences, mentions, strict=True):
        hits = find_hits(lowered, sentence.words, sentence.end)
        triggers = [w for w in sentence.words if is_trigger(w[2])]
        dates = find_dates(text, triggers, sentence.start, sentence.end) if triggers else []
        passage, opening = read_passage_day(sentence, dates, hits, told, published, lowered, last)
        told = _move_day(told, passage, sentence, published)
        current = passage or told
        days = _resolve_all(dates, opening, current, passage.span if passage else last)
        exact = [d.earliest for _, d in days if d.earliest is not None and d.earliest == d.latest]
        last = (exact[-1], exact[-1]) if exact else passage.span if passage else last
        groups = _join_mentions(found, lowered, sentence, context, gazetteer)
        clauses = split_clauses(text, sentence.words)
        passages.append(Passage(sentence, clauses, hits, groups, days, opening, current, lowered))
    return passages, _find_main(passages, gazetteer)


def _resolve_all(dates: list[DateExpression], opening: DateExpression | None, told: Told, last: tuple[int, int]) -> list:
    days = []
    for found in dates:
        day = resolve(found, told.span, last) if found is not opening else Resolved(*told.span, told.basis)
        if day is not None and not day.future and (day.earliest, day.latest) != (None, None):
            days.append((found, day))
    return days


def _join_mentions(found: list[Mention], lowered: str, sentence: Sentence, context: Counter, gazetteer: Gazetteer) -> list[Group]:
    groups = []
    for group in group_mentions(found, lowered, gazetteer):
        ids = tuple(dict.fromkeys(choose_homonym(m, context, gazetteer) for m in group))
        before = lowered[max(sentence.start, group[0].start - 40) : group[0].start]
        words = re.findall(r"[a-z]+", before)
        wide = [_find_side(words, gazetteer.places[i], gazetteer) for i in ids]
        ids = tuple(dict.fromkeys(w or i for w, i in zip(wide, ids, strict=True)))
        if words[-1:] == ["of"] and words[-2:-1] in (["province"], ["governorate"]):
            ids = tuple(dict.fromkeys(gazetteer.governorates.get(gazetteer.places[i].admin1, i) for i in ids))
        words = [w for w in words if w not in _SKIPPED]
        groups.append(Group(ids, group[0].start, group[-1].end, words[-1] if words else ""))
    return groups


def _find_side(before: list[str], place: Place, gazetteer: Gazetteer) -> str:
    """Find the countryside that "the north of Homs" names, where the gazetteer has it."""
    words = [w for w in before[-6:] if w not in ("the", "of", "city", "area", "countryside", "part", "parts", "rural")]
    if not words or not before[-1:] or before[-1] not in ("of", "city") or words[-1] not in _SIDES:
        return ""
    found = gazetteer.find_name(f"{_SIDES[words[-1]]} {place.name} countryside")
    return found[0] if found else ""


_SIDES = {s + e: s + "ern" for s in ("north", "south", "east", "west") for e in ("", "ern")}
_SKIPPED = frozenset("the town city village of neighbourhood neighborhood camp district area nearby both towns villages and".split())


# --- modality -------------------------------------------------------------------------------------------------------

_CLAUSE_END = re.compile(
    r";|:\s|\s[–—]\s|,?\s(?:but|while|whereas|although|though|however|even as|in which)\s|,\s(?:and\s)?(?:according to|adding that|noting that|saying)"
    r"|,?\s(?:after|following|because|as|since|amid|where)\s"
)
_AUXILIARY = frozenset("be been being was were is are get gets got getting has have had having were's".split())
_MODALS = frozenset("would will shall may might could can should must to not".split())
_IRREGULAR = frozenset(
    "took taken left held kept struck broke broken set met put sent brought withdrew withdrawn made came began begun"
    " gave given freed let fell shot blew went shut cut laid said told fired hit built flew swept retook seized sealed"
    " opened agreed handed signed struck".split()
)


def is_past(word: str) -> bool:
    """Tell a past form (finite or participle) by its ending or the list of irregular ones."""
    return word.endswith("ed") and len(word) > 3 or word in _IRREGULAR


def decide_modality(hit: Hit, hits: list[Hit], lowered: str, sentence: Sentence) -> tuple[str, str]:
    """Decide between actual, agreed, threatened and denied by the cues that govern an event's cue.

    Nearest governing cue wins, with denial first; a finite past verb is out of reach of "would" and the like that
    stand before it.
    """
    before = [w[2] for w in sentence.words if hit.start - 30 < w[0] < hit.start][-3:]
    first = next((w[2] for w in sentence.words if w[0] == hit.start), "")
    participle = bool(before) and any(w in _AUXILIARY for w in before[-2:])
    finite_past = is_past(first) and not participle and not (before and before[-1] in _MODALS)
    found: list[tuple[int, str, str]] = []
    for other in hits:
        cue = other.cue
        if cue.group != "modality":
            continue
        inside = hit.start <= other.start and other.end <= hit.end
        if inside and cue.scope == "next" and other.start > hit.start:
            found.append((0, cue.value, cue.rule))
        elif inside and cue.value != "denied" and other.start > hit.start and cue.scope == "clause":
            found.append((1, cue.value, cue.rule))
        elif cue.scope == "before":
            gap = lowered[hit.end : other.start]
            if other.start >= hit.end - 2 and gap.count(" ") <= 6 and not _CLAUSE_END.search(gap):
                found.append((gap.count(" "), cue.value, cue.rule))
        elif other.start < hit.start and other.end <= hit.end:
            gap = lowered[other.end : hit.start]
            reach = gap.count(" ")
            if cue.scope == "next":
                if reach <= 5 and not re.search(r"[;:]|,\s(?:and|but|while)|\s(?:who|which|but|after|while)\s", gap):
                    found.append((reach, cue.value, cue.rule))
            elif not finite_past or (reach <= 2 and cue.value != "agreed"):
                if cue.scope == "sentence" or not _CLAUSE_END.search(gap):
                    found.append((reach + 10, cue.value, cue.rule))
    if not found:
        return "actual", ""
    denied = [f for f in found if f[1] == "denied" and f[0] <= 6]
    _, modality, rule = min(denied or found)
    return modality, rule


# --- where ----------------------------------------------------------------------------------------------------------

_SEVERAL = re.compile(r"\b(?:both|(?:the\s+)?(?:two|three|four)|these|those)\s+(?:\w+\s+)?(?:towns|villages|neighbo\w+|areas|cities|communities|places|districts)\b")
_NOT_A_PLACE = re.compile(
    r"\s*-?\s*(?:road|highway|bridge|roundabout|brigade|division|gate|agreement|deal|explosions|regime|authorities"
    r"|process|platform|martyrs|gathering|free assembly|airport)\b"
)


def find_places(text: str, lowered: str, sentence: Sentence, gazetteer: Gazetteer) -> list[Mention]:
    """Find the sentence's places, leaving out names that are part of a road's, a body's or a unit's name."""
    found = gazetteer.find_mentions(text, sentence.words)
    return [m for m in found if not _NOT_A_PLACE.match(lowered, m.end)]


def is_wide_mention(mention: Mention, gazetteer: Gazetteer) -> bool:
    return gazetteer.places[mention.place_ids[0]].kind in WIDE_KINDS


def group_mentions(mentions: list[Mention], lowered: str, gazetteer: Gazetteer) -> list[list[Mention]]:
    """Group mentions that stand in one list ("A, B and the town of C")."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        gap = lowered[groups[-1][-1].end : mention.start] if groups else ""
        if groups and re.fullmatch(r"[\s,/&-]*(?:and|or|as well as)?[\s,]*(?:(?:the|both|nearby|of|towns?|villages?|city|cities|neighbo\w+|camps?|districts?)\s+)*", gap) and (  # noqa: E501
            "and" in gap or "," in gap or "&" in gap or "/" in gap or "-" in gap
        ) and is_wide_mention(mention, gazetteer) == is_wide_mention(groups[-1][-1], gazetteer):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups




def list_places(passages: list[Passage], at: Candidate, focus: tuple[str, ...], main: dict[tuple[str, ...], list[str]], gazetteer: Gazetteer) -> list[dict]:
    """List the places that an event may be at: each list named in its sentence, those in mind, or none."""
    passage = passages[at.passage]
    words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
    low, high, here = words[i][0], words[j - 1][1], words[at.anchor][0]
    options: dict[tuple[str, ...], list[str]] = {}
    groups = passage.groups
    nearest = min(groups, key=lambda g: max(g.start - here, here - g.end), default=None)
    narrow = [g for g in groups if not _is_wide(g.ids, gazetteer)]
    close = min(narrow, key=lambda g: max(g.start - here, here - g.end), default=None)
    for group in groups:
        sources = options.setdefault(group.ids, [])
        inside = low <= group.start < high
        sources += ["in sentence", "in clause" if inside else "other clause", f"after {group.before}"]
        sources.append(("right of it " if group.start >= here else "left of it ") + ("in clause" if inside else "outside"))
        gap = max(group.start - here, here - group.end)
        sources.append("near 20" if gap < 20 else "near 60" if gap < 60 else "near 120" if gap < 120 else "far")
        sources += ["nearest"] * (group is nearest) + ["nearest narrow"] * (group is close)
        sources += ["only one"] * (len(narrow) == 1 and group is close)
        sources += ["first of several"] * (len(narrow) > 1 and group is narrow[0]) + [f"opens {words[i][2].stem}"] * inside
    if len(narrow) > 1:
        options.setdefault(tuple(dict.fromkeys(p for g in narrow for p in g.ids)), []).append("all named")
    for group in groups:
        for single in group.ids if len(group.ids) > 1 else ():
            options.setdefault((single,), []).append("one of a list")
    _add_remembered(options, passages, at.passage, focus, main, gazetteer)
    _add_last(options, passages, at.passage, here, gazetteer)
    several = bool(_SEVERAL.search(passage.lowered, passage.sentence.start, passage.sentence.end))
    wide_only = bool(groups) and not narrow
    return [
        {"ids": ids, "sources": list(dict.fromkeys(sources)), "kind": _sort_place(ids, gazetteer), "several": several,
         "size": min(len(ids), 4), "named": bool(narrow), "wide only": wide_only}
        for ids, sources in options.items()
    ]  # fmt: skip


def _add_remembered(options: dict, passages: list[Passage], number: int, focus: tuple, main: tuple, gazetteer: Gazetteer) -> None:
    if focus:
        options.setdefault(focus, []).append("focus")
    for ids, sources in main.items():
        options.setdefault(ids, []).extend(sources)
    for back in (1, 2):
        if number >= back:
            before = [g for g in passages[number - back].groups if not _is_wide(g.ids, gazetteer)]
            if before:
                options.setdefault(before[-1].ids, []).append("sentence before" if back == 1 else "two sentences before")
                options.setdefault(before[0].ids, []).append("sentence before, first" if back == 1 else "two before, first")
    options.setdefault((), []).append("none")


def _add_last(options: dict, passages: list[Passage], number: int, here: int, gazetteer: Gazetteer) -> None:
    """Mark the place last named before the anchor, and how far back; and the one named next."""
    for back in range(min(number + 1, 6)):
        before = [g for g in passages[number - back].groups if g.end <= here and not _is_wide(g.ids, gazetteer)]
        if before:
            options.setdefault(before[-1].ids, []).extend(["last named", f"last named {min(back, 3)} back"])
            break
    for ahead in (1, 2):
        if number + ahead < len(passages):
            groups = [g for g in passages[number + ahead].groups if not _is_wide(g.ids, gazetteer)]
            if groups:
                options.setdefault(groups[0].ids, []).append(f"named {ahead} ahead")
                break


def _is_wide(ids: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    return all(gazetteer.places[i].kind in WIDE_KINDS or i == "damascus" for i in ids)


def _sort_place(ids: tuple[str, ...], gazetteer: Gazetteer) -> str:
    if not ids:
        return "none"
    if "damascus" in ids:
        return "damascus"
    kinds = {gazetteer.places[i].kind for i in ids}
    return "wide" if kinds <= WIDE_KINDS else "mixed" if kinds & WIDE_KINDS else "narrow"


# --- when -----------------------------------------------------------------------------------------------------------

_OPENING = re.compile(
    r"(?:[\"“'(•*–-]*\s*)?(?:(?:and|while|meanwhile|also|moreover|earlier|later|then|but|yet|however|for (?:its|their|his) part|in addition|in turn|likewise|similarly"  # noqa: E501
    r"|on the other hand|notably|early|late|by|of|as of|since|around|at dawn|at noon|the evening|the morning|the night|in|on|at|the)[\s,]+)*$"
)


class Told(NamedTuple):
    """The day that a passage speaks of, and whether its date is only the day on which things were told."""

    span: tuple[int, int]
    told_on: bool
    basis: str


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




def _is_taken(passage: Passage, at: Candidate, day: int, low: int) -> bool:
    """Tell a date that belongs to what is told before it in the clause ("the women arrested on September 19 were freed")."""
    kind = at.hit.cue.value
    return day < at.hit.start and any(h.cue.group == "type" and h.cue.value != kind and low <= h.start < day for h in passage.hits)


def list_days(passage: Passage, at: Candidate, published: tuple[int, int]) -> list[dict]:
    """List the ranges of days that an event may have: those of the dates told in its sentence, and the day spoken of."""
    words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
    low, high, here = words[i][0], words[j - 1][1], words[at.anchor][0]
    told = passage.told
    state = "told on" if told.told_on else "opening" if passage.opening else "as before" if told.basis != "published" else "published"
    own = [d for d, _ in passage.dates if d is not passage.opening]
    other = "another date in clause" if any(low <= d.start < high for d in own) else "another date" if own else ""
    options: dict[tuple, dict] = {}

    def add(span: tuple, basis: str, shape: str, sources: list[str]) -> None:
        options.setdefault(span, {"span": span, "basis": basis, "shape": shape, "sources": sources, "told": state, "other dates": other})

    nearest = min(own, key=lambda d: max(d.start - here, here - d.end), default=None)
    for found, day in passage.dates:
        if found is passage.opening:
            continue
        inside = low <= found.start < high
        if told.span == YEARLESS and day.basis != "stated" or told.told_on and (not inside or _is_taken(passage, at, found.start, low)):
            continue  # no day is invented; and what was told on a day has its own date in its own clause or none
        gap = max(found.start - here, here - found.end)
        sources = [f"rule {found.rule}", "in clause" if inside else "other clause", "right of it" if found.start > here else "left of it",
                   "near 30" if gap < 30 else "near 80" if gap < 80 else "far"] + ["nearest"] * (found is nearest)  # fmt: skip
        sources += [f"in clause rule {found.rule}"] * inside + ["since"] * found.since + ["only one"] * (len(own) == 1)
        add((day.earliest, day.latest), day.basis, "own date", sources)
        if day.latest is not None:
            add((None, day.latest), day.basis, "up to own date", sources)
        if day.earliest is not None:
            add((day.earliest, told.span[1]), day.basis, "from own date on", sources)
    if told.span == YEARLESS:  # no year is invented, nor a day
        add((None, None), "published", "no day", [])
        return list(options.values())
    add((None, told.span[1]), told.basis, "up to day spoken of", [])
    if not told.told_on or at.hit.cue.value.endswith("_continues") or not passage.opening:
        add(told.span, told.basis, "day spoken of", [])
    if published != told.span and published != YEARLESS and not told.told_on:
        add((None, published[1]), "published", "up to publication", [])
    return list(options.values())



# --- one report -------------------------------------------------------------------------------------------------------


def code_report(report: Report, gazetteer: Gazetteer, weights: Weights | None = None) -> list[dict]:
    """Code one report.

    Returns
    -------
    list of dict
        One row an event, keys as in ``EVENT_COLUMNS``: days in EDTF (empty for an open side), counts as int or empty,
        ``evidence_start`` and ``evidence_end`` as character offsets in ``report.text``.
    """
    weights = weights or read_weights()
    passages, main = read_passages(report, gazetteer)
    published = _read_published(report.published)
    focus: tuple[str, ...] = ()
    events = []
    for candidate in propose_events(passages, weights):
        passage = passages[candidate.passage]
        modality, rule = weigh_modality(passages, candidate, weights)
        options = list_places(passages, candidate, focus, main, gazetteer)
        where = max(options, key=lambda o: _add_up(weights.place, name_places(candidate.hit.cue.value, o)))["ids"]
        form = tell_tense(passage, candidate)
        days = list_days(passage, candidate, published)
        when = max(days, key=lambda o: _add_up(weights.date, name_dates(candidate.hit.cue.value, modality, o, form)))
        events += _build_rows(report, candidate, modality, rule, where or ("",), (*when["span"], when["basis"]), passage, gazetteer)
        focus = move_focus(focus, where, gazetteer)
    return number_events(merge_events(events), report.report_id)


def move_focus(focus: tuple[str, ...], where: tuple[str, ...], gazetteer: Gazetteer) -> tuple[str, ...]:
    """Keep in mind the place of the last event; a province or none leaves what was in mind."""
    return where if where and not _is_wide(where, gazetteer) else focus


def mark_passage(passages: list[Passage], number: int) -> list[str]:
    """Name what the ``type`` model is told of a sentence as a whole."""
    sentence = passages[number].sentence
    marks = ["all", "headline" if sentence.headline else "lead" if number < 3 else "body"]
    return marks + ["opens paragraph"] * sentence.opens + ["place named"] * bool(passages[number].groups) + ["date told"] * bool(passages[number].dates)


def propose_events(passages: list[Passage], weights: Weights) -> list[Candidate]:
    """Propose events: the clauses that tell one by the weights, one a type and sentence unless clauses stand apart."""
    rows, where, cues = [], [], []
    index = weights.type_index.get
    for number, passage in enumerate(passages):
        named = name_clauses(passage.sentence.words, passage.clauses, passage.hits, mark_passage(passages, number))
        for clause, names in enumerate(named):
            rows.append([n for n in map(index, dict.fromkeys(names)) if n is not None])
            where.append((number, clause))
            cues.append(list(takewhile(lambda n: n.startswith("cue of "), reversed(names))))
    scores = 1 / (1 + np.exp(-sum_rows(weights.type_rows, rows)))
    kinds = list_types()
    own = [f"cue of {k}" for k in kinds]
    cued = {(i, own.index(name)) for i, names in enumerate(cues) for name in names}
    found = [
        (where[i], int(t), float(scores[i, t]))
        for i, t in zip(*np.nonzero(scores > min(THRESHOLD, CUED)), strict=True)
        if scores[i, t] > (CUED if (i, int(t)) in cued else THRESHOLD)
    ]
    return _choose_clauses(found, passages, weights)


def _choose_clauses(found: list, passages: list[Passage], weights: Weights) -> list[Candidate]:
    best: dict[tuple[int, int], list] = {}
    for (number, clause), kind, score in found:
        best.setdefault((number, kind), []).append((score, clause))
    chosen, kinds = [], list_types()
    for (number, kind), clauses in best.items():
        taken: list[int] = []
        for score, clause in sorted(clauses, key=lambda c: (-c[0], c[1])):
            if taken and (score < SECOND or any(abs(clause - t) < 2 for t in taken)):
                continue
            taken.append(clause)
            chosen.append(find_anchor(passages, number, clause, kinds[kind], score, weights))
    chosen = [c for c in chosen if not _is_excluded(passages[c.passage], c.hit)]
    moved = {c.passage for c in chosen if c.hit.cue.value in ("siege_imposed", "siege_lifted")}
    chosen = [c for c in chosen if c.hit.cue.value != "siege_continues" or "/weights:" not in c.hit.cue.rule or c.passage not in moved]
    return sorted(chosen, key=lambda c: (c.hit.start, c.hit.cue.value))


def _is_excluded(passage: Passage, hit: Hit) -> bool:
    """Tell a cue that the codebook's ``not`` list of its type names."""
    return any(
        h.cue.group == "not" and h.cue.value == hit.cue.value and h.start < hit.end and hit.start < h.end for h in passage.hits
    )


CUED = 0.10  # with a cue of the type in the clause, from this probability on
SECOND = 0.5  # a second clause of a sentence tells another event of the type only from this probability on


def find_anchor(passages: list[Passage], number: int, clause: int, kind: str, score: float, weights: Weights) -> Candidate:
    """Find the word of a clause that tells the event: the start of the first cue of its type, else the heaviest word."""
    passage = passages[number]
    words, (i, j) = passage.sentence.words, passage.clauses[clause]
    low, high = words[i][0], words[j - 1][1]
    for hit in passage.hits:
        if hit.cue.group == "type" and hit.cue.value == kind and low <= hit.start < high:
            anchor = next(n for n in range(i, j) if words[n][0] >= hit.start)
            return Candidate(number, clause, anchor, hit, score)
    column = list_types().index(kind)

    def weigh(n: int) -> float:
        word = words[n][2]
        names = [f"word {word.stem}", *(f"meaning {m}" for m in word.meanings)]
        return sum(weights.type_rows[weights.type_index[m], column] for m in names if m in weights.type_index)

    anchor = max(range(i, j), key=weigh)
    cue = Cue("type", kind, f"{kind}/weights:{words[anchor][2].stem}", "", _NOTHING, frozenset())
    return Candidate(number, clause, anchor, Hit(words[anchor][0], words[anchor][1], cue), score)


_NOTHING = re.compile("")


def mark_modality(passages: list[Passage], at: Candidate) -> tuple[list[str], str]:
    """Name what the ``modality`` model is told besides the words, and the rule that governs the anchor."""
    passage = passages[at.passage]
    ruled, rule = decide_modality(at.hit, passage.hits, passage.lowered, passage.sentence)
    marks = [f"rules say {ruled}"] + ["headline"] * passage.sentence.headline
    words = passage.sentence.words
    if passage.lowered[passage.sentence.start].isdigit() or passage.lowered[passage.sentence.start] in "-–•*":
        marks.append("list item")
    if at.passage:
        before = passages[at.passage - 1].sentence
        marks += name_setting(before.words)
        if passage.lowered[before.start : before.end + 2].rstrip().endswith(":"):
            marks.append("after a colon")
    marks += [f"in sentence {h.cue.value} {'left' if h.start < at.hit.start else 'right'}" for h in passage.hits if h.cue.group == "modality"]
    marks.append("with a number" if any(w[2][:1].isdigit() for w in words) else "no number")
    return marks, rule


def weigh_modality(passages: list[Passage], at: Candidate, weights: Weights) -> tuple[str, str]:
    """Weigh the modality of an event; never ``actual`` where a bar stands before its anchor (:func:`find_bar`)."""
    passage = passages[at.passage]
    marks, rule = mark_modality(passages, at)
    names = name_modality(at.hit.cue.value, passage.sentence.words, passage.clauses, at.clause, at.anchor, marks)
    scores = [0.0] * len(MODALITIES)
    for name in names:
        row = weights.modality.get(name)
        if row:
            for i, weight in enumerate(row):
                scores[i] += weight
    bar = find_bar(passage, at)
    if bar:
        scores[0] -= 100
        scores[MODALITIES.index(bar)] += 2
    return MODALITIES[scores.index(max(scores))], rule


_DEADLINE = re.compile(r"(?:given|gave|giving|gives?)\s+(?:\w+\s+){0,4}(?:days?|hours?)\s+to\b")
_BARS = {
    "threatened": re.compile(
        r"\b(?:threat\w* (?:to|that|with|of)|warn\w* (?:of|that|against)|unless|otherwise|in preparation (?:to|for)|prepar\w+ (?:to|for)|(?:about|poised) to"
        r"|plan(?:s|ned|ning)? (?:to|for)|fear(?:s|ed|ing)?(?: of)?|possible"
        r"|(?:intend|intention|try|tried|trying|attempt|hop|want|wish|seek|sought|plan|planning|pressur|ask|demand|order|urg)\w* to|must|should|if"
        r"|might|could|(?:given|gave|giving) (?:\w+\s+){0,4}(?:days?|hours?) to)\s+(?:\w+\s+){0,2}$"
    ),
    "denied": re.compile(
        r"\b(?:vow\w* not to|den(?:y|ies|ied)(?: that)?|(?:fail|refus|declin)\w* to"
        r"|(?:did|does|do|has|have|had|was|were|is|are) not(?: yet)?|(?:yet to)"
        r"|(?:did|does|has|have|had|was|were|would|is|are|wo)n't|never|reject\w*(?=\s+(?:the |an? )?$)|without(?: any)?"
        r"|suspend\w*|postpon\w*|delay\w*|halt\w*|cancel\w*)\s+(?:\w+\s+){0,2}$"
    ),
    "agreed": re.compile(
        r"\b(?:would|will|shall|vow\w* to|(?:promis|pledg|agre)\w* to|agreed on"
        r"|(?:allow|permit|empower|entitl|authori[sz])ed to|(?:ready|set|due|scheduled|expected) to(?: begin| start)?|may)\s+(?:\w+\s+){0,2}$"
    ),
}  # what stands just before an anchor and keeps its event from being a fact


def find_bar(passage: Passage, at: Candidate) -> str:
    """Find the modality of the words just before the anchor that keep the event from being a fact; empty where none do."""
    if at.hit.cue.value.endswith(("_refused", "_broken")):
        return ""
    low = max(passage.sentence.start, at.hit.start - 60)
    if _DEADLINE.match(passage.lowered, at.hit.start):
        return "threatened"
    for modality, bar in _BARS.items():
        if bar.search(passage.lowered, low, at.hit.start):
            return modality
    return "agreed" if _is_carried(passage.sentence.words, at.anchor) else ""


def _is_carried(words: list[tuple[int, int, Word]], anchor: int) -> bool:
    """Tell a verb that shares an earlier "would" ("would enter the town, be stationed there and storm farms")."""
    if _is_past(words, anchor) and words[anchor - 1][2] not in ("be", "been"):
        return False
    for n in range(anchor - 1, max(anchor - 40, -1), -1):
        word = words[n][2]
        if word in ("would", "will", "shall"):
            return True
        if word in _STOPS or n and _is_past(words, n) and words[n - 1][2] not in ("be", "been", "and"):
            return False
    return False


def _is_past(words: list[tuple[int, int, Word]], n: int) -> bool:
    return words[n][2].form == "ed" and words[n][2] not in ("set", "put", "cut", "shut", "let", "hit")


_STOPS = frozenset("after before since which who whom while but because when where has have had is are was were following as amid".split())


def tell_tense(passage: Passage, at: Candidate) -> list[str]:
    """Name the tense of an event: present, perfect or past by the verb chain before the anchor, and its nearest words."""
    words = [w[2] for w in passage.sentence.words[max(0, at.anchor - 4) : at.anchor]]
    word = passage.sentence.words[at.anchor][2]
    last = words[-3:]
    if any(w in ("is", "are", "am") for w in words[-2:]):
        tense = "present"
    elif any(w in ("has", "have") for w in last):
        tense = "perfect"
    else:
        tense = "past perfect" if "had" in last else "was" if "was" in last or "were" in last else "plain"
    i, j = passage.clauses[at.clause]
    verbs = [w[2] for w in passage.sentence.words[i:j]]
    now = "now" if any(w in ("is", "are", "has", "have", "still", "now") for w in verbs) else "then" if any(w.form == "ed" for w in verbs) else "no verb"
    return [f"{tense} {word.form}", f"clause {now} {word.form}", f"word {word.stem}"]


def _add_up(weights: dict[str, float], names: list[str]) -> float:
    found = map(weights.get, names)
    return sum(w for w in found if w is not None)



def _read_published(published: str) -> tuple[int, int]:
    low, high = parse_edtf(published) if published else YEARLESS
    if low is None or high is None:
        low = high = low if low is not None else high
    return low, high


def _move_day(told: Told, passage: Told | None, sentence: Sentence, published: Told) -> Told:
    """Keep a passage's day for what follows; a span of more than a month holds for its own sentence only."""
    if passage is None:
        return told
    if passage.span[1] - passage.span[0] > 31 + published.span[1] - published.span[0]:
        return told
    return passage


def _find_main(passages: list[Passage], gazetteer: Gazetteer) -> dict[tuple[str, ...], list[str]]:
    """List the places that a report is about: those named most, in headline and lead, and their governorate."""
    counts: Counter = Counter(g.ids for p in passages for g in p.groups)
    single: Counter = Counter(i for ids, n in counts.items() for i in ids for _ in range(n))
    head = {i for p in passages[:1] for g in p.groups for i in g.ids}
    lead = {i for p in passages[1:3] for g in p.groups for i in g.ids}
    narrow = [i for i, _ in single.most_common() if not _is_wide((i,), gazetteer)]
    first = next((i for i in narrow if i in head), next((i for i in narrow if i in lead), narrow[0] if narrow else ""))
    memory: dict[tuple[str, ...], list[str]] = {}
    for rank, place in enumerate(narrow[:4]):
        memory[(place,)] = [f"named most, {rank + 1}", f"named {min(single[place], 4)} times"]
        memory[(place,)] += ["in headline"] * (place in head) + ["in lead"] * (place in lead) + ["main"] * (place == first)
    for ids, count in counts.most_common():
        if len(ids) > 1 and not _is_wide(ids, gazetteer):
            memory.setdefault(ids, []).extend(["list named most", f"list named {min(count, 3)} times"] + ["list in headline"] * (set(ids) <= head))
            break
    wide = [i for i, _ in single.most_common() if gazetteer.places[i].kind in WIDE_KINDS]
    for place in wide[:2]:
        memory.setdefault((place,), []).extend(["wide named most" if place == wide[0] else "wide named next", f"wide named {min(single[place], 4)} times"] + ["wide in headline"] * (place in head))  # noqa: E501
    areas = Counter(gazetteer.governorates.get(gazetteer.places[i].admin1, "") for i, n in single.items() for _ in range(n))
    area = areas.most_common(1)[0][0] if areas else ""
    if area:
        memory.setdefault((area,), []).append("governorate of most")
    return memory


def _build_rows(report: Report, candidate: Candidate, modality: str, rule: str, where: tuple[str, ...], when: tuple,
                passage: Passage, gazetteer: Gazetteer) -> list[dict]:  # fmt: skip
    hit, (low, high, basis), sentence = candidate.hit, when, passage.sentence
    actor, target = name_sides(hit, passage.hits, passage.lowered)
    count = count_people(hit.cue.value, hit, passage.lowered, sentence.words)
    if not report.published and low is not None and low == YEARLESS[0]:
        low = None
    if not report.published and high is not None and high == YEARLESS[1]:
        high = None
    row = {
        "report_id": report.report_id, "event_id": "", "type": hit.cue.value, "modality": modality,
        "place_id": "", "place_name": "", "earliest": low, "latest": high, "date_basis": basis, "actor": actor,
        "target": target, "people": name_people(hit, passage.hits), "count_min": count.low, "count_max": count.high,
        "cumulative": "yes" if count.cumulative else "", "evidence_start": sentence.start,
        "evidence_end": sentence.end, "rule": hit.cue.rule + (f" {rule}" if rule else ""),
        "_headline": sentence.headline, "_sentence": candidate.passage, "_told": passage.told.span,
    }  # fmt: skip
    total = len(where) > 1
    rows = []
    for place_id in where:
        name = gazetteer.places[place_id].name if place_id else ""
        rows.append({**row, "place_id": place_id, "place_name": name, "count_min": None if total else row["count_min"]})
    return rows


def merge_events(events: list[dict]) -> list[dict]:
    """Make what a report tells twice one event: same type, modality and place, days and counts that fit together.

    A headline's event goes where the body tells one of the same type and modality.
    """
    body = {(e["type"], e["modality"]) for e in events if not e["_headline"]}
    kept: list[dict] = []
    for event in events:
        if event["_headline"] and (event["type"], event["modality"]) in body:
            continue
        twin = next((k for k in kept if _is_same(k, event)), None)
        if twin is None:
            kept.append(event)
            continue
        if (event["earliest"] is not None, event["count_min"] is not None) > (twin["earliest"] is not None, twin["count_min"] is not None):
            kept[kept.index(twin)] = event
    return kept


def _is_same(one: dict, other: dict) -> bool:
    if any(one[c] != other[c] for c in ("type", "modality", "place_id")):
        return False
    if None not in (one["count_min"], other["count_min"]) and one["count_min"] != other["count_min"]:
        return False
    if one["type"] == "deal_agreed" and one["_told"] != other["_told"] and one["latest"] != other["latest"]:
        return False  # deals told of different days are different deals
    if one["earliest"] is None or other["earliest"] is None:
        later, sooner = (one, other) if one["earliest"] is not None else (other, one)
        if later["earliest"] is None:
            return True
        return sooner["latest"] is None or sooner["latest"] >= later["earliest"]
    return one["earliest"] <= (other["latest"] or 9**9) and other["earliest"] <= (one["latest"] or 9**9)


def number_events(events: list[dict], report_id: str) -> list[dict]:
    """Order events by their place in the text, number them and write their days as EDTF."""
    rows = []
    for number, event in enumerate(sorted(events, key=lambda e: e["evidence_start"]), 1):
        row = {c: "" if event[c] is None else event[c] for c in EVENT_COLUMNS}
        row["event_id"] = f"{report_id}-{number:02d}"
        row["earliest"], row["latest"] = format_day(event["earliest"]), format_day(event["latest"])
        rows.append(row)
    return rows