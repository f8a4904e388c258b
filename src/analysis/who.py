"""Who did it to whom, to what kind of people, and how many: read off the words around a cue."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.cues import Hit
from analysis.dates import NUMBERS

_MANY = {"dozens": (24, None), "dozen": (12, 12), "scores": (40, None), "tens": (20, None), "hundreds": (200, None),
         "thousands": (2000, None), "several": (3, None), "couple": (2, 2)}  # fmt: skip
_HEDGES = re.compile(
    r"(?:(?P<near>nearly|almost|close to|up to|less than|under)|(?P<about>about|around|some|approximately|roughly|an estimated)"
    r"|(?P<over>over|more than|upwards of|exceeding)|(?P<least>at least|no fewer than|no less than))\s+(?:the\s+|of\s+)?$"
)
_NOUNS = re.compile(
    r"\s+(?:of\s+)?(?:\S+\s+){0,3}?(?P<noun>people|persons?|fighters?|gunm[ea]n|militants?|rebels?|insurgents?|civilians?|residents?"
    r"|m[ea]n|wom[ea]n|girls?|boys?|children|child|families|famil(?:y|ies)|youths?|young|detainees?|prisoners?|captives?|hostages?"
    r"|soldiers?|members?|individuals|suspects|wanted|inhabitants|students|persons|deserters|defectors|elements|males|females|workers"
    r"|checkpoints?|posts?|positions|points|barriers|weapons?|rifles?|guns|pieces|buses|trucks|vehicles|shells|rockets|others)\b"
)
_RUNNING = re.compile(r"\b(?:so far|(?:has |had )?(?:risen|rose|reached|climbed) to|bringing|total(?:led|ling)?|in all|to date|since the start)\b")
_PEOPLE_TYPES = frozenset("arrest custody_continues release settlement evacuation enlistment".split())
_THING_TYPES = {"checkpoint_set_up": ("checkpoint", "post", "position", "point", "barrier"),
                "checkpoint_removed": ("checkpoint", "post", "position", "point", "barrier"),
                "weapons_handover": ("weapon", "rifle", "gun", "piece")}  # fmt: skip


class Count(NamedTuple):
    """How many: ``low`` to ``high`` (None for open), and whether it is a running total."""

    low: int | None
    high: int | None
    cumulative: bool


_NO_COUNT = Count(None, None, False)


def read_count(word: str) -> tuple[int | None, int | None] | None:
    """Read one number word or figure into its bounds; None where it is no number."""
    bare = word.replace(",", "")
    if bare.isdigit():
        return int(bare), int(bare)
    if word in _MANY:
        return _MANY[word]
    if word in NUMBERS and word not in ("a", "an", "zero"):
        return NUMBERS[word], NUMBERS[word]
    return None


def may_count(word: str) -> bool:
    """Tell whether a folded word may be a number."""
    return word[:1].isdigit() or word in _MANY or word in NUMBERS


def count_people(hit: Hit, passage) -> Count:
    """Find the number that belongs to an event's cue: the nearest one that counts the right kind of thing."""
    kind, lowered, words = hit.cue.value, passage.lowered, passage.sentence.words
    things = _THING_TYPES.get(kind)
    if not passage.numbers or not things and kind not in _PEOPLE_TYPES:
        return _NO_COUNT
    best: tuple[int, int | None, int | None] | None = None
    for start, end, _ in passage.numbers:
        distance = abs(start - hit.start)
        if distance > 110 or best is not None and distance >= best[0]:
            continue
        bounds = read_count(lowered[start:end])
        if bounds is None:
            continue
        noun = _NOUNS.match(lowered, end)
        if not noun or noun["noun"].startswith(("bus", "truck", "vehicle", "shell", "rocket")):
            continue
        if bool(things) != noun["noun"].startswith(things or _ALL_THINGS):
            continue
        low, high = hedge_count(lowered[max(0, start - 24) : start], *bounds)
        best = (distance, low, high)
    if best is None:
        return _NO_COUNT
    running = _RUNNING.search(lowered[words[0][0] : words[-1][1]])
    return Count(best[1], best[2], running is not None and not things)


_ALL_THINGS = ("checkpoint", "post", "position", "point", "barrier", "weapon", "rifle", "gun", "piece")


def hedge_count(before: str, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Widen a count by the hedge that stands before it, as the codebook says ("nearly N": 0.9 N to N)."""
    hedge = _HEDGES.search(before)
    if not hedge or low is None or high is None:
        return low, high
    if hedge["near"]:
        return round(0.9 * low), low
    if hedge["about"]:
        return round(0.9 * low), round(1.1 * low)
    return (low + 1, None) if hedge["over"] else (low, None)


def name_people(hit: Hit, hits: list[Hit]) -> str:
    """Name the kinds of people nearest to the cue, by the codebook's terms; blank where none is named."""
    if hit.cue.value not in _PEOPLE_TYPES:
        return ""
    near = [h for h in hits if h.cue.group == "people" and -90 < h.start - hit.start < 90]
    if not near:
        return ""
    return min(near, key=lambda h: abs(h.start - hit.end) + (30 if h.end <= hit.start else 0)).cue.value


_OWN_ACTORS = {
    "protest": "civilians", "bombardment": "", "attack": "unknown", "weapons_handover": "opposition",
    "evacuation": "", "talks": "", "enlistment": "",
}  # fmt: skip
_BY = re.compile(r"\bby\s+(?:\S+\s+){0,3}$")


def name_sides(hit: Hit, hits: list[Hit], lowered: str) -> tuple[str, str]:
    """Name actor and target: the side before an active cue or after "by"; for talks and deals the two sides named."""
    sides = [h for h in hits if h.cue.group == "actors"]
    kind = hit.cue.value
    if kind == "talks" or kind.startswith("deal_"):
        named = list(dict.fromkeys(h.cue.value for h in sorted(sides, key=lambda h: h.start)))
        return (named[0] if named else "", named[1] if len(named) > 1 else "")
    if not sides:
        return _OWN_ACTORS.get(kind, ""), ""
    by = [h for h in sides if h.start >= hit.start and _BY.search(lowered[max(0, h.start - 40) : h.start])]
    ahead = [h for h in sides if h.end <= hit.start]
    behind = [h for h in sides if h.start >= hit.start and h not in by]
    actor = by[0] if by else ahead[-1] if ahead else None
    name = actor.cue.value if actor else _OWN_ACTORS.get(kind, "")
    target = next((h for h in behind + ahead[::-1] if actor is None or h.cue.value != actor.cue.value), None)
    return name, target.cue.value if target else ""
