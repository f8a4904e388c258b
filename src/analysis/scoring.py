"""Clauses -> how likely each tells an event of each type, for the clauses of many texts at once.

The features are those that :func:`analysis.weighing.name_clauses` names, as numbers in arrays: what a word or a pair of
words adds to a clause is found once, and the weights of all clauses are added up together.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from analysis.cues import Cue, Word, read_codebook

KEPT = 1 << 16  # a bound on what is kept in memory of each kind
REACH = 5  # so many meaningful words behind a word are paired with it

Found = tuple[np.ndarray, np.ndarray]  # rows (clauses or sentences), and the number of a feature that each has, -1 for none


class Kinds(NamedTuple):
    """What the ``type`` model knows of different words: the number of each stem, and the numbers of its meanings."""

    stems: np.ndarray
    counts: np.ndarray
    offsets: np.ndarray
    meanings: np.ndarray  # of all, one after another


class Layout(NamedTuple):
    """Sentences cut into clauses: the numbers of their words among ``kinds``, the words of a clause, the clauses of a sentence."""

    kinds: Kinds
    numbers: np.ndarray
    lengths: np.ndarray
    clauses: np.ndarray


class TypeModel:
    """The weights of the ``type`` model, and its features by the stems and the meanings that they look at."""

    def __init__(self, index: dict[str, int], rows: np.ndarray) -> None:
        self.index, self.rows = index, rows
        pairs = [(*name.split(" "), number) for name, number in index.items() if name.count(" ") == 1]
        self.stems = {stem: n for n, stem in enumerate(dict.fromkeys(chain.from_iterable(p[:2] for p in pairs)), 1)}
        known = sorted((self.stems[a] * (len(self.stems) + 1) + self.stems[b], number) for a, b, number in pairs)
        self.pairs, self.pair_features = np.array([*known, (1 << 60, -1)], np.int64).T
        self.by_stem = {head: np.array([-1, *self.find(head, self.stems)]) for head in ("word ", "opens ")}
        self.meanings = {meaning: n for n, meaning in enumerate(read_codebook()["words"])}
        self.by_meaning = {h: np.array(self.find(h, self.meanings)) for h in ("meaning ", "before ", "behind ", "sentence ")}
        self.crossed = np.array([self.find(f"{one} > ", self.meanings) for one in self.meanings])
        np.fill_diagonal(self.crossed, -1)
        self.cues: dict[Cue, list[int]] = {}
        self.weighed: dict[Word, list[float]] = {}

    def find(self, head: str, names: Iterable[str]) -> list[int]:
        """Find the numbers of features by the beginning of their names; -1 for one without a weight."""
        return [self.index.get(head + name, -1) for name in names]

    def read_kinds(self, words: list[Word]) -> Kinds:
        """Find the stems and the meanings of different words."""
        counts, meanings = _flatten([[self.meanings[m] for m in w.meanings] for w in words])
        stems = np.array([self.stems.get(w.stem, 0) for w in words], np.int64)
        return Kinds(stems, counts, np.cumsum(counts) - counts, meanings)

    def find_cue(self, cue: Cue) -> list[int]:
        """Find the features of a cue that begins in a clause."""
        if cue not in self.cues:
            self.cues[cue] = self.find("cue ", [cue.rule]) + self.find("cue of ", [cue.value] * (cue.group == "type"))
        return self.cues[cue]

    def weigh_word(self, word: Word, column: int) -> float:
        """Weigh a word in its own clause for one type."""
        if word not in self.weighed:
            if len(self.weighed) >= KEPT:
                self.weighed.clear()
            names = self.find("word ", [word.stem]) + self.find("meaning ", word.meanings)
            self.weighed[word] = sum(self.rows[[n for n in names if n >= 0]], np.zeros(self.rows.shape[1])).tolist()
        return self.weighed[word][column]

    def add_up(self, found: list[Found], count: int) -> np.ndarray:
        """Add up the weights of the features that each of ``count`` rows has, each feature once."""
        keys = np.concatenate([rows[features >= 0] * len(self.rows) + features[features >= 0] for rows, features in found])
        keys.sort()
        keys = keys[np.diff(keys, prepend=-1) != 0]
        starts = keys.searchsorted(np.arange(count + 1) * len(self.rows))
        return csr_matrix((np.ones(len(keys)), keys % len(self.rows), starts), (count, len(self.rows))) @ self.rows


def score_clauses(model: TypeModel, layout: Layout, cues: list[tuple[int, Cue]], marks: list[list[str]]) -> np.ndarray:
    """Score clauses, a row each and a column a type.

    Parameters
    ----------
    model : TypeModel
    layout : Layout
    cues : list
        The cues of types, each behind the number of the clause in which it begins.
    marks : list of list of str
        For each sentence what the model is told of it as a whole.
    """
    count = len(layout.lengths)
    sentence = np.repeat(np.arange(len(layout.clauses)), layout.clauses)  # the sentence of each clause
    found = [*_find_words(model, layout, sentence), *_find_pairs(model, layout, sentence)]
    found.append(_lay_out([clause for clause, _ in cues], [model.find_cue(cue) for _, cue in cues]))
    found.append(_lay_out(range(count, count + len(marks)), [model.find("", m) for m in marks]))
    sums = model.add_up(found, count + len(layout.clauses))
    return 1 / (1 + np.exp(-sums[:count] - sums[count:][sentence]))


def _find_words(model: TypeModel, layout: Layout, sentence: np.ndarray) -> list[Found]:
    """Find the features of words: in their clause, in the clauses beside it and, behind the clauses' rows, in the sentence."""
    kinds, numbers, count = layout.kinds, layout.numbers, len(layout.lengths)
    clause = np.repeat(np.arange(count), layout.lengths)  # the clause of each word
    stems = kinds.stems[numbers]
    begins = np.diff(sentence, prepend=-1) != 0  # clauses that begin a sentence, and those that end one
    ends = np.diff(sentence, append=-1) != 0
    word, at, _ = _spread(kinds.counts[numbers], kinds.offsets[numbers])
    owner, meanings = clause[word], kinds.meanings[at]
    before, behind = ~ends[owner], ~begins[owner]  # the words that stand before or behind another clause
    features = model.by_meaning
    return [
        (clause, model.by_stem["word "][stems]),
        (np.arange(count), model.by_stem["opens "][stems[np.cumsum(layout.lengths) - layout.lengths]]),
        (np.arange(count), np.where(begins, model.index.get("first clause", -1), -1)),
        (owner, features["meaning "][meanings]),
        (owner[before] + 1, features["before "][meanings[before]]),
        (owner[behind] - 1, features["behind "][meanings[behind]]),
        (sentence[owner] + count, features["sentence "][meanings]),
    ]


