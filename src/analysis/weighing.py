"""Weighing what the rules propose: clauses, and the named features by which weights.csv decides.

Four small linear models, learned by :mod:`analysis.fitting` from the hand codings, each a sum of named weights: which
event types a clause tells (``type``), their modality, their place among those that are named or in mind, and their days
among those that are told. Every feature has a name that says what it looks at; every weight is a row of weights.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.cues import Hit, Word, read_codebook

WEIGHTS = Path(__file__).with_name("weights.csv")
MODALITIES = ("actual", "agreed", "threatened", "denied")
THRESHOLD = 0.15  # a clause tells an event from this probability on; chosen by cross-validation
_CONNECTIVES = frozenset(
    "but while whereas although though however after before following when which who whom whose where because since until"
    " unless if amid as so once whereby during despite according under thereby saying adding".split()
)
_AUXILIARY = frozenset("be been being was were is are has have had would will shall may might could can must should do did does".split())
_CHAIN = _AUXILIARY | frozenset("to not never wouldnt didnt hasnt havent wasnt werent cannot couldnt without".split())
_HARD_BREAK = re.compile(r"[;:()–—“”\"…]|\s-\s")
_SETTING = frozenset("deal term demand would threat refuse fail promise plan".split())


def list_types() -> list[str]:
    """List the event types in the codebook's order."""
    return list(read_codebook()["types"])


def split_clauses(text: str, words: list[tuple[int, int, Word]]) -> list[tuple[int, int]]:
    """Split a sentence into clauses, as (first, past the last) indices of its words.

    A clause ends at a comma, a bracket or a dash, before a connective, and before an "and" that opens a verb phrase;
    pieces of fewer than three words stay with what stands before them.
    """
    cuts, last, verb = [0], 0, False
    end = words[0][1]
    for i in range(1, len(words)):
        start, stop, word = words[i]
        gap = text[end:start]
        end = stop
        if gap != " " and i - last >= 3 and ("," in gap or _HARD_BREAK.search(gap)):
            cut = True
        elif word in _CONNECTIVES:
            cut = i - last >= 2
        elif word == "and" or word == "then" or word == "that":
            cut = verb and i - last >= 3 and any(_is_verb(w[2]) for w in words[i + 1 : i + 5])
        else:
            cut = word == "in" and i + 1 < len(words) and words[i + 1][2] in ("exchange", "return")
        if cut:
            cuts.append(i)
            last, verb = i, False
        verb = verb or _is_verb(word)
    cuts.append(len(words))
    if len(cuts) > 2 and cuts[-1] - cuts[-2] < 2:
        del cuts[-2]
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def _is_verb(word: Word) -> bool:
    return word.form != "" or word in _AUXILIARY


# --- weights ---------------------------------------------------------------------------------------------------------


class Weights(NamedTuple):
    """The four models: a row of weights a feature for ``type`` and ``modality``, one weight a feature for the others."""

    type_index: dict[str, int]
    type_rows: np.ndarray
    modality: dict[str, tuple[float, ...]]
    place: dict[str, float]
    date: dict[str, float]
    words: dict[str, tuple]


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
    modality = {k: tuple(v) for k, v in flat["modality"].items()}
    return Weights(index, table, modality, flat["place"], flat["date"], {})


@cache
def read_weights(path: Path = WEIGHTS) -> Weights:
    """Read weights.csv once a process."""
    with open(path, encoding="utf-8", newline="") as file:
        return build_weights([(r["model"], r["feature"], r["class"], float(r["weight"])) for r in csv.DictReader(file)])


def sum_rows(table: np.ndarray, rows: list[list[int]]) -> np.ndarray:
    """Add up the table's rows that each list names; a row of zeros for an empty list."""
    out = np.zeros((len(rows), table.shape[1]))
    full = [i for i, r in enumerate(rows) if r]
    if full:
        numbers = [n for r in rows for n in r]
        starts = np.cumsum([0] + [len(rows[i]) for i in full[:-1]])
        out[full] = np.add.reduceat(table[numbers], starts, axis=0)
    return out


# --- type -------------------------------------------------------------------------------------------------------------


def name_clauses(words, clauses, hits: list[Hit], marks: list[str]) -> list[list[str]]:
    """Name the features of each clause of a sentence for the ``type`` model."""
    fired = _place_hits(hits, words, clauses)
    parts = [[w[2] for w in words[i:j]] for i, j in clauses]
    sentence = [f"sentence {m}" for m in dict.fromkeys(m for part in parts for w in part for m in w.meanings)]
    rows = []
    for k, (i, _) in enumerate(clauses):
        row = marks + sentence + ["first clause"] * (k == 0)
        for word in parts[k]:
            row += _name_word(word.stem, word.meanings)
        if k:
            row += [n for w in parts[k - 1] if w.meanings for n in _name_near("before", w.meanings)]
        if k + 1 < len(clauses):
            row += [n for w in parts[k + 1] if w.meanings for n in _name_near("behind", w.meanings)]
        row.append(f"opens {parts[k][0].stem}")
        row += _pair_words([w[2] for w in words[max(0, i - 2) : i]] + parts[k])
        row += [f"cue {h.cue.rule}" for h in fired[k]]
        row += [f"cue of {v}" for v in dict.fromkeys(h.cue.value for h in fired[k] if h.cue.group == "type")]
        rows.append(row)
    return rows


