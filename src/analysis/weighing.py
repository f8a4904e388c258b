"""Weighing what the rules propose: clauses, and the named features by which weights.csv decides.

Four small linear models, learned by :mod:`analysis.fitting` from the hand codings, each a sum of named weights: which
event types a clause tells (``type``), their modality, their place among those that are named or in mind, and their days
among those that are told. Every feature has a name that says what it looks at; every weight is a row of weights.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.choosing import DateModel, PlaceModel
from analysis.clauses import AUXILIARY
from analysis.cues import Hit, Word, read_codebook
from analysis.scoring import KEPT, REACH, TypeModel

WEIGHTS = Path(__file__).with_name("weights.csv")
MODALITIES = ("actual", "agreed", "threatened", "denied")
THRESHOLD = 0.15  # a clause tells an event from this probability on; chosen by cross-validation
_CHAIN = AUXILIARY | frozenset("to not never wouldnt didnt hasnt havent wasnt werent cannot couldnt without".split())
_SETTING = frozenset("deal term demand would threat refuse fail promise plan".split())


def list_types() -> list[str]:
    """List the event types in the codebook's order."""
    return list(read_codebook()["types"])


# --- weights ---------------------------------------------------------------------------------------------------------


class Heads(dict):
    """Features by the beginnings of their names: ``heads["left "]("town")`` finds the feature "left town".

    With an index, what is found is the feature's number there, None where it bears no weight; without one, its name.
    What was found for a word is kept: names are put together once and not at every word.
    """

    def __init__(self, index: dict[str, int] | None = None) -> None:
        self.index = index
        self.tables: dict[tuple[str, str], WordFeatures] = {}

    def __missing__(self, head: str) -> Callable:
        if self.index is None:
            found = head.__add__
        else:
            found = {n[len(head) :]: number for n, number in self.index.items() if n.startswith(head)}.get
        self[head] = found
        return found

    def find_all(self, names: Iterable[str]) -> list:
        """Find whole names; those without a weight are left out."""
        return [n for n in map(self[""], names) if n is not None]

    def read_words(self, stem: str, meaning: str) -> WordFeatures:
        """Return the table of what each word has behind these two heads: that of its stem, those of its meanings."""
        table = self.tables.get((stem, meaning))
        if table is None:
            table = self.tables[stem, meaning] = WordFeatures(self, stem, meaning)
        return table


class WordFeatures(dict):
    """The features of each word behind two heads, of its stem and of its meanings; an empty head is left out."""

    def __init__(self, heads: Heads, stem: str, meaning: str) -> None:
        self.heads, self.stem, self.meaning = heads, stem, meaning

    def __missing__(self, word: Word) -> tuple:
        if len(self) >= KEPT:
            self.clear()
        names = [self.stem + word.stem] if self.stem else []
        if self.meaning:
            names += [self.meaning + m for m in word.meanings]
        found = self[word] = tuple(self.heads.find_all(names))
        return found


NAMES = Heads()


class Weights(NamedTuple):
    """The four models: a row of weights a feature for ``type`` and ``modality``, one weight a feature for the others."""

    type_index: dict[str, int]
    type_rows: np.ndarray
    type_model: TypeModel
    modality_rows: list[tuple[float, ...]]
    modality_heads: Heads
    place: PlaceModel
    date: DateModel


def build_weights(rows: Iterable[tuple[str, str, str, float]]) -> Weights:
    """Build the models from rows of (model, feature, class, weight)."""
    columns = {"type": {t: i for i, t in enumerate(list_types())}, "modality": {m: i for i, m in enumerate(MODALITIES)}}
    index: dict[str, int] = {}
    cells: list[tuple[int, int, float]] = []
    flat: dict[str, dict] = {"modality": {}, "place": {}, "date": {}}
    for model, feature, level, weight in rows:
        if model == "type":
            cells.append((index.setdefault(feature, len(index)), columns["type"][level], weight))
        elif model == "modality":
            flat["modality"].setdefault(feature, [0.0] * len(MODALITIES))[columns["modality"][level]] = weight
        else:
            flat[model][feature] = weight
    table = np.zeros((len(index), len(columns["type"])))
    if cells:
        where = np.array([c[:2] for c in cells])
        table[where[:, 0], where[:, 1]] = [c[2] for c in cells]
    modality = [tuple(v) for v in flat["modality"].values()]
    heads = Heads({k: i for i, k in enumerate(flat["modality"])})
    return Weights(index, table, TypeModel(index, table), modality, heads, PlaceModel(flat["place"]), DateModel(flat["date"]))


