"""Where: the places that an event may be at, named in its sentence or in mind."""

from __future__ import annotations

import re
from functools import lru_cache

from analysis.mentions import is_wide
from analysis.passages import Candidate, Passage
from analysis.places import WIDE_KINDS, Gazetteer

_SEVERAL = re.compile(r"\b(?:both|(?:the\s+)?(?:two|three|four)|these|those)\s+(?:\w+\s+)?(?:towns|villages|neighbo\w+|areas|cities|communities|places|districts)\b")


def list_places(passages: list[Passage], at: Candidate, focus: tuple[str, ...], main: dict[tuple[str, ...], list[str]], gazetteer: Gazetteer) -> list[dict]:
    """List the places that an event may be at: each list named in its sentence, those in mind, or none."""
    passage = passages[at.passage]
    words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
    low, high, here = words[i][0], words[j - 1][1], words[at.anchor][0]
    options: dict[tuple[str, ...], list[str]] = {}
    groups = passage.groups
    nearest = min(groups, key=lambda g: max(g.start - here, here - g.end), default=None)
    narrow = passage.narrow
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
    _add_remembered(options, passages, at.passage, focus, main)
    _add_last(options, passages, at.passage, here)
    several = bool(_SEVERAL.search(passage.lowered, passage.sentence.start, passage.sentence.end))
    wide_only = bool(groups) and not narrow
    return [
        {"ids": ids, "sources": list(dict.fromkeys(sources)), "kind": _sort_place(ids, gazetteer), "several": several,
         "size": min(len(ids), 4), "named": bool(narrow), "wide only": wide_only}
        for ids, sources in options.items()
    ]  # fmt: skip


def _add_remembered(options: dict, passages: list[Passage], number: int, focus: tuple, main: dict) -> None:
    if focus:
        options.setdefault(focus, []).append("focus")
    for ids, sources in main.items():
        options.setdefault(ids, []).extend(sources)
    for back in (1, 2):
        if number >= back:
            before = passages[number - back].narrow
            if before:
                options.setdefault(before[-1].ids, []).append("sentence before" if back == 1 else "two sentences before")
                options.setdefault(before[0].ids, []).append("sentence before, first" if back == 1 else "two before, first")
    options.setdefault((), []).append("none")


def _add_last(options: dict, passages: list[Passage], number: int, here: int) -> None:
    """Mark the place last named before the anchor, and how far back; and the one named next."""
    for back in range(min(number + 1, 6)):
        before = [g for g in passages[number - back].narrow if g.end <= here]
        if before:
            options.setdefault(before[-1].ids, []).extend(["last named", f"last named {min(back, 3)} back"])
            break
    for ahead in (1, 2):
        if number + ahead < len(passages):
            narrow = passages[number + ahead].narrow
            if narrow:
                options.setdefault(narrow[0].ids, []).append(f"named {ahead} ahead")
                break


@lru_cache(maxsize=1 << 14)
def _sort_place(ids: tuple[str, ...], gazetteer: Gazetteer) -> str:
    if not ids:
        return "none"
    if "damascus" in ids:
        return "damascus"
    kinds = {gazetteer.places[i].kind for i in ids}
    return "wide" if kinds <= WIDE_KINDS else "mixed" if kinds & WIDE_KINDS else "narrow"


def move_focus(focus: tuple[str, ...], where: tuple[str, ...], gazetteer: Gazetteer) -> tuple[str, ...]:
    """Keep in mind the place of the last event; a province or none leaves what was in mind."""
    return where if where and not is_wide(where, gazetteer) else focus
