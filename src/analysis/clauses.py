"""A sentence -> its clauses."""

from __future__ import annotations

import re

from analysis.cues import Word

AUXILIARY = frozenset("be been being was were is are has have had would will shall may might could can must should do did does".split())
_CONNECTIVES = frozenset(
    "but while whereas although though however after before following when which who whom whose where because since until"
    " unless if amid as so once whereby during despite according under thereby saying adding".split()
)
_HARD_BREAK = re.compile(r"[;:()–—“”\"…]|\s-\s")


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
    return word.form != "" or word in AUXILIARY
