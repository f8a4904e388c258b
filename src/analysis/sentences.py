"""A text -> its sentences and their words."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from analysis.cues import KNOWN_WORDS, Word, read_lexicon
from analysis.places import WORD, fold

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9•*–-])|\s*\n+\s*(?=\S)")
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


def split_sentences(text: str) -> list[Sentence]:
    """Split a text into sentences with their words; a line end always ends a sentence."""
    known = _read_known()
    words = [(m.start(), m.end(), known[m.group()]) for m in WORD.finditer(text)]
    cuts, last = [], 0
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match.group() and _ABBREVIATION.search(text, max(0, match.start() - 8), match.start()):
            continue
        cuts.append((last, match.start(), match.end()))
        last = match.end()
    cuts.append((last, len(text), len(text)))
    sentences, i, opens, first = [], 0, True, True
    for start, end, resume in cuts:
        low = i
        while i < len(words) and words[i][0] < end:
            if words[i][0] - start > _LONGEST_SENTENCE and i > low:
                sentences.append(Sentence(start, words[i - 1][1], words[low:i], opens, False))
                low, start, opens = i, words[i][0], False
            i += 1
        if i > low:
            headline = first and "\n" in text[end:resume] and text[end - 1 : end] not in ".…"
            sentences.append(Sentence(start, end, words[low:i], opens, headline))
            first = False
        opens = "\n" in text[end:resume]
    return sentences


def lower_text(text: str) -> str:
    """Lower a text without moving any character, typographic quotes made plain."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.replace("’", "'").replace("‘", "'")
