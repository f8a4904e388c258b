"""When: the ranges of days that an event may have, told in its sentence or spoken of."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.dates import DateExpression
from analysis.edtf import YEARLESS
from analysis.passages import Candidate, Passage

_PLAN = re.compile(r"\b(?:will|would|shall|(?:is|are|was|were|due|set|ready|scheduled|expected|planned) to)\b[^.;:]*$")


class DateOption(NamedTuple):
    """A range of days that an event may have: its basis and shape, the marks of the date told, how the day spoken of is told, other dates."""

    span: tuple[int | None, int | None]
    basis: str
    shape: str
    sources: tuple[str, ...]
    told: str
    other: str


def list_days(passage: Passage, at: Candidate, published: tuple[int, int], modality: str, tense: tuple[str, str, str]) -> list[DateOption]:
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
    options: dict[tuple, DateOption] = {}

    def add(span: tuple, basis: str, shape: str, sources: tuple[str, ...] = ()) -> None:
        if span not in options:
            options[span] = DateOption(span, basis, shape, sources, state, other)

    nearest = own and min(own, key=lambda d: max(d.start - here, here - d.end))
    for found, day in passage.dates:
        if found is passage.opening:
            continue
        inside = low <= found.start < high
        if modality != "actual" and found.rule == "weekday" and _PLAN.search(passage.lowered, passage.sentence.start, found.start):
            continue
        if told.span == YEARLESS and day.basis != "stated" or told.told_on and (not inside or _is_taken(passage, at, found.start, low)):
            continue  # no day is invented; and what was told on a day has its own date in its own clause or none
        sources = _mark_date(found, inside, here, found is nearest, len(own) == 1)
        add((day.earliest, day.latest), day.basis, "own date", sources)
        if day.latest is not None:
            add((None, day.latest), day.basis, "up to own date", sources)
        if day.earliest is not None:
            add((day.earliest, told.span[1]), day.basis, "from own date on", sources)
    if told.span == YEARLESS:  # no year is invented, nor a day
        add((None, None), "published", "no day")
        return list(options.values())
    add((None, told.span[1]), told.basis, "up to day spoken of")
    now = tense[0].startswith("present") or tense[1].startswith("clause now")
    gone = state == "as before" and modality == "actual" and not now
    if at.hit.cue.value.endswith("_continues") or not gone and not (told.told_on and passage.opening):
        add(told.span, told.basis, "day spoken of")
    ruled = state == "as before" and not passage.sentence.opens  # a day told rules what follows in its paragraph
    if published != told.span and published != YEARLESS and not told.told_on and not ruled:
        add((None, published[1]), "published", "up to publication")
    return list(options.values())


def _mark_date(found: DateExpression, inside: bool, here: int, nearest: bool, single: bool) -> tuple[str, ...]:
    """Mark a date told in a sentence by its rule and by where it stands to the anchor."""
    gap = max(found.start - here, here - found.end)
    return (
        f"rule {found.rule}", "in clause" if inside else "other clause", "right of it" if found.start > here else "left of it",
        "near 30" if gap < 30 else "near 80" if gap < 80 else "far", *["nearest"] * nearest,
        *[f"in clause rule {found.rule}"] * inside, *["since"] * found.since, *["only one"] * single,
    )  # fmt: skip


def _is_taken(passage: Passage, at: Candidate, day: int, low: int) -> bool:
    """Tell a date that belongs to what is told before it in the clause ("the women arrested on September 19 were freed")."""
    kind = at.hit.cue.value
    return day < at.hit.start and any(h.cue.group == "type" and h.cue.value != kind and low <= h.start < day for h in passage.hits)


_IS, _HAS, _WAS = frozenset(["is", "are", "am"]), frozenset(["has", "have"]), frozenset(["was", "were"])
_NOW = frozenset(["is", "are", "has", "have", "still", "now"])


def tell_tense(passage: Passage, at: Candidate) -> tuple[str, str, str]:
    """Name the tense of an event: present, perfect or past by the verb chain before the anchor, and its nearest words."""
    words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
    word = words[at.anchor][2]
    last = [w[2] for w in words[max(0, at.anchor - 3) : at.anchor]]
    if not _IS.isdisjoint(last[-2:]):
        tense = "present"
    elif not _HAS.isdisjoint(last):
        tense = "perfect"
    else:
        tense = "past perfect" if "had" in last else "plain" if _WAS.isdisjoint(last) else "was"
    verbs = [w[2] for w in words[i:j]]
    now = "now" if not _NOW.isdisjoint(verbs) else "then" if "ed" in [w.form for w in verbs] else "no verb"
    return f"{tense} {word.form}", f"clause {now} {word.form}", f"word {word.stem}"
