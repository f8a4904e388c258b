"""Where: the places that an event may be at, named in its sentence or in mind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.mentions import Group, is_wide
from analysis.passages import Candidate, Passage
from analysis.places import WIDE_KINDS, Gazetteer
from analysis.pointing import ByPlace, find_pointers, read_pointers

_PREPOSITIONS = frozenset(
    "in from to of near at between on into towards toward around inside outside through via off within across for over against by".split()
)
_INSIDE = re.compile(
    r"'?s?[,\s(]*(?:in|of|near|(?:to|in)? ?the [\w-]+ (?:of|countryside of)|(?:north|south|east|west|[\w-]+) of|belonging to|,)?\s*"
    r"(?:the|rural|eastern|western|northern|southern|countryside|city|province|town|district|neighbo\w+|of|in|\s)*"
)  # between a place and the wider one that it lies in

_CITY = re.compile(r"\bcity\b|\btown\b|\bneighbo\w+ of\b|\bcamp\b")
_OF_CAPITALS = {s: f"its capital {s}" for s in (
    "in sentence", "in clause", "focus", "main", "nearest narrow", "sentence before", "last named", "in headline", "only one")}  # fmt: skip


class PlaceOption(NamedTuple):
    """A place (or list of places, or none) that an event may be at: why it comes to mind, what its sentence names, its sort."""

    ids: tuple[str, ...]
    sources: tuple[str, ...]
    said: str
    sort: str


class Scene(NamedTuple):
    """What of a sentence's places is the same for all its events: those named and in mind, and what points to one."""

    said: str
    ids: frozenset[tuple[str, ...]]  # of the lists named
    named: list[tuple[Group, tuple[str, ...], dict[bool, str]]]  # marks, and the preposition by whether it stands right
    lists: list[tuple[tuple[str, ...], tuple[str, ...]]]
    remembered: list[tuple[tuple[str, ...], tuple[str, ...]]]
    last: tuple[tuple[str, ...], tuple[str, ...]]
    pointers: tuple[ByPlace, ByPlace]


