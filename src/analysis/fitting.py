"""Learning the weights: hand codings -> weights.csv, the same bytes from the same codings.

Each hand-coded event is laid beside the clauses that its evidence overlaps; a logistic regression a type, one of
modality and two rankings (place, day) are fitted with a ridge penalty, small weights dropped, the rest rounded.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sparse
from scipy.optimize import minimize

from analysis.agreement import is_held_out
from analysis.choosing import name_dates, name_places
from analysis.coding import find_anchor, list_anchors
from analysis.dating import list_days, tell_tense
from analysis.edtf import parse_edtf
from analysis.modality import ModalityReader
from analysis.passages import Candidate, mark_passage, read_passages, read_published
from analysis.places import Gazetteer, read_places
from analysis.placing import PlaceReader
from analysis.reports import Report, read_corpus
from analysis.weighing import (
    MODALITIES,
    WEIGHTS,
    Weights,
    build_weights,
    list_types,
    name_clauses,
    name_modality,
)  # fmt: skip

SPREAD = {"type": 0.3, "modality": 0.3, "place": 0.2, "date": 0.25}  # variance of the weights; chosen by cross-validation
SCALES = (("cue of", 3.0), ("cue ", 2.0), ("sentence ", 0.6), ("before ", 0.7), ("behind ", 0.7), ("opens ", 0.5))
REPEATED = 0.2  # weight of a clause that is not coded where the report has an event of the type elsewhere: a retelling
SMALL = 0.1  # weights under this are dropped: cross-validated F1 stays the same, the file is far shorter
RARE = 3  # a feature must stand in so many clauses


class Told(NamedTuple):
    """One hand-coded event (all its places) with the clauses that its evidence overlaps."""

    report: int
    kind: str
    modality: str
    places: frozenset[str]
    days: list[tuple]
    clauses: list[int]


class Lesson(NamedTuple):
    """What is learned from: reports read, their clauses and features, and the hand-coded events."""

    readings: list[tuple]
    reports: list[Report]
    clauses: list[tuple[int, int, int]]
    names: list[list[str]]
    events: list[Told]
    gazetteer: Gazetteer


def prepare_lesson(reports: list[Report], events: pd.DataFrame, gazetteer: Gazetteer) -> Lesson:
    """Read the reports and lay the hand-coded events beside their clauses."""
    readings, clauses, names, told = [], [], [], []
    grouped = dict(list(events.groupby("report_id")))
    for number, report in enumerate(reports):
        passages, main = read_passages(report, gazetteer)
        readings.append((passages, main))
        first = len(clauses)
        for i, passage in enumerate(passages):
            rows = name_clauses(passage.sentence.words, passage.clauses, passage.hits, mark_passage(passages, i))
            clauses += [(number, i, k) for k in range(len(rows))]
            names += [list(dict.fromkeys(row)) for row in rows]
        if report.report_id in grouped:
            spans = [_span(passages, c) for c in clauses[first:]]
            told += _align(number, grouped[report.report_id], spans, first)
    return Lesson(readings, reports, clauses, names, told, gazetteer)


def _span(passages, clause: tuple[int, int, int]) -> tuple[int, int]:
    words, (i, j) = passages[clause[1]].sentence.words, passages[clause[1]].clauses[clause[2]]
    return words[i][0], words[j - 1][1]


def _align(number: int, events: pd.DataFrame, spans: list[tuple[int, int]], first: int) -> list[Told]:
    told = []
    for (kind, modality, start, end), rows in events.groupby(["type", "modality", "evidence_start", "evidence_end"], sort=False):
        start, end = int(start), int(end)
        shared = [min(high, end) - max(low, start) for low, high in spans]
        if not shared or max(shared) <= 0:
            continue
        over = [first + i for i, s in enumerate(shared) if s > 0 and (s >= 0.5 * (spans[i][1] - spans[i][0]) or s >= 0.6 * (end - start))]
        over = over or [first + shared.index(max(shared))]
        days = list({(_bound(r.earliest, 0), _bound(r.latest, 1)) for r in rows.itertuples()})
        told.append(Told(number, kind, modality, frozenset(p for p in rows.place_id if p), days, over))
    return told


def _bound(day: str, side: int) -> int | None:
    return parse_edtf(day)[side] if day else None


# --- the models -------------------------------------------------------------------------------------------------------


def fit_weights(lesson: Lesson, only: set[int] | None = None) -> list[tuple[str, str, str, float]]:
    """Fit all four models on the lesson's reports (or those whose numbers are in ``only``).

    Returns
    -------
    list of (model, feature, class, weight)
        Sorted, rounded to three decimals, without those under ``SMALL``.
    """
    used = set(range(len(lesson.reports))) if only is None else only
    rows = _fit_types(lesson, used)
    weights = build_weights(rows)
    events = [(e, at) for e in lesson.events if e.report in used for at in [_find_clause(lesson, e, weights)]]
    rows += _fit_modality(lesson, events) + _fit_places(lesson, events) + _fit_days(lesson, events)
    rows = [(m, f, c, round(float(w), 3)) for m, f, c, w in rows if abs(w) >= SMALL]
    return sorted(rows)


def _index(rows: Iterable[list[str]], rare: int) -> tuple[sparse.csr_matrix, list[str]]:
    """Index the features of rows; one that stands twice in a row counts twice."""
    counts: dict[str, int] = defaultdict(int)
    rows = list(rows)
    for row in rows:
        for name in row:
            counts[name] += 1
    names = sorted(n for n, c in counts.items() if c >= rare)
    index = {n: i for i, n in enumerate(names)}
    numbers = [[index[n] for n in row if n in index] for row in rows]
    flat = np.array([n for row in numbers for n in row], dtype=int)
    starts = np.cumsum([0] + [len(r) for r in numbers])
    return sparse.csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(rows), len(names))), names


def _fit_types(lesson: Lesson, used: set[int], rounds: int = 2) -> list[tuple]:
    kinds = list_types()
    picked = [i for i, c in enumerate(lesson.clauses) if c[0] in used]
    local = {c: i for i, c in enumerate(picked)}
    table, names = _index((lesson.names[i] for i in picked), RARE)
    scale = np.array([next((s for head, s in SCALES if n.startswith(head)), 1.0) for n in names])
    table = table @ sparse.diags(scale)
    events = [(kinds.index(e.kind), [local[c] for c in e.clauses], e.report) for e in lesson.events if e.report in used]
    numbers = np.array([lesson.clauses[i][0] for i in picked])
    base = np.ones((len(picked), len(kinds)))
    for t in range(len(kinds)):
        base[np.isin(numbers, [r for k, _, r in events if k == t]), t] = REPEATED
    found = None
    for _ in range(rounds):
        target, load = _set_targets(events, base, None if found is None else table @ found)
        found = _fit_logistic(table, target, load, SPREAD["type"], found)
    return [("type", names[i], kinds[t], found[i, t] * scale[i]) for i, t in zip(*np.nonzero(np.abs(found) >= 0.02), strict=True)]


def _set_targets(events: list, base: np.ndarray, scores: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Share an event among the clauses of its evidence at first; then the likeliest of them tells it."""
    target, load = np.zeros_like(base), base.copy()
    for kind, clauses, _ in events:
        best = None if scores is None else max(clauses, key=lambda c: scores[c, kind])
        for clause in clauses:
            if target[clause, kind]:
                continue
            if best is None:
                target[clause, kind], load[clause, kind] = 1, 1 / len(clauses)
            elif clause == best:
                target[clause, kind], load[clause, kind] = 1, 1
            else:
                load[clause, kind] = 0
    return target, load