def _find_pairs(model: TypeModel, layout: Layout, sentence: np.ndarray) -> list[Found]:
    """Find neighbouring stems, and meanings that stand within six meaningful words, in clauses and the two words before."""
    kinds, firsts = layout.kinds, np.cumsum(layout.lengths) - layout.lengths
    opening = np.cumsum(layout.clauses) - layout.clauses
    back = np.minimum(2, firsts - firsts[opening][sentence])
    owner, at, _ = _spread(layout.lengths + back, firsts - back)
    numbers = layout.numbers[at]
    stems = kinds.stems[numbers]
    beside = np.flatnonzero((stems[:-1] > 0) & (stems[1:] > 0) & (owner[:-1] == owner[1:]))
    keys = stems[beside] * (len(model.stems) + 1) + stems[beside + 1]
    places = model.pairs.searchsorted(keys)
    features = np.where(model.pairs[places] == keys, model.pair_features[places], -1)
    full = np.flatnonzero(kinds.counts[numbers])
    return [(owner[beside], features), _find_crossed(model, kinds, owner[full], numbers[full])]


def _find_crossed(model: TypeModel, kinds: Kinds, owner: np.ndarray, numbers: np.ndarray) -> Found:
    near = [np.flatnonzero(owner[:-d] == owner[d:]) for d in range(1, REACH + 1)]
    one = np.concatenate(near)
    two = one + np.repeat(np.arange(1, REACH + 1), [len(n) for n in near])
    rows, one, two = owner[one], numbers[one], numbers[two]
    pair, _, nth = _spread(kinds.counts[one] * kinds.counts[two], np.zeros(len(one), np.int64))
    one, two = one[pair], two[pair]
    left, right = np.divmod(nth, kinds.counts[two])
    return rows[pair], model.crossed[kinds.meanings[kinds.offsets[one] + left], kinds.meanings[kinds.offsets[two] + right]]


def _lay_out(rows: Iterable[int], lists: list[list[int]]) -> Found:
    lengths, flat = _flatten(lists)
    return np.repeat(np.array(rows, np.int64), lengths), flat


def _flatten(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    return lengths, np.fromiter(chain.from_iterable(lists), np.int64, lengths.sum())


def _spread(lengths: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Spread stretches of so many places: the number of each place's stretch, the place from the offset on, and from 0 on."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    nth = np.arange(len(owner)) - (np.cumsum(lengths) - lengths)[owner]
    return owner, offsets[owner] + nth, nth
