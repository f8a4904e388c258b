"""When: the ranges of days that an event may have, told in its sentence or spoken of."""

from __future__ import annotations

import re

from analysis.edtf import YEARLESS
from analysis.passages import Candidate, Passage

_PLAN = re.compile(r"\b(?:will|would|shall|(?:is|are|was|were|due|set|ready|scheduled|expected|planned) to)\b[^.;:]*$")


def list_days(passage: Passage, at: Candidate, published: tuple[int, int], modality: str, tense: list[str]) -> list[dict]:
    """List the ranges of days that an event may have: those of the dates told in its sentence, and the day spoken of.

    A weekday for which something is planned is none of them: the event's day is that on which it was agreed or threatened.
    Nor is the day of a passage that only goes on, for what is told in the past without a date word: it happened by then.
    """
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
        if modality != "actual" and found.rule == "weekday" and _PLAN.search(passage.lowered, passage.sentence.start, found.start):
            continue
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
    now = tense[0].startswith("present") or tense[1].startswith("clause now")
    gone = state == "as before" and modality == "actual" and not now
    if at.hit.cue.value.endswith("_continues") or not gone and not (told.told_on and passage.opening):
        add(told.span, told.basis, "day spoken of", [])
    if published != told.span and published != YEARLESS and not told.told_on:
        add((None, published[1]), "published", "up to publication", [])
    return list(options.values())


def _is_taken(passage: Passage, at: Candidate, day: int, low: int) -> bool:
    """Tell a date that belongs to what is told before it in the clause ("the women arrested on September 19 were freed")."""
    kind = at.hit.cue.value
    return day < at.hit.start and any(h.cue.group == "type" and h.cue.value != kind and low <= h.start < day for h in passage.hits)


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