def _fit_logistic(table, target: np.ndarray, load: np.ndarray, spread: float, start: np.ndarray | None) -> np.ndarray:
    shape = (table.shape[1], target.shape[1])
    turned = table.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        scores = table @ weights
        likely = 1 / (1 + np.exp(-scores))
        value = (load * (np.logaddexp(0, scores) - target * scores)).sum() + 0.5 / spread * (flat @ flat)
        return value, (turned @ (load * (likely - target)) + weights / spread).ravel()

    first = np.zeros(shape) if start is None else start
    return minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 40}).x.reshape(shape)


def _find_clause(lesson: Lesson, event: Told, weights: Weights) -> Candidate:
    """Find the clause of an event's evidence that tells it most clearly, and its anchor there."""
    column = list_types().index(event.kind)

    def score(clause: int) -> float:
        return sum(weights.type_rows[weights.type_index[n], column] for n in lesson.names[clause] if n in weights.type_index)

    number, passage, clause = lesson.clauses[max(event.clauses, key=score)]
    return find_anchor(lesson.readings[number][0], passage, clause, event.kind, 1.0, weights)


def _fit_modality(lesson: Lesson, events: list) -> list[tuple]:
    instances = []
    for event, at in events:
        passages = lesson.readings[event.report][0]
        reader = ModalityReader(passages)
        clause = passages[at.passage].clauses[at.clause]
        names = name_modality(event.kind, reader.list_words(at), clause, at.anchor, reader.mark(at)[0])
        instances.append(([[f"{m}\t{n}" for n in names] for m in MODALITIES], [m == event.modality for m in MODALITIES]))
    found = _fit_choices(instances, SPREAD["modality"])
    return [("modality", *reversed(name.split("\t", 1)), w) for name, w in found]


