"""Where: the places that an event may be at, named in its sentence or in mind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis.mentions import Group, is_wide
from analysis.passages import Candidate, Passage
from analysis.places import WIDE_KINDS, Gazetteer

_SEVERAL = re.compile(r"\b(?:both|(?:the\s+)?(?:two|three|four)|these|those)\s+(?:\w+\s+)?(?:towns|villages|neighbo\w+|areas|cities|communities|places|districts)\b")
_POINTER = re.compile(
    r"\b(?:the|this|that|their|its)\s+(?:same\s+|besieged\s+|two\s+|whole\s+)?(town|city|village|neighbou?rhood|district|quarter"
    r"|camp|area|region|province|governorate|suburb|enclave)(s?)\b|\bthere\b"
)
_POINTED = {"neighborhood": "neighbourhood", "district": "neighbourhood", "quarter": "neighbourhood", "city": "town", "suburb": "town",
            "region": "area", "enclave": "area", "province": "governorate"}  # fmt: skip
_PREPOSITIONS = frozenset(
    "in from to of near at between on into towards toward around inside outside through via off within across for over against by".split()
)
_INSIDE = re.compile(
    r"'?s?[,\s(]*(?:in|of|near|(?:to|in)? ?the [\w-]+ (?:of|countryside of)|(?:north|south|east|west|[\w-]+) of|belonging to|,)?\s*"
    r"(?:the|rural|eastern|western|northern|southern|countryside|city|province|town|district|neighbo\w+|of|in|\s)*"
)  # between a place and the wider one that it lies in

_CITY = re.compile(r"\bcity\b|\btown\b|\bneighbo\w+ of\b|\bcamp\b")
_OF_CAPITALS = frozenset(["in sentence", "in clause", "focus", "main", "nearest narrow", "sentence before", "last named", "in headline", "only one"])


class PlaceOption(NamedTuple):
    """A place (or list of places, or none) that an event may be at: why it comes to mind, what its sentence names, its sort."""

    ids: tuple[str, ...]
    sources: tuple[str, ...]
    said: str
    sort: str


class PlaceReader:
    """The places that the events of one report may be at; ``focus`` is the place in mind, that of the last event."""

    def __init__(self, passages: list[Passage], main: dict[tuple[str, ...], list[str]], gazetteer: Gazetteer) -> None:
        self.passages, self.main, self.gazetteer = passages, main, gazetteer
        self.focus: tuple[str, ...] = ()
        self._capitals = _count_capitals(passages, gazetteer)
        self._marks: dict[int, list[list[str]]] = {}
        self._remembered: dict[int, tuple[list, tuple[str, ...]]] = {}

    def list_options(self, at: Candidate, rivals: Iterable[int] = ()) -> list[PlaceOption]:
        """List the places that an event may be at: each list named in its sentence, those in mind, or none.

        ``rivals`` are the characters at which other events of the sentence are told.
        """
        passage = self.passages[at.passage]
        options: dict[tuple[str, ...], list[str]] = {}
        if passage.groups:
            self._add_named(options, passage, at, list(rivals))
        if self.focus:
            options.setdefault(self.focus, []).append("focus")
        remembered, pointers = self._remember(at.passage)
        for ids, sources in remembered:
            options.setdefault(ids, []).extend(sources)
        self._add_last(options, at.passage, passage.sentence.words[at.anchor][0])
        if self._capitals:
            self._add_provinces(options)
        said = "narrow said" if passage.narrow else "wide said" if passage.groups else "none said"
        return [
            PlaceOption(ids, (*sources, *_point(pointers, ids, self.gazetteer)), said, _sort_place(ids, self.gazetteer))
            for ids, sources in options.items()
        ]

    def move_focus(self, where: tuple[str, ...]) -> None:
        """Keep in mind the place of an event; a province or none leaves what was in mind."""
        if where and not is_wide(where, self.gazetteer):
            self.focus = where

    def _add_named(self, options: dict, passage: Passage, at: Candidate, rivals: list[int]) -> None:
        words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
        low, high, here = words[i][0], words[j - 1][1], words[at.anchor][0]
        groups, narrow = passage.groups, passage.narrow
        gaps = [max(g.start - here, here - g.end) for g in groups]
        nearest = groups[gaps.index(min(gaps))] if groups else None
        close = min(narrow, key=lambda g: max(g.start - here, here - g.end), default=None)
        for group, gap, marks in zip(groups, gaps, self._mark_groups(at.passage), strict=True):
            inside, side = low <= group.start < high, "right" if group.start >= here else "left"
            sources = options.setdefault(group.ids, [])
            sources += marks
            sources += ["in clause" if inside else "other clause", f"{side} of it " + ("in clause" if inside else "outside"), f"{marks[1]} {side}"]
            sources.append("near 20" if gap < 20 else "near 60" if gap < 60 else "near 120" if gap < 120 else "far")
            sources += ["nearest"] * (group is nearest) + ["nearest narrow"] * (group is close) + ["only one"] * (len(narrow) == 1 and group is close)
            sources += [f"opens {words[i][2].stem}"] * inside
            if rivals:
                sources.append("rival nearer" if min(max(group.start - r, r - group.end) for r in rivals) < gap else "no rival nearer")
        if len(narrow) > 1:
            options.setdefault(tuple(dict.fromkeys(p for g in narrow for p in g.ids)), []).append("all named")
        for group in groups:
            for single in group.ids if len(group.ids) > 1 else ():
                options.setdefault((single,), []).append("one of a list")

    def _add_provinces(self, options: dict) -> None:
        """Beside each capital that may stand for its province ("Suwayda") put the province, and mark how either is named."""
        for ids in [ids for ids in options if len(ids) == 1 and ids[0] in self._capitals]:
            province, said = self._capitals[ids[0]]
            sources = [f"its capital {s}" for s in options[ids] if s in _OF_CAPITALS]
            options[ids].append(f"capital, {said}")
            options.setdefault((province,), []).extend([*sources, f"its capital, {said}"])

    def _mark_groups(self, number: int) -> list[list[str]]:
        """Mark each list of places in a sentence by the words around it; the second mark is its preposition."""
        known = self._marks.get(number)
        if known is not None:
            return known
        passage = self.passages[number]
        marks = self._marks[number] = [self._mark_group(passage, n, g) for n, g in enumerate(passage.groups)]
        return marks

    def _mark_group(self, passage: Passage, n: int, group: Group) -> list[str]:
        groups, lowered = passage.groups, passage.lowered
        before = [w[2] for w in passage.sentence.words if group.start - 50 < w[0] and w[1] <= group.start][-6:]
        preposition = next((w for w in reversed(before) if w in _PREPOSITIONS), "none")
        marks = ["in sentence", f"preposition {preposition}", f"after {group.before}", f"just after {' '.join(before[-2:])}"]
        marks += ["first of several"] * (len(passage.narrow) > 1 and group is passage.narrow[0])
        if n and _is_inside(lowered[groups[n - 1].end : group.start]):
            marks.append("around the one before")
        if n + 1 < len(groups) and _is_inside(lowered[group.end : groups[n + 1].start]):
            marks.append("inside the next one")
        return marks

    def _remember(self, number: int) -> tuple[list, tuple[str, ...]]:
        """List the places in mind at a sentence, those that the report is about and those named around it, and what points to one."""
        known = self._remembered.get(number)
        if known is not None:
            return known
        options = {ids: list(sources) for ids, sources in self.main.items()}
        for back, name in ((1, "sentence before"), (2, "two sentences before")):
            before = self.passages[number - back].narrow if number >= back else ()
            if before:
                options.setdefault(before[-1].ids, []).append(name)
                options.setdefault(before[0].ids, []).append(f"{name}, first")
        options.setdefault((), []).append("none")
        for ahead in (1, 2):
            narrow = self.passages[number + ahead].narrow if number + ahead < len(self.passages) else ()
            if narrow:
                options.setdefault(narrow[0].ids, []).append(f"named {ahead} ahead")
                break
        known = self._remembered[number] = list(options.items()), _find_pointers(self.passages[number])
        return known

    def _add_last(self, options: dict, number: int, here: int) -> None:
        """Mark the place last named before the anchor: how far back, and whether in the same paragraph."""
        for back in range(min(number + 1, 8)):
            before = [g for g in self.passages[number - back].narrow if g.end <= here]
            if before:
                same = not any(self.passages[number - k].sentence.opens for k in range(back))
                sources = ["last named", f"last named {min(back, 3)} back", "last named, " + ("same paragraph" if same else "paragraphs before")]
                options.setdefault(before[-1].ids, []).extend(sources)
                break


def _count_capitals(passages: list[Passage], gazetteer: Gazetteer) -> dict[str, tuple[str, str]]:
    """Tell for each capital that a report names its province, and how often "city" and "province" stand beside their name."""
    found: dict[str, tuple[str, str]] = {}
    named = [(g, p.lowered) for p in passages for g in p.groups]
    for capital in {i for g, _ in named for i in g.ids}:
        province = gazetteer.capitals.get(capital)
        if province:
            cities = sum(capital in g.ids and _CITY.search(t[max(0, g.start - 16) : g.end + 8]) is not None for g, t in named)
            provinces = sum(province in g.ids for g, _ in named)
            found[capital] = province, f"city {min(cities, 2)} province {min(provinces, 2)}"
    return found


def _find_pointers(passage: Passage) -> tuple[str, ...]:
    """Find what points to a place without naming it ("the town", "both villages", "there")."""
    low, high = passage.sentence.start, passage.sentence.end
    found = []
    for match in _POINTER.finditer(passage.lowered, low, high):
        word = match[1] or "there"
        found.append("said " + _POINTED.get(word, word) + (" many" if match[2] else ""))
    if _SEVERAL.search(passage.lowered, low, high):
        found.append("several said")
    return tuple(dict.fromkeys(found)) or ("nothing said",)


@lru_cache(maxsize=1 << 14)
def _point(pointers: tuple[str, ...], ids: tuple[str, ...], gazetteer: Gazetteer) -> tuple[str, ...]:
    if not ids:
        return ()
    kind = ("many " if len(ids) > 1 else "one ") + min(gazetteer.places[i].kind for i in ids)
    return tuple(f"{pointer}, {kind}" for pointer in pointers)


def _is_inside(between: str) -> bool:
    return len(between) < 40 and _INSIDE.fullmatch(between) is not None


@lru_cache(maxsize=1 << 14)
def _sort_place(ids: tuple[str, ...], gazetteer: Gazetteer) -> str:
    if not ids:
        return "none"
    if "damascus" in ids:
        return "damascus"
    kinds = {gazetteer.places[i].kind for i in ids}
    return "wide" if kinds <= WIDE_KINDS else "mixed" if kinds & WIDE_KINDS else "narrow"
