"""Clauses -> how likely each tells an event of each type, for the clauses of many texts at once.

The features are those that :func:`analysis.weighing.name_clauses` names, as numbers in arrays: what a word or a pair of
words adds to a clause is found once, and the weights of all clauses are added up together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np

from analysis.cues import Cue, Word

KEPT = 1 << 16  # a bound on what is kept in memory of each kind
REACH = 5  # so many meaningful words behind a word are paired with it

Found = tuple[np.ndarray, np.ndarray]  # rows (clauses or sentences), and the number of a feature that each has


class Layout(NamedTuple):
    """Sentences cut into clauses: the numbers of their words, how many words a clause has and clauses a sentence."""

    numbers: np.ndarray
    lengths: np.ndarray
    clauses: np.ndarray


class TypeModel:
    """The weights of the ``type`` model, and what is known of the features of words and of pairs of words."""

    def __init__(self, index: dict[str, int], rows: np.ndarray) -> None:
        self.index, self.rows, self.width = index, rows, rows.shape[1]
        where = np.nonzero(rows)
        self.types, self.weights = where[1], rows[where]  # the weights that are not zero, feature by feature
        self.counts = np.bincount(where[0], minlength=len(rows))
        self.offsets = np.cumsum(self.counts) - self.counts
        pairs = [(*name.split(" "), number) for name, number in index.items() if name.count(" ") == 1]
        self.firsts = {first: n for n, first in enumerate(dict.fromkeys(p[0] for p in pairs), 1)}
        self.seconds = {second: n for n, second in enumerate(dict.fromkeys(p[1] for p in pairs), 1)}
        known = sorted((self.firsts[a] * (len(self.seconds) + 1) + self.seconds[b], number) for a, b, number in pairs)
        self.pairs, self.pair_features = np.array([*known, (1 << 60, 0)], np.int64).T
        self.words: dict[str, dict[Word, list[int]]] = {"own": {}, "before ": {}, "behind ": {}, "sentence ": {}}
        self.crossed: dict[tuple, list[int]] = {}
        self.weighed: dict[Word, list[float]] = {}

    def find(self, names: Iterable[str]) -> list[int]:
        """Find the numbers of features; those without a weight are left out."""
        return [self.index[n] for n in names if n in self.index]

    def find_word(self, word: Word, role: str) -> list[int]:
        """Find the features of a word in its own clause or, in another role, of its meanings."""
        table = self.words[role]
        if word not in table:
            if len(table) >= KEPT:
                table.clear()
            names = [f"word {word.stem}", *(f"meaning {m}" for m in word.meanings)] if role == "own" else [role + m for m in word.meanings]
            table[word] = self.find(names)
        return table[word]

    def cross(self, one: tuple[str, ...], other: tuple[str, ...]) -> list[int]:
        """Find the features of two words' meanings, one before the other."""
        if (one, other) not in self.crossed:
            if len(self.crossed) >= KEPT:
                self.crossed.clear()
            self.crossed[one, other] = self.find(f"{a} > {b}" for a in one for b in other if a != b)
        return self.crossed[one, other]

    def weigh_word(self, word: Word, column: int) -> float:
        """Weigh a word in its own clause for one type."""
        if word not in self.weighed:
            if len(self.weighed) >= KEPT:
                self.weighed.clear()
            self.weighed[word] = sum(self.rows[self.find_word(word, "own")], np.zeros(self.width)).tolist()
        return self.weighed[word][column]

    def add_up(self, found: list[Found], count: int) -> np.ndarray:
        """Add up the weights of the features that each of ``count`` rows has, each feature once."""
        keys = np.concatenate([rows * len(self.counts) + features for rows, features in found])
        keys.sort()
        rows, features = np.divmod(keys[np.diff(keys, prepend=-1) != 0], len(self.counts))
        owner, at = _spread(np.arange(len(features)), self.counts[features], self.offsets[features])
        cells = rows[owner] * self.width + self.types[at]
        return np.bincount(cells, self.weights[at], count * self.width).reshape(count, self.width)


def score_clauses(model: TypeModel, layout: Layout, kinds: list[Word], cues: list[list[Cue]], marks: list[list[str]]) -> np.ndarray:
    """Score clauses, a row each and a column a type.

    Parameters
    ----------
    model : TypeModel
    layout : Layout
        Numbers its words among ``kinds``.
    cues : list
        For each clause the cues of types that begin in it.
    marks : list of list of str
        For each sentence what the model is told of it as a whole.
    """
    count = len(layout.lengths)
    owner = np.repeat(np.arange(count), layout.lengths)  # the clause of each word
    sentence = np.repeat(np.arange(len(layout.clauses)), layout.clauses)  # the sentence of each clause
    told = [_find_words(model, layout.numbers, sentence[owner], kinds, "sentence "), _lay_out(list(map(model.find, marks)))]
    found = [
        *_find_neighbours(model, layout, kinds, owner, sentence), *_find_pairs(model, layout, kinds, sentence),
        _lay_out([_find_cues(model, c) for c in cues]), *((rows + count, features) for rows, features in told),
    ]  # fmt: skip
    sums = model.add_up(found, count + len(layout.clauses))
    return 1 / (1 + np.exp(-sums[:count] - sums[count:][sentence]))


