"""Names in a text -> places of the gazetteer; names that the gazetteer lacks are listed, never guessed."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ARTICLES = frozenset("a al el ul as ash at an ar az ad adh ath es ed ez er esh eth".split())
ENGLISH_ARTICLES = frozenset("a an as at ad".split())  # forms of the article that are English words: only with a hyphen or within a name
ENGLISH = frozenset("has hit harm cat shin".split())  # spellings of Hass, Hayt, Harim, Jat and Shin
LEADING = frozenset("in of at to from near around and or town village towards".split())
GENERIC = frozenset(
    "qasr tal tall tel tell deir dayr kafr khan ain ayn ein beit bait bayt umm um om abu khirbet khirbat jisr bir hosh"
    " sheikh shaykh wadi jabal jebel marj".split()
)
WIDE_KINDS = frozenset(["countryside", "district", "governorate"])
DIRECTIONS = frozenset("eastern western northern southern east west north south old".split())
COLUMNS = ["place_id", "name", "name_ar", "variants", "kind", "admin1", "admin2", "lat", "lon", "source"]
WORD = re.compile(r"[^\W\d_]+(?:['’`ʿʾ‘][^\W\d_]+)*|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?")


class Place(NamedTuple):
    """One row of the gazetteer; ``lat`` and ``lon`` are degrees (WGS 84) or None."""

    place_id: str
    name: str
    kind: str
    admin1: str
    lat: float | None
    lon: float | None


class Mention(NamedTuple):
    """One place name in a text: character offsets, and the ids it can stand for (several for homonyms)."""

    start: int
    end: int
    place_ids: tuple[str, ...]


def fold(word: str) -> str:
    """Reduce a word to lower-case letters without marks, so that spellings differ only in letters."""
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in plain if c.isalnum())


def split_name(name: str) -> tuple[str, ...]:
    """Split a name into folded words; every form of the Arabic article becomes ``al``.

    >>> split_name("As-Suwayda") == split_name("al-Suwayda")
    True
    """
    words = [m.group() for m in WORD.finditer(name)]
    return tuple(
        "al" if w.lower() in ARTICLES and i + 1 < len(words) else fold(w) for i, w in enumerate(words)
    )


def _strip_name(name: str) -> tuple[str, ...]:
    return tuple(w for w in split_name(name) if w != "al")


class Gazetteer:
    """The places of one gazetteer file and a word tree of all their listed names.

    A name listed with the article is also found without it, and the reverse, unless that form belongs to another
    place or is under five letters long.
    """

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.places: dict[str, Place] = {}
        listed: dict[tuple[str, ...], list[str]] = {}
        for row in rows:
            number = [float(row[c]) if row[c] else None for c in ("lat", "lon")]
            self.places[row["place_id"]] = Place(row["place_id"], row["name"], row["kind"], row["admin1"], *number)
            for name in [row["name"], *filter(None, row["variants"].split("; "))]:
                ids = listed.setdefault(split_name(re.sub(r"\(.*?\)", "", name)), [])
                if row["place_id"] not in ids:
                    ids.append(row["place_id"])
        derived: dict[tuple[str, ...], list[str]] = {}
        for key, ids in listed.items():
            other = key[1:] if key[:1] == ("al",) else ("al", *key)
            if other not in listed and sum(map(len, key)) - 2 * (key[:1] == ("al",)) > 4:
                derived.setdefault(other, []).extend(i for i in ids if i not in derived.get(other, []))
        self.governorates = {p.admin1: i for i, p in self.places.items() if p.kind == "governorate"}
        provinces = {_strip_name(p.name)[:-1]: i for i, p in self.places.items() if p.kind == "governorate"}
        self.capitals = {i: provinces[k] for i, p in self.places.items() if p.kind == "town" and (k := _strip_name(p.name)) in provinces}
        self.names = {**derived, **listed}
        self.tree: dict = {}
        for key, ids in self.names.items():
            node = self.tree
            for word in key:
                node = node.setdefault(word, {})
            node[""] = tuple(ids)

    def find_name(self, name: str) -> tuple[str, ...]:
        """Return the ids that bear exactly this name (any listed spelling); empty where unknown."""
        return tuple(self.names.get(split_name(name), ()))

    def suggest_names(self, name: str, count: int = 3) -> list[str]:
        """Return standard names that are spelled alike: for a person to choose from, never applied."""
        spelled = {" ".join(k): ids for k, ids in self.names.items()}
        close = difflib.get_close_matches(" ".join(split_name(name)), spelled, count * 3, 0.75)
        found = dict.fromkeys(self.places[i].name for c in close for i in spelled[c])
        return list(found)[:count]

    def can_begin(self, raw: str, word: str) -> bool:
        """Tell whether a name can begin with a word, as it is written and folded."""
        if word in ARTICLES or word in DIRECTIONS:
            return True
        return raw[:1].isupper() and (word in self.tree or word[-1:] == "s" and word[:-1] in self.tree)

    def find_mentions(self, text: str, words: list[tuple[int, int, str]], begins: Iterable[int] | None = None) -> list[Mention]:
        """Find place names, longest first, left to right.

        ``words`` are (start, end, folded) of the text; names begin at those whose numbers are in ``begins``, or at any.
        """
        found, n, tree, next_free = [], len(words), self.tree, 0
        for i in range(n) if begins is None else begins:
            start, end, word = words[i]
            if i < next_free or not text[start].isupper() and not (word in ARTICLES and text[end : end + 1] == "-") and word not in DIRECTIONS:
                continue
            node, j, best = tree, i, None
            while j < n and (j == i or words[j][0] - words[j - 1][1] <= 1):
                step = words[j][2]
                if step in ARTICLES and (text[words[j][1] : words[j][1] + 1] == "-" or step not in ENGLISH_ARTICLES or j > i and text[words[j][0]].isupper()):
                    step = "al"
                elif not text[words[j][0]].isupper() and step not in _LOWER_OK:
                    break
                if step[-1:] == "s" and text[words[j][1] - 2] in "'’":
                    owner = node.get(step[:-1], {})  # "Kanaker's elders"
                    best = (j, owner[""], owner) if "" in owner else best
                node = node.get(step)
                if node is None:
                    break
                if "" in node and text[words[j][0]].isupper() or "" in node and step in _LOWER_OK and j > i:
                    best = (j, node[""], node)
                j += 1
            if best is None or best[0] == i and (word in ENGLISH or word in GENERIC) and _is_other(text, words, i):
                continue
            end, place_ids = words[best[0]][1], best[1]
            if "countryside" in best[2]:  # "Daraa's eastern countryside" is the province, not the city
                wider = _WIDER.match(text, end) or _WIDER_OF.search(text, max(0, start - 24), start)
                if wider:
                    place_ids = best[2].get(wider[1].lower(), {}).get("", place_ids)
            found.append(Mention(start, end, place_ids))
            next_free = best[0] + 1
        return found


_WIDER = re.compile(r"\s+(?:(?:(?:north|south|east|west)[\w-]*|rural)\s+)*(countryside|province|governorate)\b", re.I)
_WIDER_OF = re.compile(r"\b(countryside|province|governorate)\s+of\s+$", re.I)


def _is_other(text: str, words: list[tuple[int, int, str]], i: int) -> bool:
    """Tell an English word, or the first word of a longer name that nobody listed, from a name of one word."""
    if words[i][2] in ENGLISH:
        return i == 0 or words[i - 1][2] not in LEADING
    if i + 1 == len(words) or words[i + 1][0] - words[i][1] != 1:
        return False
    start, end, word = words[i + 1]
    return text[start].isupper() or word in ARTICLES and text[end : end + 1] == "-"


_LOWER_OK = DIRECTIONS | frozenset(
    "city town camp district neighbourhood neighborhood countryside province governorate area region suburbs rural"
    " the of".split()
)


def read_places(path: Path) -> Gazetteer:
    """Read a gazetteer CSV with the columns in ``COLUMNS``.

    Raises
    ------
    ValueError
        Names file, row and column of a missing column, an empty or repeated id, an empty name, or a coordinate
        that is no number.
    """
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        where = f"{path}, row {number}"
        for column in COLUMNS:
            if row.get(column) is None:
                raise ValueError(f"{where}: column {column!r} is missing; add it to the header and the row")
        for column in ("place_id", "name"):
            if not row[column].strip():
                raise ValueError(f"{where}: {column} is empty; every place needs one")
        if row["place_id"] in seen:
            raise ValueError(f"{where}: place_id {row['place_id']!r} stands twice; give it an id of its own")
        seen.add(row["place_id"])
        for column, limit in (("lat", 90), ("lon", 180)):
            try:
                right = not row[column] or abs(float(row[column])) <= limit
            except ValueError:
                right = False
            if not right:
                raise ValueError(f"{where}: {column} {row[column]!r} is no number of degrees within {limit}")
    return Gazetteer(rows)


def choose_homonym(mention: Mention, context: dict[str, int], gazetteer: Gazetteer) -> str:
    """Choose among homonyms by the governorates that the report speaks of; the gazetteer's first where none tells."""
    if len(mention.place_ids) == 1:
        return mention.place_ids[0]
    return max(mention.place_ids, key=lambda i: context.get(gazetteer.places[i].admin1, 0))
