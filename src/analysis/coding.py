"""Reports -> events: what a report says happened, was agreed, threatened or denied, where and between which days.

Reports are read together (:func:`read_reports`): sentences, clauses, cues, places, dates and the day that each passage
speaks of. Then the weights decide (:mod:`analysis.weighing`): which clauses tell an event, in what modality, where and when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from analysis.cues import Cue, Hit
from analysis.dating import list_days, tell_tense
from analysis.edtf import YEARLESS, format_day
from analysis.modality import ModalityReader
from analysis.passages import Candidate, Passage, Reading, mark_passage, read_published, read_reports
from analysis.places import Gazetteer
from analysis.placing import PlaceReader
from analysis.reports import Report
from analysis.scoring import Kinds, Layout, score_clauses
from analysis.weighing import Weights, list_types, place_hits, read_weights
from analysis.who import count_people, name_people, name_sides

EVENT_COLUMNS = [
    "report_id", "event_id", "type", "modality", "place_id", "place_name", "earliest", "latest", "date_basis", "actor",
    "target", "people", "count_min", "count_max", "evidence_start", "evidence_end", "rule", "cumulative",
]  # fmt: skip
LIKELY = 0.15  # an event is written from this probability on that its type, modality and place are all right; cross-validated
SECOND = 0.5  # a second clause of a sentence tells another event of the type only from this probability on
BLOCK = 1 << 14  # words whose clauses are scored together: a bound on the memory taken
_NOTHING = re.compile("")


def code_report(report: Report, gazetteer: Gazetteer, weights: Weights | None = None) -> list[dict]:
    """Code one report: its rows, as :func:`code_reports` gives them."""
    return code_reports([report], gazetteer, weights)[0]


def code_reports(reports: list[Report], gazetteer: Gazetteer, weights: Weights | None = None) -> list[list[dict]]:
    """Code reports together, each by itself: what is found in one never touches another.

    Returns
    -------
    list of list of dict
        For each report one row an event, keys as in ``EVENT_COLUMNS``: days in EDTF (empty for an open side), counts as
        int or empty, ``evidence_start`` and ``evidence_end`` as character offsets in ``report.text``.
    """
    weights = weights or read_weights()
    reading = read_reports(reports, gazetteer)
    proposed = propose_events(reading, weights)
    return [
        _code_candidates(report, passages, main, candidates, gazetteer, weights)
        for report, passages, main, candidates in zip(reports, reading.passages, reading.mains, proposed, strict=True)
    ]


def _code_candidates(report: Report, passages: list[Passage], main: dict, candidates: list[Candidate], gazetteer: Gazetteer, weights: Weights) -> list[dict]:
    published = read_published(report.published)
    modalities, places = ModalityReader(passages), PlaceReader(passages, main, gazetteer)
    spelled = {m.place_ids[0]: f" spelled {report.text[m.start : m.end]}" for p in passages for m in p.spelled}
    events = []
    told = list_anchors(candidates)
    for candidate in candidates:
        passage = passages[candidate.passage]
        modality, rule, sure = modalities.weigh(candidate, weights)
        options = places.list_options(candidate, told[candidate.passage] - {candidate.hit.start})
        where, certain = weights.place.choose(candidate.hit.cue.value, options)
        places.keep(candidate, where)
        if candidate.score * sure * certain < LIKELY:
            continue
        form = tell_tense(passage, candidate)
        days = list_days(passage, candidate, published, modality, form)
        when = weights.date.choose(candidate.hit.cue.value, modality, days, form)
        rule += "".join(spelled.get(place, "") for place in where) if spelled else ""
        events += _build_rows(report, candidate, modality, rule, where or ("",), (*when.span, when.basis), passage, gazetteer)
    return number_events(merge_events(events), report.report_id)


def list_anchors(candidates: Iterable[Candidate]) -> dict[int, set[int]]:
    """List the characters at which events are told, by passage."""
    told: dict[int, set[int]] = {}
    for candidate in candidates:
        told.setdefault(candidate.passage, set()).add(candidate.hit.start)
    return told


def propose_events(reading: Reading, weights: Weights) -> list[list[Candidate]]:
    """Propose each report's events: the clauses that tell one by the weights, one a type and sentence unless clauses stand apart."""
    found: list[list] = [[] for _ in reading.passages]
    sentences = [(report, number) for report, passages in enumerate(reading.passages) for number in range(len(passages))]
    kinds, types = weights.type_model.read_kinds(reading.words.kinds), list_types()
    for low, high in _split_blocks(reading.words.bounds):
        layout, cues, marks = lay_out(reading, kinds, sentences[low:high], slice(low, high))
        scores = score_clauses(weights.type_model, layout, cues, marks)
        firsts = np.cumsum(layout.clauses) - layout.clauses
        at = np.nonzero(scores > LIKELY)
        own = firsts.searchsorted(at[0], "right") - 1  # the sentence of each
        for t, n, k, score in zip(*(a.tolist() for a in (at[1], own, at[0] - firsts[own], scores[at])), strict=True):
            report, number = sentences[low + n]
            found[report].append(((number, k), types[t], score))
    return [_choose_clauses(f, p, weights) for f, p in zip(found, reading.passages, strict=True)]


