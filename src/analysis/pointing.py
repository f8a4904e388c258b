"""What points to a place without naming it: "the town", "both villages", "there"."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from analysis.passages import Passage
from analysis.places import Gazetteer

_SEVERAL = re.compile(r"\b(?:both|(?:the\s+)?(?:two|three|four)|these|those)\s+(?:\w+\s+)?(?:towns|villages|neighbo\w+|areas|cities|communities|places|districts)\b")
_POINTER = re.compile(
    r"\b(?:the|this|that|their|its)\s+(?:same\s+|besieged\s+|two\s+|whole\s+)?(town|city|village|neighbou?rhood|district|quarter"
    r"|camp|area|region|province|governorate|suburb|enclave)(s?)\b|\bthere\b"
)
_POINTED = {"neighborhood": "neighbourhood", "district": "neighbourhood", "quarter": "neighbourhood", "city": "town", "suburb": "town",
            "region": "area", "enclave": "area", "province": "governorate"}  # fmt: skip
KEPT = 1 << 12  # lists of places whose marks are kept in memory


class ByPlace(dict):
    """What ``tell`` tells of a place or list of places, kept."""

    def __init__(self, tell: Callable) -> None:
        self.tell = tell

    def __missing__(self, ids: tuple[str, ...]):
        if len(self) >= KEPT:
            self.clear()
        found = self[ids] = self.tell(ids)
        return found


def find_pointers(passage: Passage) -> tuple[str, ...]:
    """Find what points to a place without naming it ("the town", "both villages", "there")."""
    if not passage.points:
        return ("nothing said",)
    low, high = passage.sentence.start, passage.sentence.end
    found = []
    for match in _POINTER.finditer(passage.lowered, low, high):
        word = match[1] or "there"
        found.append("said " + _POINTED.get(word, word) + (" many" if match[2] else ""))
    if _SEVERAL.search(passage.lowered, low, high):
        found.append("several said")
    return tuple(dict.fromkeys(found)) or ("nothing said",)


@lru_cache(maxsize=1 << 8)
def read_pointers(pointers: tuple[str, ...], named: bool, gazetteer: Gazetteer) -> ByPlace:
    """Read how a sentence points to a place, and whether the place is also named there."""

    def tell(ids: tuple[str, ...]) -> tuple[str, ...]:
        if not ids:
            return ()
        kind = ("many " if len(ids) > 1 else "one ") + min(gazetteer.places[i].kind for i in ids)
        marks = [f"{pointer}, {kind}" for pointer in pointers]
        return tuple(marks if named else [n for m in marks for n in (m, f"{m}, unnamed")])

    return ByPlace(tell)