def _place_hits(hits: list[Hit], words, clauses) -> list[list[Hit]]:
    fired: list[list[Hit]] = [[] for _ in clauses]
    ends = [words[j - 1][1] for _, j in clauses]
    k = 0
    for hit in hits:  # in the order of the text
        if hit.cue.group in ("type", "not"):
            while ends[k] <= hit.start and k + 1 < len(ends):
                k += 1
            fired[k].append(hit)
    return fired


def _pair_words(words: list[Word]) -> list[str]:
    """Name the pairs of a clause: neighbouring stems, and meanings that stand within six meaningful words."""
    names = [f"{a.stem} {b.stem}" for a, b in zip(words[:-1], words[1:], strict=True)]
    full = [w for w in words if w.meanings]
    for i, one in enumerate(full):
        for other in full[i + 1 : i + 6]:
            names += _pair_meanings(one.meanings, other.meanings)
    return names


@lru_cache(maxsize=1 << 16)
def _pair_meanings(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{a} > {b}" for a in one for b in other if a != b)


@lru_cache(maxsize=1 << 16)
def _name_word(stem: str, meanings: tuple[str, ...]) -> tuple[str, ...]:
    return (f"word {stem}", *(f"meaning {m}" for m in meanings))


@lru_cache(maxsize=1 << 14)
def _name_near(side: str, meanings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{side} {m}" for m in meanings)


# --- modality ---------------------------------------------------------------------------------------------------------


def name_modality(kind: str, words, clauses, k: int, anchor: int, marks: list[str]) -> list[str]:
    """Name the features of an event's modality: the words around its anchor, its verb chain, the clauses before it.

    Parameters
    ----------
    kind : str
        The event's type.
    words, clauses : list
        The sentence's words and clauses; ``k`` is the event's clause and ``anchor`` the index of its telling word.
    marks : list of str
        What is known besides: the rules' answer, the setting of the sentence before, whether it is a headline.
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
    names = [f"type {kind}", f"chain {verb}", f"form {word.form}", f"chain {verb} {word.form}", f"{kind} form {word.form}",
             f"{kind} {marks[0]}", f"opens {words[i][2].stem}"]  # fmt: skip
    names += marks
    left = [w[2] for w in words[i:anchor]]
    for near in left[-5:]:
        names.append(f"left {near.stem}")
    names += [f"left meaning {m}" for w in left for m in w.meanings]
    if anchor:
        names.append(f"just before {words[anchor - 1][2].stem}")
    for near in words[anchor : min(j, anchor + 7)]:
        names.append(f"right {near[2].stem}")
        names += [f"right meaning {m}" for m in near[2].meanings]
    earlier = [w[2] for w in words[max(0, i - 25) : i]]
    names += [f"earlier {m}" for w in earlier for m in w.meanings]
    names += [f"earlier word {w.stem}" for w in earlier[-8:]]
    names += [f"later {m}" for w in words[j : j + 8] for m in w[2].meanings]
    return list(dict.fromkeys(names))


def name_setting(words: list[tuple[int, int, Word]]) -> list[str]:
    """Name what a sentence sets up for the one after it: a deal, terms, demands."""
    return [f"sentence before {m}" for m in dict.fromkeys(m for w in words for m in w[2].meanings) if m in _SETTING]


# --- place ------------------------------------------------------------------------------------------------------------


def name_places(kind: str, option: dict) -> list[str]:
    """Name the features of one place option (see ``placing.list_places``)."""
    sources, sort = option["sources"], option["kind"]
    said = "narrow said" if option["named"] else "wide said" if option["wide only"] else "none said"
    names = [f"kind {sort}", f"{kind} kind {sort}", f"size {option['size']}", f"{said} kind {sort}"]
    for source in sources:
        names += _name_source(kind, source, said, sort)
    if option["several"]:
        names.append(f"several said, size {option['size']}")
    key = [s for s in ("focus", "main", "sentence before", "in clause", "in sentence", "nearest narrow", "in headline", "none") if s in sources]
    names.append(f"{said} both " + " ".join(key))
    return names


@lru_cache(maxsize=1 << 15)
def _name_source(kind: str, source: str, said: str, sort: str) -> tuple[str, ...]:
    names = (source, f"{said} {source}", f"{sort} {source}")
    if not source.startswith(("after ", "in clause", "left", "right")):
        return names
    mover = "mover" if kind in ("evacuation", "enlistment", "release", "arrest") else "other"
    return (*names, f"{mover} {source}", f"{kind} {source}")


# --- date -------------------------------------------------------------------------------------------------------------


def name_dates(kind: str, modality: str, option: dict, tense: list[str]) -> list[str]:
    """Name the features of one date option (see ``dating.list_days``)."""
    shape = option["shape"]
    sort = "continues" if kind.endswith("_continues") else kind
    fact = "actual" if modality == "actual" else "term"
    names = [shape, f"{fact} {shape}", f"{modality} {shape}", f"{sort} {fact} {shape}", f"{option['told']} {fact} {shape}"]
    names += [f"{t} {fact} {shape}" for t in tense]
    names += [f"{shape} {s}" for s in option["sources"]]
    names += [f"{sort} {shape} {s}" for s in option["sources"] if s.startswith("rule ")]
    if option["other dates"]:
        names.append(f"{shape} though {option['other dates']}")
    return names
