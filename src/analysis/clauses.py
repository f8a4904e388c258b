"""Sentences -> their clauses."""

from __future__ import annotations

import re

import numpy as np

from analysis.cues import Word
from analysis.sentences import Words

AUXILIARY = frozenset("be been being was were is are has have had would will shall may might could can must should do did does".split())
_CONNECTIVES = frozenset(
    "but while whereas although though however after before following when which who whom whose where because since until"
    " unless if amid as so once whereby during despite according under thereby saying adding".split()
)
_BREAK = re.compile(r"[,;:()–—“”\"…]|\s-\s")
_JOINTS = frozenset(["and", "then", "that"])


def split_clauses(words: Words) -> list[list[tuple[int, int]]]:
    """Split each sentence into clauses, as (first, past the last) places of its words, counted through all texts.

    A clause ends at a comma, a bracket or a dash, before a connective, and before an "and" that opens a verb phrase;
    pieces of fewer than three words stay with what stands before them.
    """
    breaks = words.mark_gaps(lambda gap: _BREAK.search(gap) is not None)
    may_cut = breaks | words.mark(lambda _, w: w in _CONNECTIVES or w in _JOINTS or w == "in")
    verbs = [0, *np.cumsum(words.mark(lambda _, w: w.form != "" or w in AUXILIARY)).tolist()]  # how many stand before each word
    breaks = breaks.tolist()
    return [
        _cut_clauses(words.rows, at, breaks, verbs, low, high)
        for at, (low, high) in zip(words.list_marked(may_cut), words.bounds, strict=True)
    ]


def _cut_clauses(rows: list[tuple[int, int, Word]], at: list[int], breaks: list[bool], verbs: list[int], low: int, high: int) -> list[tuple[int, int]]:
    cuts, last, begun = [low], low, low + 1
    for i in at:
        word = rows[i][2]
        if i == low:
            continue
        if breaks[i] and i - last >= 3:
            cut = True
        elif word in _CONNECTIVES:
            cut = i - last >= 2
        elif word in _JOINTS:
            cut = i - last >= 3 and verbs[i] > verbs[begun] and verbs[min(i + 5, high)] > verbs[i + 1]
        else:
            cut = word == "in" and i + 1 < high and rows[i + 1][2] in ("exchange", "return")
        if cut:
            cuts.append(i)
            last = begun = i
    if len(cuts) > 1 and high - cuts[-1] < 2:
        del cuts[-1]
    return list(zip(cuts, [*cuts[1:], high], strict=True))