class PlaceReader:
    """The places that the events of one report may be at; ``focus`` is the place in mind, that of the last event.

    What was told before is in mind too: where events of the same type were, how often a place was told of, and where in
    the same sentence.
    """

    def __init__(self, passages: list[Passage], main: dict[tuple[str, ...], list[str]], gazetteer: Gazetteer) -> None:
        self.passages, self.main, self.gazetteer = passages, main, gazetteer
        self.focus: tuple[str, ...] = ()
        self._told: Counter[tuple[str, ...]] = Counter()
        self._last: dict[str, tuple[str, ...]] = {}  # by type: the place of its last event
        self._here: tuple[int, set[tuple[str, ...]]] = -1, set()  # a passage, and the places of its events
        self._capitals = _count_capitals(passages, gazetteer)
        self._sorts = _read_sorts(gazetteer)
        self._scenes: dict[int, Scene] = {}

    def list_options(self, at: Candidate, rivals: Iterable[int] = ()) -> list[PlaceOption]:
        """List the places that an event may be at: each list named in its sentence, those in mind, or none.

        ``rivals`` are the characters at which other events of the sentence are told.
        """
        scene = self._scenes.get(at.passage) or self._look_around(at.passage)
        passage = self.passages[at.passage]
        options: dict[tuple[str, ...], tuple[str, ...]] = {}
        known = options.get
        if scene.named:
            self._add_named(options, scene, at, rivals)
        if self.focus:
            options[self.focus] = (*known(self.focus, ()), "focus")
        for ids, sources in scene.remembered:
            options[ids] = known(ids, ()) + sources
        here = passage.sentence.words[at.anchor][0]
        ids, sources = next(((g.ids, _LAST) for g in reversed(passage.narrow) if g.end <= here), scene.last)
        if sources:
            options[ids] = known(ids, ()) + sources
        if self._capitals:
            self._add_provinces(options)
        named, said, sorts = scene.ids, scene.said, self._sorts
        pointed, unnamed = scene.pointers
        recall = self._begin_recall(at)
        return [
            PlaceOption(ids, sources + (pointed[ids] if ids in named else unnamed[ids]) + recall(ids), said, sorts[ids])
            for ids, sources in options.items()
        ]

    def keep(self, at: Candidate, where: tuple[str, ...]) -> None:
        """Keep in mind the place of an event; a province or none leaves the focus where it was."""
        if not where:
            return
        if not is_wide(where, self.gazetteer):
            self.focus = where
        self._told[where] += 1
        self._last[at.hit.cue.value] = where
        if self._here[0] != at.passage:
            self._here = at.passage, set()
        self._here[1].add(where)

    def _begin_recall(self, at: Candidate) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """Begin to tell what was told before of the places that an event may be at."""
        told, last = self._told, self._last.get(at.hit.cue.value)
        here = self._here[1] if self._here[0] == at.passage else ()

        def recall(ids: tuple[str, ...]) -> tuple[str, ...]:
            if not ids:
                return ()
            return _RECALLED[(last == ids) + 1 if last else 0, min(told[ids], 3) if told else -1, (ids in here) + 1 if here else 0]

        return recall

    def _add_named(self, options: dict, scene: Scene, at: Candidate, rivals: Iterable[int]) -> None:
        passage = self.passages[at.passage]
        words, (i, j) = passage.sentence.words, passage.clauses[at.clause]
        low, high, here = words[i][0], words[j - 1][1], words[at.anchor][0]
        gaps = [max(g.start - here, here - g.end) for g in passage.groups]
        nearest, opens = gaps.index(min(gaps)), f"opens {words[i][2].stem}"
        close = min((gap for gap, g in zip(gaps, passage.groups, strict=True) if not g.wide), default=None)
        only = len(passage.narrow) == 1
        for n, (group, marks, prepositions) in enumerate(scene.named):
            gap, inside, right = gaps[n], low <= group.start < high, group.start >= here
            narrow = gap == close and not group.wide
            if narrow:
                close = None
            near = 20 if gap < 20 else 60 if gap < 60 else 120 if gap < 120 else 0
            sources = (*marks, *_SIDES[inside, right], prepositions[right], *_name_gap(near, n == nearest, narrow, only and narrow))
            if inside:
                sources = (*sources, opens)
            if rivals:
                nearer = min([max(group.start - r, r - group.end) for r in rivals]) < gap
                sources = (*sources, "rival nearer" if nearer else "no rival nearer")
            before = options.get(group.ids)
            options[group.ids] = tuple(dict.fromkeys(before + sources)) if before else sources
        for ids, sources in scene.lists:
            options[ids] = options.get(ids, ()) + sources

    def _add_provinces(self, options: dict) -> None:
        """Beside each capital that may stand for its province ("Suwayda") put the province, and mark how either is named."""
        for ids in [ids for ids in options if ids in self._capitals]:
            province, own, its = self._capitals[ids]
            sources = [_OF_CAPITALS[s] for s in options[ids] if s in _OF_CAPITALS]
            options[ids] = (*options[ids], own)
            before = options.get(province)
            options[province] = tuple(dict.fromkeys((*before, *sources, its))) if before else (*sources, its)

    def _look_around(self, number: int) -> Scene:
        """Look at a sentence, and at those around it, for what its events have in common."""
        passage = self.passages[number]
        groups, narrow, named = passage.groups, passage.narrow, []
        for n, group in enumerate(groups):
            marks = _mark_group(passage, n, group)
            named.append((group, marks, {False: f"{marks[1]} left", True: f"{marks[1]} right"}))
        lists = [(tuple(dict.fromkeys(p for g in narrow for p in g.ids)), ("all named",))] if len(narrow) > 1 else []
        lists += [((i,), ("one of a list",)) for i in dict.fromkeys(i for g in groups if len(g.ids) > 1 for i in g.ids)]
        said = "narrow said" if narrow else "wide said" if groups else "none said"
        found = find_pointers(passage)
        pointers = read_pointers(found, True, self.gazetteer), read_pointers(found, False, self.gazetteer)
        ids = frozenset(g.ids for g in groups)
        scene = self._scenes[number] = Scene(said, ids, named, lists, self._remember(number), self._find_last(number), pointers)
        return scene

    def _remember(self, number: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """List the places in mind at a sentence, those that the report is about and those named around it."""
        options = {ids: tuple(sources) for ids, sources in self.main.items()}

        def add(ids: tuple[str, ...], source: str) -> None:
            options[ids] = (*options.get(ids, ()), source)

        for back, name in ((1, "sentence before"), (2, "two sentences before")):
            before = self.passages[number - back].narrow if number >= back else ()
            if before:
                add(before[-1].ids, name)
                add(before[0].ids, f"{name}, first")
        add((), "none")
        for ahead in (1, 2):
            narrow = self.passages[number + ahead].narrow if number + ahead < len(self.passages) else ()
            if narrow:
                add(narrow[0].ids, f"named {ahead} ahead")
                break
        return list(options.items())

    def _find_last(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Find the place last named before a sentence: how far back, and whether in the same paragraph."""
        same = True
        for back in range(1, min(number + 1, 8)):
            same = same and not self.passages[number - back + 1].sentence.opens
            before = self.passages[number - back].narrow
            if before:
                return before[-1].ids, ("last named", f"last named {min(back, 3)} back", _SAME if same else "last named, paragraphs before")
        return (), ()


_RECALLED = {
    (same, often, here): tuple(filter(None, (
        ("type new", "same type elsewhere", "same type here")[same], f"told before {often}" * (often >= 0),
        ("", "other told in sentence", "told in sentence")[here])))
    for same in range(3) for often in range(-1, 4) for here in range(3)
}  # fmt: skip
_SAME = "last named, same paragraph"
_LAST = ("last named", "last named 0 back", _SAME)


def _mark_group(passage: Passage, n: int, group: Group) -> tuple[str, ...]:
    """Mark a list of places by the words around it; the second mark is its preposition."""
    groups, lowered, words = passage.groups, passage.lowered, passage.sentence.words
    at = bisect_left(words, (group.start,))
    before = [w[2] for w in words[max(0, at - 6) : at] if group.start - 50 < w[0] and w[1] <= group.start]
    preposition = next((w for w in reversed(before) if w in _PREPOSITIONS), "none")
    marks = ["in sentence", f"preposition {preposition}", f"after {group.before}", f"just after {' '.join(before[-2:])}"]
    behind = bisect_left(words, (group.end,))
    if behind < len(words) and words[behind][0] - group.end == 1:
        marks.append(f"followed by {words[behind][2]}")
    if len(passage.narrow) > 1 and group is passage.narrow[0]:
        marks.append("first of several")
    if n and _is_inside(lowered[groups[n - 1].end : group.start]):
        marks.append("around the one before")
    if n + 1 < len(groups) and _is_inside(lowered[group.end : groups[n + 1].start]):
        marks.append("inside the next one")
    return tuple(marks)


_SIDES = {
    (inside, right): ("in clause" if inside else "other clause", ("right" if right else "left") + " of it " + ("in clause" if inside else "outside"))
    for inside in (False, True) for right in (False, True)
}  # fmt: skip


@cache
def _name_gap(near: int, nearest: bool, narrow: bool, only: bool) -> tuple[str, ...]:
    return (f"near {near}" if near else "far", *["nearest"] * nearest, *["nearest narrow"] * narrow, *["only one"] * only)


def _count_capitals(passages: list[Passage], gazetteer: Gazetteer) -> dict[tuple[str], tuple[tuple[str], str, str]]:
    """Find for each capital that a report names its province, and mark either by how often "city" and "province" stand beside their name."""
    found: dict[tuple[str], tuple[tuple[str], str, str]] = {}
    named = [(g, p.lowered) for p in passages for g in p.groups]
    for capital in {i for g, _ in named for i in g.ids if i in gazetteer.capitals}:
        province = gazetteer.capitals[capital]
        cities = sum(capital in g.ids and _CITY.search(t[max(0, g.start - 16) : g.end + 8]) is not None for g, t in named)
        provinces = sum(province in g.ids for g, _ in named)
        said = f"capital, city {min(cities, 2)} province {min(provinces, 2)}"
        found[(capital,)] = (province,), said, f"its {said}"
    return found


@lru_cache(maxsize=4)
def _read_sorts(gazetteer: Gazetteer) -> ByPlace:
    return ByPlace(lambda ids: _sort_place(ids, gazetteer))


def _is_inside(between: str) -> bool:
    return len(between) < 40 and _INSIDE.fullmatch(between) is not None


def _sort_place(ids: tuple[str, ...], gazetteer: Gazetteer) -> str:
    if not ids:
        return "none"
    if "damascus" in ids:
        return "damascus"
    kinds = {gazetteer.places[i].kind for i in ids}
    return "wide" if kinds <= WIDE_KINDS else "mixed" if kinds & WIDE_KINDS else "narrow"
