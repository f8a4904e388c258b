"""Texts -> their sentences and their words, many texts at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.cues import KNOWN_WORDS, Word, read_lexicon
from analysis.places import WORD, fold

_cut_words = re.compile(f"({WORD.pattern})").split
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9•*–-])|\s*\n+\s*(?=\S)")
_MAY_END = re.compile(r"[.!?…]|\n")
_ABBREVIATION = re.compile(r"(?:\b(?:[A-Z]|No|Gen|Col|Lt|Maj|Brig|Capt|Dr|Mr|Mrs|Ms|St|Sgt|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|approx)\.|\b[ap]\.m\.)$")
_LONGEST_SENTENCE = 1200


class _Known(dict):
    """Words as they are written, with what is known of them."""

    def __missing__(self, raw: str) -> Word:
        if len(self) >= KNOWN_WORDS:
            self.clear()
        word = self[raw] = read_lexicon().read_word(fold(raw))
        return word


@cache
def _read_known() -> _Known:
    """Keep the words of all texts of a process."""
    return _Known()


class Sentence(NamedTuple):
    """One sentence: its characters, its words (start, end, folded), and whether it opens a paragraph or heads it all."""

    start: int
    end: int
    words: list[tuple[int, int, Word]]
    opens: bool
    headline: bool


class Words:
    """The words of many texts, one after another, and the gap before each; an empty word closes each text.

    What holds of a word is worked out once for all the places where it stands: ``numbers`` tells which of the different
    words (``kinds``, and as written ``raw``) stands at a place. Characters count from the beginning of a word's own text.
    """

    def __init__(self, texts: list[str]) -> None:
        cut = [_cut_words(text) for text in texts]
        self.lasts = np.cumsum([len(parts) // 2 + 1 for parts in cut], dtype=np.int64) - 1  # of each text: the empty word
        parts = [part for parts in cut for part in (*parts, "")]
        ends = np.fromiter(map(len, parts), np.int64, len(parts)).cumsum()
        before = np.repeat(ends[2 * self.lasts + 1] - np.array([len(t) for t in texts], np.int64), np.diff(self.lasts, prepend=-1))
        starts, ends = (ends[0::2] - before).tolist(), (ends[1::2] - before).tolist()
        self.numbers, self.raw = _number(parts[1::2])
        self._gap_numbers, self._gaps = _number(parts[0::2])
        self.kinds = list(map(_read_known().__getitem__, self.raw))
        self.rows = list(zip(starts, ends, map(self.kinds.__getitem__, self.numbers.tolist()), strict=True))
        self.bounds: list[tuple[int, int]] = []  # of each sentence: its first word, and past its last
        self.sentences = self._split_texts(texts)

    def mark(self, tell: Callable[[str, Word], bool]) -> np.ndarray:
        """Mark the words of which ``tell`` holds, as written and as folded."""
        return np.array(list(map(tell, self.raw, self.kinds)), bool)[self.numbers]

    def mark_gaps(self, tell: Callable[[str], bool]) -> np.ndarray:
        """Mark the words that stand behind a gap of which ``tell`` holds."""
        return np.array(list(map(tell, self._gaps)), bool)[self._gap_numbers]

    def list_marked(self, marks: np.ndarray) -> list[list[int]]:
        """List the places of the words marked, a list a sentence."""
        at = np.flatnonzero(marks)
        cuts = at.searchsorted(np.array(self.bounds, np.int64).reshape(-1, 2)).tolist()
        at = at.tolist()
        return [at[i:j] for i, j in cuts]

    def _split_texts(self, texts: list[str]) -> list[list[Sentence]]:
        at = np.flatnonzero(self.mark_gaps(lambda gap: _MAY_END.search(gap) is not None))
        cuts, at = [0, *at.searchsorted(self.lasts, "right").tolist()], at.tolist()
        lows = [0, *(self.lasts + 1).tolist()]
        return [
            self._split_text(text, at[i:j], low, high - 1)
            for text, (i, j), (low, high) in zip(texts, pairwise(cuts), pairwise(lows), strict=True)
        ]

    def _split_text(self, text: str, gaps: list[int], low: int, last: int) -> list[Sentence]:
        """Split a text, whose words are those from ``low`` to ``last``, in the gaps before some of them."""
        sentences: list[Sentence] = []
        start, opens, first = 0, True, True
        for n, cuts in [*_find_cuts(text, self.rows, gaps, low), (last, [(len(text), len(text), False)])]:
            end, _, breaks = cuts[0]
            if n > low:
                if self.rows[n - 1][0] - start > _LONGEST_SENTENCE:
                    low, start, opens = self._split_long(sentences, low, n, start, opens)
                self.bounds.append((low, n))
                headline = first and breaks and text[end - 1 : end] not in ".…"
                sentences.append(Sentence(start, end, self.rows[low:n], opens, headline))
                first = False
            low, (_, start, opens) = n, cuts[-1]
        return sentences

    def _split_long(self, sentences: list[Sentence], low: int, high: int, start: int, opens: bool) -> tuple[int, int, bool]:
        """Split off the beginnings of a sentence that is too long; what is left of it."""
        for i in range(low + 1, high):
            if self.rows[i][0] - start > _LONGEST_SENTENCE:
                self.bounds.append((low, i))
                sentences.append(Sentence(start, self.rows[i - 1][1], self.rows[low:i], opens, False))
                low, start, opens = i, self.rows[i][0], False
        return low, start, opens


def _number(strings: list[str]) -> tuple[np.ndarray, list[str]]:
    """Number strings by their kind; returns the numbers and the different strings."""
    kinds = dict.fromkeys(strings)
    numbers = dict(zip(kinds, range(len(kinds)), strict=True))
    return np.fromiter(map(numbers.__getitem__, strings), np.int64, len(strings)), list(kinds)


def _find_cuts(text: str, rows: list, gaps: list[int], low: int) -> Iterator[tuple[int, list[tuple[int, int, bool]]]]:
    """Find the words before which sentences end, with what is cut there: from, to, whether a line ends in it."""
    for n in gaps:
        cuts = []
        for match in _SENTENCE_END.finditer(text, rows[n - 1][1] if n > low else 0, rows[n][0] + 1):
            start, end = match.span()
            breaks = "\n" in match.group()
            if breaks or not _ABBREVIATION.search(text, max(0, start - 8), start):
                cuts.append((start, end, breaks))
        if cuts:
            yield n, cuts


def split_sentences(text: str) -> list[Sentence]:
    """Split a text into sentences with their words; a line end always ends a sentence."""
    return Words([text]).sentences[0]


def lower_text(text: str) -> str:
    """Lower a text without moving any character, typographic quotes made plain."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.replace("’", "'").replace("‘", "'")