def _split_blocks(bounds: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Split sentences into runs of about ``BLOCK`` words."""
    first = 0
    for n in range(1, len(bounds) + 1):
        if n == len(bounds) or bounds[n][1] - bounds[first][0] > BLOCK:
            yield first, n
            first = n


def lay_out(reading: Reading, kinds: Kinds, sentences: list[tuple[int, int]], run: slice) -> tuple[Layout, list, list]:
    """Lay out a run of sentences, given by report and number, for the ``type`` model: clauses, their cues, sentences' marks."""
    cues, marks, count = [], [], 0
    for report, number in sentences:
        passage = reading.passages[report][number]
        fired = place_hits(passage.hits, passage.sentence.words, passage.clauses)
        cues += [(count + k, hit.cue) for k, hits in enumerate(fired) for hit in hits]
        marks.append(mark_passage(reading.passages[report], number))
        count += len(fired)
    clauses = reading.clauses[run]
    numbers = np.concatenate([reading.words.numbers[i:j] for i, j in reading.words.bounds[run]])
    lengths = np.array([j - i for cut in clauses for i, j in cut])
    return Layout(kinds, numbers, lengths, np.array(list(map(len, clauses)))), cues, marks


def _choose_clauses(found: list, passages: list[Passage], weights: Weights) -> list[Candidate]:
    best: dict[tuple[int, str], list] = {}
    for (number, clause), kind, score in found:
        best.setdefault((number, kind), []).append((score, clause))
    chosen = []
    for (number, kind), clauses in best.items():
        taken: list[int] = []
        for score, clause in sorted(clauses, key=lambda c: (-c[0], c[1])):
            if taken and (score < SECOND or any(abs(clause - t) < 2 for t in taken)):
                continue
            taken.append(clause)
            chosen.append(find_anchor(passages, number, clause, kind, score, weights))
    chosen = [c for c in chosen if not _is_excluded(passages[c.passage], c.hit)]
    moved = {c.passage for c in chosen if c.hit.cue.value in ("siege_imposed", "siege_lifted")}
    chosen = [c for c in chosen if c.hit.cue.value != "siege_continues" or "/weights:" not in c.hit.cue.rule or c.passage not in moved]
    return sorted(chosen, key=lambda c: (c.hit.start, c.hit.cue.value))


def _is_excluded(passage: Passage, hit: Hit) -> bool:
    """Tell a cue that the codebook's ``not`` list of its type names."""
    return any(
        h.cue.group == "not" and h.cue.value == hit.cue.value and h.start < hit.end and hit.start < h.end for h in passage.hits
    )


def find_anchor(passages: list[Passage], number: int, clause: int, kind: str, score: float, weights: Weights) -> Candidate:
    """Find the word of a clause that tells the event: the start of the first cue of its type, else the heaviest word."""
    passage = passages[number]
    words, (i, j) = passage.sentence.words, passage.clauses[clause]
    low, high = words[i][0], words[j - 1][1]
    for hit in passage.hits:
        if hit.cue.group == "type" and hit.cue.value == kind and low <= hit.start < high:
            anchor = next(n for n in range(i, j) if words[n][0] >= hit.start)
            return Candidate(number, clause, anchor, hit, score)
    column, model = list_types().index(kind), weights.type_model
    anchor = max(range(i, j), key=lambda n: model.weigh_word(words[n][2], column))
    cue = Cue("type", kind, f"{kind}/weights:{words[anchor][2].stem}", "", _NOTHING, frozenset())
    return Candidate(number, clause, anchor, Hit(words[anchor][0], words[anchor][1], cue), score)


class Event(NamedTuple):
    """One event on its way to a row: its row with days and counts as numbers, whether a headline tells it, the day spoken of."""

    row: dict
    headline: bool
    told: tuple[int, int]


def _build_rows(report: Report, candidate: Candidate, modality: str, rule: str, where: tuple[str, ...], when: tuple,
                passage: Passage, gazetteer: Gazetteer) -> list[Event]:  # fmt: skip
    hit, (low, high, basis), sentence = candidate.hit, when, passage.sentence
    actor, target = name_sides(hit, passage.hits, passage.lowered)
    count = count_people(hit, passage)
    if not report.published and low is not None and low == YEARLESS[0]:
        low = None
    if not report.published and high is not None and high == YEARLESS[1]:
        high = None
    single, events = len(where) == 1, []
    for place_id in where:
        events.append(Event({
            "report_id": report.report_id, "event_id": "", "type": hit.cue.value, "modality": modality,
            "place_id": place_id, "place_name": gazetteer.places[place_id].name if place_id else "",
            "earliest": low, "latest": high, "date_basis": basis, "actor": actor, "target": target,
            "people": name_people(hit, passage.hits), "count_min": count.low if single else None, "count_max": count.high,
            "evidence_start": sentence.start, "evidence_end": sentence.end,
            "rule": f"{hit.cue.rule} {rule}" if rule else hit.cue.rule, "cumulative": "yes" if count.cumulative else "",
        }, sentence.headline, passage.told.span))  # fmt: skip
    return events


def merge_events(events: list[Event]) -> list[dict]:
    """Make what a report tells twice one event: same type, modality and place, days and counts that fit together.

    A headline's event goes where the body tells one of the same type and modality.
    """
    body = {(e.row["type"], e.row["modality"]) for e in events if not e.headline}
    kept: list[Event] = []
    alike: dict[tuple[str, str, str], list[int]] = {}  # by type, modality and place: their numbers in what is kept
    for event in events:
        row = event.row
        kind, modality, place = row["type"], row["modality"], row["place_id"]
        if event.headline and (kind, modality) in body:
            continue
        others = alike.setdefault((kind, modality, place), [])
        twin = next((n for n in others if _is_same(kept[n], event)), None)
        if twin is None:
            others.append(len(kept))
            kept.append(event)
        elif _tell_known(row) > _tell_known(kept[twin].row):
            kept[twin] = event
    return [event.row for event in kept]


def _tell_known(row: dict) -> tuple[bool, bool]:
    return row["earliest"] is not None, row["count_min"] is not None


def _is_same(first: Event, second: Event) -> bool:
    """Tell events of one type, modality and place whose days and counts fit together."""
    one, other = first.row, second.row
    if None not in (one["count_min"], other["count_min"]) and one["count_min"] != other["count_min"]:
        return False
    if one["type"] == "deal_agreed" and first.told != second.told and one["latest"] != other["latest"]:
        return False  # deals told of different days are different deals
    if one["earliest"] is None or other["earliest"] is None:
        later, sooner = (one, other) if one["earliest"] is not None else (other, one)
        if later["earliest"] is None:
            return True
        return sooner["latest"] is None or sooner["latest"] >= later["earliest"]
    return one["earliest"] <= (other["latest"] or 9**9) and other["earliest"] <= (one["latest"] or 9**9)


def number_events(rows: list[dict], report_id: str) -> list[dict]:
    """Order events by their place in the text, number them and write their days as EDTF."""
    rows = sorted(rows, key=itemgetter("evidence_start"))
    for number, row in enumerate(rows, 1):
        row["event_id"] = f"{report_id}-{number:02d}"
        row["earliest"], row["latest"] = format_day(row["earliest"]), format_day(row["latest"])
        for count in ("count_min", "count_max"):
            if row[count] is None:
                row[count] = ""
    return rows
