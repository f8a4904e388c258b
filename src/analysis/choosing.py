"""Choosing an event's place and its days: the named features of each option, and those whose weights add up to most.

The features are what :mod:`analysis.fitting` learns weights for. The weights of all features that look at the same mark of
an option are added up once, so that an option is weighed by one sum over its marks.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import repeat
from math import exp
from typing import NamedTuple

_KEY_SOURCES = ("focus", "main", "sentence before", "in clause", "in sentence", "nearest narrow", "in headline", "none")
_BY_KIND = (
    "after ", "in clause", "left", "right", "preposition", "rival", "no rival", "around", "inside", "just after", "its capital", "capital, ",
    "none", "focus", "main",
)  # fmt: skip
_POINTERS = ("said ", "several said", "nothing said")
_MOVERS = frozenset(["evacuation", "enlistment", "release", "arrest"])
# Beginnings of features that look at two marks at once: no source begins so, and tables without them are smaller.
_CROSSED = (*(f"{said} said " for said in ("narrow", "wide", "none")), "mixed ", "damascus ", "mover ", "other in", "other after")
UNIT = 1000  # weights are added up in thousandths, as whole numbers: in any order the same sum


def name_places(kind: str, option) -> list[str]:
    """Name the features of one place option (a :class:`analysis.placing.PlaceOption`)."""
    ids, sources, said, sort = option
    names = [f"kind {sort}", f"{kind} kind {sort}", f"size {min(len(ids), 4)}", f"{said} kind {sort}"]
    for source in dict.fromkeys(sources):
        names.append(source)
        if source.startswith(_POINTERS):
            continue
        names += [f"{said} {source}", f"{sort} {source}"]
        if source.startswith(_BY_KIND):
            names += [f"{'mover' if kind in _MOVERS else 'other'} {source}", f"{kind} {source}"]
    names.append(_name_both(said, sources))
    return names


def _name_both(said: str, sources: Container[str]) -> str:
    return f"{said} both " + " ".join(s for s in _KEY_SOURCES if s in sources)


class _Behind(dict):
    """Weights by the beginnings of their features' names: ``behind["narrow "]["in lead"]`` is that of "narrow in lead"."""

    def __init__(self, weights: dict[str, int]) -> None:
        self.weights = weights

    def __missing__(self, head: str) -> dict[str, int]:
        found = self[head] = {n[len(head) :]: w for n, w in self.weights.items() if n.startswith(head)}
        return found

    def add_up(self, names: list[str]) -> int:
        """Add up the weights of features."""
        return sum(map(self.weights.get, names, repeat(0)))


class PlaceTable(NamedTuple):
    """The weights of place options added up: by the number of places, by source, by the key sources together."""

    sizes: list[int]
    sources: dict[str, int]
    both: dict[frozenset[str], int]
    find_keys: Callable = frozenset(_KEY_SOURCES).intersection


class PlaceModel:
    """The weights of the ``place`` model; tables of them by type, what the sentence names, and sort."""

    def __init__(self, weights: dict[str, int]) -> None:
        self.behind = _Behind(weights)
        self.plain = {n: w for n, w in weights.items() if not n.startswith(_CROSSED)}
        self.tables: dict[tuple[str, str, str], PlaceTable] = {}

    def choose(self, kind: str, options: list) -> tuple[tuple[str, ...], float]:
        """Choose the place whose features weigh most, the first of equals; how likely it is among the others."""
        totals = []
        for ids, sources, said, sort in options:
            table = self.tables.get((kind, said, sort)) or self._add_table(kind, said, sort)
            keys = table.find_keys(sources)
            both = table.both.get(keys)
            if both is None:
                both = table.both[keys] = self.behind.add_up([_name_both(said, keys)])
            totals.append(sum(map(table.sources.get, sources, repeat(0)), table.sizes[min(len(ids), 4)] + both))
        return options[totals.index(max(totals))].ids, tell_share(totals)

    def _add_table(self, kind: str, said: str, sort: str) -> PlaceTable:
        mover = "mover" if kind in _MOVERS else "other"
        heads = [self.behind[f"{head} "] for head in (said, sort, mover, kind)]
        sources = dict(self.plain)
        for n, head in enumerate(heads):
            for source, weight in head.items():
                if not source.startswith(_POINTERS) and (n < 2 or source.startswith(_BY_KIND)):
                    sources[source] = sources.get(source, 0) + weight
        base = self.behind.add_up([f"kind {sort}", f"{kind} kind {sort}", f"{said} kind {sort}"])
        sizes = [base + self.behind.add_up([f"size {n}"]) for n in range(5)]
        table = self.tables[kind, said, sort] = PlaceTable(sizes, sources, {})
        return table


def tell_share(totals: list[int]) -> float:
    """Tell how likely the heaviest of several options is."""
    top = max(totals)
    return 1 / sum(exp((t - top) / UNIT) for t in totals)


def name_dates(kind: str, modality: str, option, tense: Iterable[str]) -> list[str]:
    """Name the features of one date option (a :class:`analysis.dating.DateOption`)."""
    shape = option.shape
    sort = "continues" if kind.endswith("_continues") else kind
    fact = "actual" if modality == "actual" else "term"
    names = [shape, f"{fact} {shape}", f"{modality} {shape}", f"{sort} {fact} {shape}", f"{option.told} {fact} {shape}"]
    names += [f"{t} {fact} {shape}" for t in tense]
    names += [f"{shape} {s}" for s in option.sources]
    names += [f"{sort} {shape} {s}" for s in option.sources if s.startswith("rule ")]
    if option.other:
        names.append(f"{shape} though {option.other}")
    return names


class DateModel:
    """The weights of the ``date`` model; tables of them, by mark, for a type, a modality and a shape."""

    def __init__(self, weights: dict[str, int]) -> None:
        self.behind = _Behind(weights)
        self.tables: dict[tuple[str, str, str], tuple[int, dict[str, int]]] = {}

    def choose(self, kind: str, modality: str, options: list, tense: tuple[str, ...]):
        """Choose the option whose features weigh most; the first of equals."""
        if len(options) == 1:
            return options[0]
        totals = []
        for option in options:
            base, marks = self.tables.get((kind, modality, option.shape)) or self._add_table(kind, modality, option.shape)
            totals.append(sum(map(marks.get, (option.told, *tense, *option.sources, option.other), repeat(0)), base))
        return options[totals.index(max(totals))]

    def _add_table(self, kind: str, modality: str, shape: str) -> tuple[float, dict[str, float]]:
        sort = "continues" if kind.endswith("_continues") else kind
        fact = "actual" if modality == "actual" else "term"
        end = f" {fact} {shape}"
        marks = {n[: -len(end)]: w for n, w in self.behind[""].items() if n.endswith(end)}
        rules = {s: w for s, w in self.behind[f"{sort} {shape} "].items() if s.startswith("rule ")}
        for table in (self.behind[f"{shape} "], rules, self.behind[f"{shape} though "]):
            for mark, weight in table.items():
                marks[mark] = marks.get(mark, 0) + weight
        base = self.behind.add_up([shape, f"{fact} {shape}", f"{modality} {shape}", f"{sort} {fact} {shape}"])
        table = self.tables[kind, modality, shape] = base, marks
        return table
