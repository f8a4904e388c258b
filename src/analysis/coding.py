"""Reports -> events: what a report says happened, was agreed, threatened or denied, where and between which days."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from analysis.cues import Hit, find_hits
from analysis.dates import YEARLESS, DateExpression, find_dates, format_day, is_trigger, parse_edtf, resolve
from analysis.places import WIDE_KINDS, WORD, Gazetteer, Mention, choose_homonym, fold
from analysis.reports import Report
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
    words: list[tuple[int, int, str]]
    opens: bool
    headline: bool


class Candidate(NamedTuple):
    """One cue of an event type in its sentence, before place, day and modality are told."""

    hit: Hit
    modality: str
    rule: str


def split_sentences(text: str) -> list[Sentence]:
    """Split a text into sentences with their words; a line end always ends a sentence."""
    words = [(m.start(), m.end(), fold(m.group())) for m in WORD.finditer(text)]
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


# --- candidates -----------------------------------------------------------------------------------------------------


def choose_candidates(hits: list[Hit], lowered: str, sentence: Sentence) -> list[Candidate]:
    """Keep one cue a type and stretch of text, drop what the codebook's ``not`` lists name, and tell modality."""
    barred = [h for h in hits if h.cue.group == "not"]
    types = sorted((h for h in hits if h.cue.group == "type"), key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    for hit in types:
        if any(b.cue.value == hit.cue.value and b.start < hit.end and hit.start < b.end for b in barred):
            continue
        same = [k for k in kept if k.cue.value == hit.cue.value and hit.start < k.end]
        if not same:
            kept.append(hit)
    return [Candidate(h, *decide_modality(h, hits, lowered, sentence)) for h in kept]


# --- where ----------------------------------------------------------------------------------------------------------

_TOWARDS = re.compile(r"\b(?:to|towards?|for|into|reach(?:ed|ing)?|via|in)\s+(?:\S+\s+){0,3}$")
_AWAY = re.compile(r"\b(?:from|out of|leave|leaving|left|of|inside|in)\s+(?:\S+\s+){0,3}$")
_BOTH = re.compile(r"\b(?:both|the two|these|those)\s+(?:towns|villages|neighbo\w+|areas|cities|communities|places|districts)\b")
_NOT_A_PLACE = re.compile(
    r"\s*-?\s*(?:road|highway|bridge|roundabout|brigade|division|gate|agreement|deal|explosions|regime|authorities"
    r"|process|platform|martyrs|gathering|free assembly|airport)\b"
)


def find_places(text: str, lowered: str, sentence: Sentence, gazetteer: Gazetteer) -> list[Mention]:
    """Find the sentence's places, leaving out names that are part of a road's, a body's or a unit's name."""
    found = gazetteer.find_mentions(text, sentence.words)
    return [m for m in found if not _NOT_A_PLACE.match(lowered, m.end)]


def group_mentions(mentions: list[Mention], lowered: str) -> list[list[Mention]]:
    """Group mentions that stand in one list ("A, B and the town of C")."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        gap = lowered[groups[-1][-1].end : mention.start] if groups else ""
        if groups and re.fullmatch(r"[\s,/&-]*(?:and|or|as well as)?[\s,]*(?:(?:in|the|both|nearby|of|towns?|villages?|city|cities|neighbo\w+|camps?|districts?)\s+)*", gap):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


class Scene(NamedTuple):
    """What the reader keeps in mind: the report's main place, the places last spoken of, governorates named."""

    main: tuple[str, ...]
    focus: tuple[str, ...]
    context: Counter


def place_event(hit: Hit, groups: list[list[tuple[Mention, str]]], scene: Scene, lowered: str, gazetteer: Gazetteer,
                sentence: Sentence) -> tuple[str, ...]:  # fmt: skip
    """Choose the place or places of one event: in its clause, else in its sentence, else those last spoken of."""
    kind = hit.cue.value
    scored = []
    for group in groups:
        start, end = group[0][0].start, group[-1][0].end
        wide = all(gazetteer.places[i].kind in WIDE_KINDS for _, i in group)
        before = lowered[max(sentence.start, start - 40) : start]
        score = min(abs(start - hit.end), abs(hit.start - end)) / 10.0
        if wide:
            score += 40
        if all(i == "damascus" for _, i in group):
            score += 25
        if kind in ("evacuation", "enlistment") and re.search(r"\b(?:to|towards?|for|reach(?:ed|ing)?|via)\s+(?:\S+\s+){0,3}$", before):
            score += 60
        if re.search(r"\b(?:from)\s+(?:\S+\s+){0,2}$", before) and kind not in ("evacuation", "checkpoint_removed", "arrest", "release"):
            score += 8
        between = lowered[min(end, hit.end) : max(start, hit.start)]
        if _CLAUSE_END.search(between):
            score += 6
        scored.append((score, [i for _, i in group], wide))
    scored.sort(key=lambda s: s[0])
    if scored and scored[0][0] < 40:
        return tuple(dict.fromkeys(scored[0][1]))
    focus = scene.focus or scene.main
    if focus and not all(gazetteer.places[i].kind in WIDE_KINDS for i in focus):
        return focus
    if scored and scored[0][0] < 60:
        return tuple(dict.fromkeys(scored[0][1]))
    return scene.main or focus


# --- when -----------------------------------------------------------------------------------------------------------

_OPENING = re.compile(
    r"(?:[\"“'(•*–-]*\s*)?(?:(?:and|while|meanwhile|also|moreover|earlier|later|then|but|yet|however|for (?:its|their|his) part|in addition|in turn|likewise|similarly"
    r"|on the other hand|notably|early|late|by|of|as of|since|around|at dawn|at noon|the evening|the morning|the night|in|on|at|the)[\s,]+)*$"
)
_ONSETS = frozenset(["siege_imposed", "arrest", "deal_agreed"])


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


def date_event(hit: Hit, candidate: Candidate, dates: list[DateExpression], opening: DateExpression | None, told: Told,
               last: tuple[int, int], others: list[Hit], lowered: str) -> tuple[int | None, int | None, str]:  # fmt: skip
    """Bound the day of one event: by a date of its own clause, by the date its sentence opens with, by the passage's."""
    kind = hit.cue.value
    continues = kind.endswith("_continues")
    best = None
    for date in dates:
        if date is opening:
            continue
        if date.kind == "duration" and (kind not in ("siege_imposed", "arrest") or continues):
            continue
        if date.since and kind not in ("siege_imposed", "arrest"):
            continue
        gap = lowered[min(date.end, hit.end) : max(date.start, hit.start)]
        between = sum(1 for o in others if o is not hit and min(date.end, hit.end) <= o.start < max(date.start, hit.start))
        distance = max(0, date.start - hit.end, hit.start - date.end)
        if distance > 120 or _CLAUSE_END.search(gap) and distance > 12:
            continue
        score = distance + 40 * between + (15 if date.end <= hit.start else 0)
        if best is None or score < best[0]:
            best = (score, date)
    if best is not None and best[0] < 120:
        found = resolve(best[1], told.span, last)
        if found is not None and not found.future:
            if continues:
                return told.span[0], told.span[1], told.basis
            if candidate.modality != "agreed" or found.latest is None or found.latest <= told.span[1]:
                return found.earliest, found.latest, found.basis
    low, high = told.span
    if continues:
        return low, high, told.basis
    if opening is not None and not told.told_on:
        return low, high, told.basis
    if candidate.modality == "actual" and is_present(hit, lowered):
        return low, high, told.basis
    return None, high, told.basis


_PRESENT = re.compile(r"\b(?:is|are|am|continue|continues|keeps?)\s+(?:\w+\s+){0,2}?$")


def is_present(hit: Hit, lowered: str) -> bool:
    """Tell a cue in the present or progressive ("are leaving") from a past one."""
    before = lowered[max(0, hit.start - 24) : hit.start]
    first = lowered[hit.start : hit.end].split()[0].strip("\"“”',") if lowered[hit.start : hit.end].split() else ""
    if first.endswith("ing"):
        return bool(re.search(r"\b(?:is|are)\s+(?:\w+\s+)?$", before))
    return False


# --- one report -------------------------------------------------------------------------------------------------------


def code_report(report: Report, gazetteer: Gazetteer) -> list[dict]:
    """Code one report.

    Returns
    -------
    list of dict
        One row an event, keys as in ``EVENT_COLUMNS``: days in EDTF (empty for an open side), counts as int or empty,
        ``evidence_start`` and ``evidence_end`` as character offsets in ``report.text``.
    """
    text = report.text
    lowered = lower_text(text)
    published = Told(_read_published(report.published), False, "published")
    sentences = split_sentences(text)
    mentions = [find_places(text, lowered, s, gazetteer) for s in sentences]
    context = Counter(
        gazetteer.places[m.place_ids[0]].admin1 for found in mentions for m in found if len(m.place_ids) == 1
    )
    named = [[(m, choose_homonym(m, context, gazetteer)) for m in found] for found in mentions]
    scene = Scene(_find_main(named, gazetteer), (), context)
    told, last, events = published, published.span, []
    for sentence, places in zip(sentences, named, strict=True):
        hits = find_hits(lowered, sentence.words, sentence.end)
        triggers = [w for w in sentence.words if is_trigger(w[2])]
        dates = find_dates(text, triggers, sentence.start, sentence.end) if triggers else []
        passage, opening = read_passage_day(sentence, dates, hits, told, published, lowered, last)
        told = _move_day(told, passage, sentence, published)
        if passage:
            last = passage.span
        current = passage or told
        chosen = choose_candidates(hits, lowered, sentence)
        types = [c.hit for c in chosen]
        groups = [[(m, ids[m]) for m in g] for ids in [dict(places)] for g in group_mentions([m for m, _ in places], lowered)]
        focus: tuple[str, ...] = ()
        for candidate in chosen:
            hit = candidate.hit
            where = place_event(hit, groups, scene, lowered, gazetteer, sentence)
            low, high, basis = date_event(hit, candidate, dates, opening, current, last, types, lowered)
            events += _build_rows(report, candidate, where or ("",), (low, high, basis), hits, lowered, sentence, gazetteer)
            if low is not None and low == high and candidate.modality == "actual":
                last = (low, high)
            if not focus and not all(i and gazetteer.places[i].kind in WIDE_KINDS for i in where):
                focus = where
        narrow = [i for _, i in places if gazetteer.places[i].kind not in WIDE_KINDS and i != "damascus"]
        scene = scene._replace(focus=focus or ((narrow[-1],) if narrow else scene.focus))
    return number_events(merge_events(events), report.report_id)


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


def _find_main(named: list[list[tuple[Mention, str]]], gazetteer: Gazetteer) -> tuple[str, ...]:
    """Find the place that a report is about: the most named narrow one of headline and lead, else the first wide."""
    for part in (named[:3], named):
        counts = Counter(i for found in part for _, i in found if gazetteer.places[i].kind not in WIDE_KINDS and i != "damascus")
        if counts:
            return (counts.most_common(1)[0][0],)
    wide = [i for found in named for _, i in found]
    return (wide[0],) if wide else ()


def _build_rows(report: Report, candidate: Candidate, where: tuple[str, ...], when: tuple, hits: list[Hit], lowered: str,
                sentence: Sentence, gazetteer: Gazetteer) -> list[dict]:  # fmt: skip
    hit, (low, high, basis) = candidate.hit, when
    actor, target = name_sides(hit, hits, lowered)
    count = count_people(hit.cue.value, hit, lowered, sentence.words)
    if not report.published and low is not None and low == YEARLESS[0]:
        low = None
    if not report.published and high is not None and high == YEARLESS[1]:
        high = None
    row = {
        "report_id": report.report_id, "event_id": "", "type": hit.cue.value, "modality": candidate.modality,
        "place_id": "", "place_name": "", "earliest": low, "latest": high, "date_basis": basis, "actor": actor,
        "target": target, "people": name_people(hit, hits), "count_min": count.low, "count_max": count.high,
        "cumulative": "yes" if count.cumulative else "", "evidence_start": sentence.start,
        "evidence_end": sentence.end, "rule": hit.cue.rule + (f" {candidate.rule}" if candidate.rule else ""),
        "_headline": sentence.headline,
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