def _find_neighbours(model: TypeModel, layout: Layout, kinds: list[Word], owner: np.ndarray, sentence: np.ndarray) -> list[Found]:
    """Find the features of a clause's own words, of the clauses beside it and of its place in the sentence."""
    numbers, firsts = layout.numbers, np.cumsum(layout.lengths) - layout.lengths
    begins = np.diff(sentence, prepend=-1) > 0  # clauses that begin a sentence, and those that end one
    ends = np.diff(sentence, append=len(sentence)) > 0
    has_next, has_last = ~ends[owner], ~begins[owner]
    opens = np.array([model.index.get(f"opens {w.stem}", -1) for w in kinds])[numbers[firsts]]
    opened = np.flatnonzero(opens >= 0)
    first = np.flatnonzero(begins) if "first clause" in model.index else np.array([], np.int64)
    return [
        _find_words(model, numbers, owner, kinds, "own"),
        _find_words(model, numbers[has_next], owner[has_next] + 1, kinds, "before "),
        _find_words(model, numbers[has_last], owner[has_last] - 1, kinds, "behind "),
        (opened, opens[opened]),
        (first, np.full(len(first), model.index.get("first clause", 0))),
    ]


def _find_pairs(model: TypeModel, layout: Layout, kinds: list[Word], sentence: np.ndarray) -> list[Found]:
    """Find neighbouring stems, and meanings that stand within six meaningful words, in clauses and the two words before."""
    firsts = np.cumsum(layout.lengths) - layout.lengths
    opening = np.cumsum(layout.clauses) - layout.clauses
    back = np.minimum(2, firsts - firsts[opening][sentence])
    owner, at = _spread(np.arange(len(firsts)), layout.lengths + back, firsts - back)
    numbers = layout.numbers[at]
    one = np.array([model.firsts.get(w.stem, 0) for w in kinds])[numbers]
    two = np.array([model.seconds.get(w.stem, 0) for w in kinds])[numbers]
    beside = np.flatnonzero((one[:-1] > 0) & (two[1:] > 0) & (owner[:-1] == owner[1:]))
    keys = one[beside] * (len(model.seconds) + 1) + two[beside + 1]
    places = model.pairs.searchsorted(keys)
    known = model.pairs[places] == keys
    return [(owner[beside[known]], model.pair_features[places[known]]), _find_crossed(model, numbers, owner, kinds)]


def _find_crossed(model: TypeModel, numbers: np.ndarray, owner: np.ndarray, kinds: list[Word]) -> Found:
    meanings: dict[tuple, int] = {(): 0}
    sets = np.array([meanings.setdefault(w.meanings, len(meanings)) for w in kinds])[numbers]
    full = np.flatnonzero(sets)
    sets, owner = sets[full], owner[full]
    near = [np.flatnonzero(owner[:-d] == owner[d:]) for d in range(1, REACH + 1)]
    rows = np.concatenate([owner[n] for n in near])
    keys = np.concatenate([sets[n] * len(meanings) + sets[n + d] for d, n in enumerate(near, 1)])
    listed = list(meanings)
    return _look_up(rows, keys, len(meanings) ** 2, lambda k: model.cross(*(listed[m] for m in divmod(k, len(listed)))))


def _find_cues(model: TypeModel, cues: list[Cue]) -> list[int]:
    return model.find([f"cue {c.rule}" for c in cues] + [f"cue of {c.value}" for c in cues if c.group == "type"]) if cues else []


def _find_words(model: TypeModel, numbers: np.ndarray, rows: np.ndarray, kinds: list[Word], role: str) -> Found:
    return _look_up(rows, numbers, len(kinds), lambda n: model.find_word(kinds[n], role))


def _look_up(rows: np.ndarray, keys: np.ndarray, count: int, find: Callable[[int], list[int]]) -> Found:
    """Give each row the features that ``find`` finds for its key, which is less than ``count``; each key is looked up once."""
    present = np.zeros(count, bool)
    present[keys] = True
    used = np.flatnonzero(present)
    lists = list(map(find, used.tolist()))
    lengths, flat = _flatten(lists)
    size, offset = np.zeros((2, count), np.int64)
    size[used], offset[used] = lengths, np.cumsum(lengths) - lengths
    rows, at = _spread(rows, size[keys], offset[keys])
    return rows, flat[at]


def _lay_out(lists: list[list[int]]) -> Found:
    lengths, flat = _flatten(lists)
    return np.repeat(np.arange(len(lists)), lengths), flat


def _flatten(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    return lengths, np.fromiter(chain.from_iterable(lists), np.int64, lengths.sum())


def _spread(rows: np.ndarray, lengths: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Repeat each row by its length, beside the places from its offset on: 0 and 7, 3 long -> 0, 0, 0 and 7, 8, 9."""
    skipped = np.cumsum(lengths) - lengths - offsets
    return np.repeat(rows, lengths), np.arange(lengths.sum()) - np.repeat(skipped, lengths)