@cache
def read_weights(path: Path = WEIGHTS) -> Weights:
    """Read weights.csv once a process."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return build_weights((model, feature, level, float(weight)) for model, feature, level, weight in rows)


# --- type -------------------------------------------------------------------------------------------------------------


def name_clauses(words, clauses, hits: list[Hit], marks: list[str]) -> list[list[str]]:
    """Name the features of each clause of a sentence for the ``type`` model; :mod:`analysis.scoring` finds the same by number."""
    fired = place_hits(hits, words, clauses)
    parts = [[w[2] for w in words[i:j]] for i, j in clauses]
    meanings = [[m for w in part for m in w.meanings] for part in parts]
    shared = marks + list(dict.fromkeys(f"sentence {m}" for part in meanings for m in part))
    rows = []
    for k, (i, _) in enumerate(clauses):
        row = shared + ["first clause"] * (k == 0)
        for word in parts[k]:
            row += [f"word {word.stem}", *(f"meaning {m}" for m in word.meanings)]
        row += [f"before {m}" for m in meanings[k - 1]] if k else []
        row += [f"behind {m}" for part in meanings[k + 1 : k + 2] for m in part]
        row.append(f"opens {parts[k][0].stem}")
        row += _name_pairs([w[2] for w in words[max(0, i - 2) : i]] + parts[k])
        row += [f"cue {h.cue.rule}" for h in fired[k]]
        row += dict.fromkeys(f"cue of {h.cue.value}" for h in fired[k] if h.cue.group == "type")
        rows.append(row)
    return rows


def _name_pairs(words: list[Word]) -> list[str]:
    """Name the pairs of a clause: neighbouring stems, and meanings that stand within six meaningful words."""
    names = [f"{a.stem} {b.stem}" for a, b in zip(words[:-1], words[1:], strict=True)]
    full = [w.meanings for w in words if w.meanings]
    for i, one in enumerate(full):
        for other in full[i + 1 : i + 1 + REACH]:
            names += [f"{a} > {b}" for a in one for b in other if a != b]
    return names


def place_hits(hits: list[Hit], words, clauses) -> list[list[Hit]]:
    """Place the cues of types into the clauses where they begin."""
    fired: list[list[Hit]] = [[] for _ in clauses]
    ends = [words[j - 1][1] for _, j in clauses]
    k = 0
    for hit in hits:  # in the order of the text
        if hit.cue.group in ("type", "not"):
            while ends[k] <= hit.start and k + 1 < len(ends):
                k += 1
            fired[k].append(hit)
    return fired


# --- modality ---------------------------------------------------------------------------------------------------------


def name_modality(kind: str, words, clauses, k: int, anchor: int, marks: list[str], heads: Heads = NAMES) -> list:
    """Name the features of an event's modality: the words around its anchor, its verb chain, the clauses before it.

    Parameters
    ----------
    kind : str
        The event's type.
    words, clauses : list
        The sentence's words and clauses; ``k`` is the event's clause and ``anchor`` the index of its telling word.
    marks : list of str
        What is known besides: the rules' answer, the setting of the sentence before, whether it is a headline.
    heads : Heads, optional
        Among which to find the features' numbers; None stands for all that bear no weight. Names where left out.
    """
    i, j = clauses[k]
    word = words[anchor][2]
    chain = []
    for n in range(anchor - 1, max(anchor - 5, -1), -1):
        if words[n][2] in _CHAIN:
            chain.insert(0, words[n][2])
        elif chain or not words[n][2].endswith("ly"):
            break
    verb = " ".join(chain[-3:])
    names = [*map(heads[""], (
        f"type {kind}", f"chain {verb}", f"form {word.form}", f"chain {verb} {word.form}", f"{kind} form {word.form}",
        f"{kind} {marks[0]}", f"opens {words[i][2].stem}", *marks,
    ))]  # fmt: skip
    left = [w[2] for w in words[i:anchor]]
    earlier = [w[2] for w in words[max(0, i - 25) : i]]
    near = [w[2] for w in words[anchor : min(j, anchor + 7)]]
    for stem, meaning, part in (
        ("left ", "", left[-5:]), ("", "left meaning ", left), ("just before ", "", [w[2] for w in words[max(0, anchor - 1) : anchor]]),
        ("right ", "right meaning ", near), ("", "earlier ", earlier), ("earlier word ", "", earlier[-8:]),
        ("", "later ", [w[2] for w in words[j : j + 8]]),
    ):  # fmt: skip
        table = heads.read_words(stem, meaning)
        for word in part:
            names += table[word]
    return list(dict.fromkeys(names))


def name_setting(words: list[tuple[int, int, Word]]) -> list[str]:
    """Name what a sentence sets up for the one after it: a deal, terms, demands."""
    return [f"sentence before {m}" for m in dict.fromkeys(m for w in words for m in w[2].meanings) if m in _SETTING]
