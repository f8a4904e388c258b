"""Weighing what the rules propose: clauses, and the named features by which weights.csv decides.

Four small linear models, learned by :mod:`analysis.fitting` from the hand codings, each a sum of named weights: which
event types a clause tells (``type``), their modality, their place among those that are named or in mind, and their days
among those that are told. Every feature has a name that says what it looks at; every weight is a row of weights.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.choosing import UNIT, DateModel, PlaceModel
from analysis.clauses import AUXILIARY
from analysis.cues import Hit, Word, read_codebook
from analysis.scoring import KEPT, REACH, TypeModel

WEIGHTS = Path(__file__).with_name("weights.csv")
MODALITIES = ("actual", "agreed", "threatened", "denied")
_CHAIN = AUXILIARY | frozenset("to not never wouldnt didnt hasnt havent wasnt werent cannot couldnt without".split())
_SETTING = frozenset("deal term demand would threat refuse fail promise plan".split())


def list_types() -> list[str]:
    """List the event types in the codebook's order."""
    return list(read_codebook()["types"])


# --- weights ---------------------------------------------------------------------------------------------------------


class RoleWeights(dict):
    """What each word weighs for modality in one role: the weights of its stem and of its meanings behind the role's heads."""

    def __init__(self, stem: str, meaning: str, rows: dict[str, tuple[int, ...]]) -> None:
        self.stem, self.meaning, self.rows = stem, meaning, rows

    def __missing__(self, word: Word) -> tuple[int, ...]:
        if len(self) >= KEPT:
            self.clear()
        found = self[word] = add_rows(self.rows[n] for n in name_word(self.stem, self.meaning, word) if n in self.rows)
        return found


def add_rows(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Add up rows of weights, one weight a modality."""
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * len(MODALITIES)


class Weights(NamedTuple):
    """The four models: a row of weights a feature for ``type`` and ``modality``, one weight a feature for the others.

    All but those of ``type`` are in thousandths.
    """

    type_index: dict[str, int]
    type_rows: np.ndarray
    type_model: TypeModel
    modality: dict[str, tuple[int, ...]]
    roles: list[RoleWeights]
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
            flat["modality"].setdefault(feature, [0] * len(MODALITIES))[columns["modality"][level]] = round(weight * UNIT)
        else:
            flat[model][feature] = round(weight * UNIT)
    table = np.zeros((len(index), len(columns["type"])))
    if cells:
        where = np.array([c[:2] for c in cells])
        table[where[:, 0], where[:, 1]] = [c[2] for c in cells]
    modality = {name: tuple(row) for name, row in flat["modality"].items()}
    roles = [RoleWeights(*role, modality) for role in ROLES]
    return Weights(index, table, TypeModel(index, table), modality, roles, PlaceModel(flat["place"]), DateModel(flat["date"]))


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

ROLES = (
    ("left ", ""), ("", "left meaning "), ("just before ", ""), ("right ", "right meaning "), ("", "earlier "),
    ("earlier word ", ""), ("", "later "),
)  # fmt: skip # of the words around an anchor: the heads of the features of their stems and of their meanings


def list_windows(i: int, j: int, anchor: int) -> tuple[tuple[int, int], ...]:
    """List where the words of each of ``ROLES`` stand, for an anchor in the clause from word ``i`` to word ``j``."""
    return (
        (max(i, anchor - 5), anchor), (i, anchor), (max(0, anchor - 1), anchor), (anchor, min(j, anchor + 7)),
        (max(0, i - 25), i), (max(0, i - 8), i), (j, j + 8),
    )  # fmt: skip


def name_word(stem: str, meaning: str, word: Word) -> list[str]:
    """Name the features of a word in a role; an empty head is left out."""
    return [stem + word.stem] * bool(stem) + [meaning + m for m in word.meanings if meaning]


def name_verb(kind: str, words: list[Word], first: int, anchor: int, marks: list[str]) -> list[str]:
    """Name the features of an anchor's verb chain and of what is known of it besides: ``marks``, the rules' answer first."""
    word, chain = words[anchor], []
    for n in range(anchor - 1, max(anchor - 5, -1), -1):
        if words[n] in _CHAIN:
            chain.insert(0, words[n])
        elif chain or not words[n].endswith("ly"):
            break
    verb = " ".join(chain[-3:])
    return [
        f"type {kind}", f"chain {verb}", f"form {word.form}", f"chain {verb} {word.form}", f"{kind} form {word.form}",
        f"{kind} {marks[0]}", f"opens {words[first].stem}", *marks,
    ]  # fmt: skip


def name_modality(kind: str, words: list[Word], clause: tuple[int, int], anchor: int, marks: list[str]) -> list[str]:
    """Name the features of an event's modality: its verb chain, the words around its anchor, the clauses beside it.

    A word that stands twice in a role counts twice.
    """
    windows = zip(ROLES, list_windows(*clause, anchor), strict=True)
    around = [n for role, (low, high) in windows for word in words[low:high] for n in name_word(*role, word)]
    return name_verb(kind, words, clause[0], anchor, marks) + around


def weigh_names(weights: Weights, kind: str, words: list[Word], clause: tuple[int, int], anchor: int, marks: list[str]) -> tuple[int, ...]:
    """Add up the weights of the features of :func:`name_modality`."""
    rows = [r for r in map(weights.modality.get, name_verb(kind, words, clause[0], anchor, marks)) if r]
    for table, (low, high) in zip(weights.roles, list_windows(*clause, anchor), strict=True):
        rows += map(table.__getitem__, words[low:high])
    return add_rows(rows)


def name_setting(words: list[tuple[int, int, Word]]) -> list[str]:
    """Name what a sentence sets up for the one after it: a deal, terms, demands."""
    return [f"sentence before {m}" for m in dict.fromkeys(m for w in words for m in w[2].meanings) if m in _SETTING]
