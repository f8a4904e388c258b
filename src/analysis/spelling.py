"""Spellings that the gazetteer does not list, told from those that it lists by how Arabic names are written in Latin letters.

A careful suggestion, never a silent guess: a name counts only where the words around it speak of a place, only if its
consonants are those of places in a governorate that the report speaks of anyway, only if one of these is spelled clearly
nearest; and the event's ``rule`` then says which spelling was read as which place.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

from analysis.cues import Word
from analysis.places import ARTICLES, WIDE_KINDS, Gazetteer, Mention

_LETTERS = [("sh", "S"), ("ch", "S"), ("kh", "H"), ("gh", "G"), ("dh", "d"), ("th", "t"), ("q", "k"), ("c", "k"), ("w", "u"), ("v", "u")]
_VOWELS = re.compile(r"[aeiouy']+")
_DOUBLE = re.compile(r"(.)\1+")
_BEFORE = frozenset(
    "in of at near from to around between towards into inside outside town city village villages towns neighbourhood neighborhood camp district".split()
)
_AFTER = frozenset("town city village camp neighbourhood neighborhood district area countryside".split())
_OTHER = frozenset("qaida qaeda jazeera".split())  # names of bodies that are spelled like villages
SHORTEST = 5  # letters without the article; shorter names have too few consonants to tell them by
ALIKE = 0.75  # from this share of common letters on a spelling is near
CLEARLY = 0.05  # by so much the nearest must be nearer than the next


@lru_cache(maxsize=1 << 15)
def reduce_name(words: tuple[str, ...]) -> str:
    """Reduce a folded name to its consonants, articles and doubled letters off.

    >>> reduce_name(("al", "yadoodah")) == reduce_name(("al", "yadodah")), reduce_name(("tafs",)) == reduce_name(("tafas",))
    (True, True)
    """
    name = " ".join(w for w in words if w not in ARTICLES)
    for letters, one in _LETTERS:
        name = name.replace(letters, one)
    first = name[:1] if name[:1] in "aeiouy" else ""
    name = _VOWELS.sub("", re.sub(r"(?<=.)(?:[aeiouy]*[ht]|[aeiouy]+)\b", "", name))
    return ("a" if first else "") + _DOUBLE.sub(r"\1", name.replace("h", ""))


@lru_cache(maxsize=8)
def index_names(gazetteer: Gazetteer) -> dict[str, list[tuple[str, str]]]:
    """Index the gazetteer's spellings of five letters and more by their consonants: (spelling, place)."""
    index: dict[str, list[tuple[str, str]]] = {}
    for words, ids in gazetteer.names.items():
        spelled = "".join(w for w in words if w not in ARTICLES)
        for place in ids if len(spelled) >= SHORTEST else ():
            if gazetteer.places[place].kind not in WIDE_KINDS:
                index.setdefault(reduce_name(words), []).append((spelled, place))
    return index


def may_be_spelled(raw: str, word: Word, gazetteer: Gazetteer) -> bool:
    """Tell a capitalised word that no listed name is and whose consonants are those of one."""
    return (
        raw[0].isupper() and len(word) > 3 and not word.meanings and word not in _OTHER
        and (word,) not in gazetteer.names and reduce_name((word,)) in index_names(gazetteer)
    )  # fmt: skip


def find_spelled(text: str, words: list, spots: list[int], found: list[Mention], context: Counter, gazetteer: Gazetteer) -> list[Mention]:
    """Find places in a sentence that are spelled as the gazetteer does not list them.

    ``spots`` are the words that :func:`may_be_spelled` names; ``context`` counts the governorates of the places named.
    """
    spelled = []
    for i in spots:
        start, end, word = words[i]
        if any(m.start <= start < m.end for m in found) or not _speaks_of_place(text, words, i):
            continue
        place = suggest_place(word, tuple(sorted(context)), gazetteer)
        if place:
            article = i and words[i - 1][2] in ARTICLES and start - words[i - 1][1] <= 1
            spelled.append(Mention(words[i - 1][0] if article else start, end, (place,)))
    return spelled


def _speaks_of_place(text: str, words: list, i: int) -> bool:
    """Tell a name of one word between words that speak of a place."""
    first = i - 1 if i and words[i - 1][2] in ARTICLES and words[i][0] - words[i - 1][1] <= 1 else i
    before = words[first - 1][2] if first else ""
    after = words[i + 1] if i + 1 < len(words) else None
    if after and text[after[0]].isupper() and after[0] - words[i][1] == 1 or first and text[words[first - 1][0]].isupper() and before not in _AFTER:
        return False  # part of a longer name
    return before in _BEFORE or (after is not None and after[2] in _AFTER)


@lru_cache(maxsize=1 << 14)
def suggest_place(word: str, governorates: tuple[str, ...], gazetteer: Gazetteer) -> str:
    """Suggest the place of these governorates whose listed spelling is clearly nearest; empty where none or several are."""
    near: dict[str, float] = {}
    for spelled, place in index_names(gazetteer).get(reduce_name((word,)), ()):
        if gazetteer.places[place].admin1 in governorates:
            near[place] = max(near.get(place, 0.0), SequenceMatcher(None, word, spelled).ratio())
    best = sorted(near.items(), key=lambda p: -p[1])
    if not best or best[0][1] < ALIKE or len(best) > 1 and best[0][1] - best[1][1] < CLEARLY:
        return ""
    return best[0][0]