def _fit_places(lesson: Lesson, events: list, rounds: int = 3) -> list[tuple]:
    """Fit the places in rounds: what is in mind at an event is what the round before would have coded, not the truth."""
    told: dict[int, list] = defaultdict(list)
    for event, at in sorted(events, key=lambda e: (e[0].report, e[1].hit.start, e[0].kind)):
        told[event.report].append((event, at))
    found: dict[str, float] = {}
    for _ in range(rounds):
        instances = []
        for number, pairs in told.items():
            places = PlaceReader(*lesson.readings[number], lesson.gazetteer)
            anchors = list_anchors(at for _, at in pairs)
            for event, at in pairs:
                options = places.list_options(at, anchors[at.passage] - {at.hit.start})
                named = [name_places(event.kind, o) for o in options]
                shared = [_jaccard(set(o.ids), event.places) for o in options]
                if max(shared) >= 0.5:
                    instances.append((named, [s == max(shared) for s in shared]))
                places.keep(at, options[_best(named, found)].ids if found else ())
        found = dict(_fit_choices(instances, SPREAD["place"]))
    return [("place", name, "", w) for name, w in found.items()]


def _best(named: list[list[str]], weights: dict[str, float]) -> int:
    return max(range(len(named)), key=lambda i: sum(weights.get(n, 0.0) for n in named[i]))


def _jaccard(one: set, other: frozenset) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def _fit_days(lesson: Lesson, events: list) -> list[tuple]:
    instances = []
    for event, at in events:
        passage = lesson.readings[event.report][0][at.passage]
        published = read_published(lesson.reports[event.report].published)
        form = tell_tense(passage, at)
        options = list_days(passage, at, published, event.modality, form)
        reach = max(3, published[1] - published[0])
        right = [any(_fits(o.span, d, reach) for d in event.days) for o in options]
        exact = [any(_fits(o.span, d, 3) for d in event.days) for o in options]
        if any(right):
            instances.append(([name_dates(event.kind, event.modality, o, form) for o in options], exact if any(exact) else right))
    return [("date", name, "", w) for name, w in _fit_choices(instances, SPREAD["date"])]


def _fits(one: tuple, other: tuple, reach: int) -> bool:
    return all((a is None) == (b is None) and (a is None or abs(a - b) <= reach) for a, b in zip(one, other, strict=True))


def _fit_choices(instances: list[tuple[list[list[str]], list[bool]]], spread: float) -> list[tuple[str, float]]:
    """Fit a conditional logit: each instance a list of options by their features, some of them right."""
    table, names = _index((row for options, _ in instances for row in options), 2)
    right = np.array([r for _, marks in instances for r in marks])
    starts = np.cumsum([0] + [len(marks) for _, marks in instances[:-1]])
    owner = np.repeat(np.arange(len(instances)), [len(marks) for _, marks in instances])
    turned = table.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        raw = np.exp(scores)
        every, good = np.add.reduceat(raw, starts), np.add.reduceat(raw * right, starts) + 1e-300
        value = (np.log(every) - np.log(good)).sum() + 0.5 / spread * (weights @ weights)
        return value, turned @ (raw / every[owner] - raw * right / good[owner]) + weights / spread

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return list(zip(names, found, strict=True))


def save_weights(rows: list[tuple[str, str, str, float]], path: Path = WEIGHTS) -> None:
    """Write weights.csv: model, feature, class, weight."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["model", "feature", "class", "weight"])
        writer.writerows(rows)


def main(folder: Path = Path("data/raw")) -> None:
    """Fit the weights on the reports that may be looked at and write them."""
    reports = [r for r in read_corpus(folder) if not is_held_out(r.report_id)]
    events = pd.read_csv(folder / "codings" / "a.csv", dtype=str, keep_default_na=False)
    gazetteer = read_places(folder / "places.csv")
    save_weights(fit_weights(prepare_lesson(reports, events, gazetteer)))


if __name__ == "__main__":
    main()
