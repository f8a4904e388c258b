"""Keep persons' names out of the texts: a capitalised name is a place, is listed in names.csv, or is reported."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from analysis.places import ARTICLES, WORD, Gazetteer, fold

KINDS = frozenset("body faction outlet office site term foreign_place".split())
JOIN = re.compile(r"(?:[ '’-]|\b(?:[Aa]l|of|and|for|the)\b)+")  # what may stand between two words of one name
ORDINARY = frozenset(
    "a an i in o p the no we monday tuesday wednesday thursday friday saturday sunday january february march"
    " april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov"
    " dec mon tue wed thu fri sat sun am pm".split()
)
OPENERS = frozenset(  # words that open sentences and may be written in lower case nowhere in a corpus
    "abhorrent addressing aid ailing answering bachelors cattle compared completing corpses death desertions"
    " despite dialogue distrust donations eighteen eighty everything expelling farce fiftieth fifty fleets forty"
    " greet heating malicious mortar nineteen ninety patience pictures prisoners regret reluctant resentment"
    " seaside seventeen seventy siege sixteen sixth sixty soldiers songs talking tempers thirteen thirty tipped"
    " townspeople unidentified".split()
)
POSSESSIVE = re.compile(r"['’]s?$")
OPENING = re.compile(r"(?:^|[.!?:;…|/)\d\"“]|\n|--|[–—─•*-])[\s\"'“”‘’(\[]*$")


class Known(NamedTuple):
    """Names that may stand in a text (a word tree), and words that the texts also write in lower case."""

    tree: dict
    lower: frozenset[str]


class Word(NamedTuple):
    """One word of a text: its character offsets and its folded form without a possessive ending."""

    start: int
    end: int
    folded: str


def split_words(text: str) -> list[Word]:
    """Split a text into words; forms of the Arabic article become ``al``, a possessive ending is left out.

    >>> [w.folded for w in split_words("As-Suwayda's notables")]
    ['al', 'suwayda', 'notables']
    """
    words = []
    for match in WORD.finditer(text):
        plain = POSSESSIVE.sub("", match.group())
        article = plain.lower() in ARTICLES and text[match.end() : match.end() + 1] in ("-", " ")
        folded = "al" if article and (text[match.end()] == "-" or plain.lower() in ("al", "el")) else fold(plain)
        words.append(Word(match.start(), match.end(), folded))
    return words


def build_known(names: Iterable[str], texts: Iterable[str]) -> Known:
    """Build the word tree of listed names, and collect the lower-case words of all texts."""
    tree: dict = {}
    for name in names:
        node = tree
        for word in split_words(name):
            node = node.setdefault(word.folded, {})
        node[""] = True
    lower = {w.folded for text in texts for w in split_words(text) if text[w.start].islower()}
    return Known(tree, frozenset(lower))


def read_names(path: Path) -> list[str]:
    """Read the listed names of a CSV with the columns ``name`` and ``kind``.

    Raises
    ------
    ValueError
        Names file and row of an empty name or a kind that is none of ``KINDS``.
    """
    names = []
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if not row["name"] or row["kind"] not in KINDS:
                raise ValueError(f"{path}, row {number}: {row!r} needs a name and a kind out of {sorted(KINDS)}")
            names.append(row["name"])
    return names


def list_unknown_names(text: str, gazetteer: Gazetteer, known: Known) -> list[str]:
    """List the capitalised sequences of a text that are neither gazetteer names nor listed names.

    Parameters
    ----------
    text : str
        One stored report.
    gazetteer : Gazetteer
        Places, found in any listed spelling.
    known : Known
        Listed names and the words that the texts also write in lower case, as :func:`build_known` makes them. A
        sentence may open with such a word.

    Returns
    -------
    list of str
        In the order of the text; a person's name shows up here.
    """
    words = split_words(text)
    covered = _cover_places(text, words, gazetteer) | _cover_known(text, words, known)
    loose = [i not in covered and _is_name_word(text, word, known) for i, word in enumerate(words)]
    return [text[words[i].start : words[j].end] for i, j in _join_runs(text, words, loose)]


def _cover_places(text: str, words: list[Word], gazetteer: Gazetteer) -> set[int]:
    spans = [(m.start, m.end) for m in gazetteer.find_mentions(text, words)]
    return {i for start, end in spans for i, word in enumerate(words) if start <= word.start < end}


def _cover_known(text: str, words: list[Word], known: Known) -> set[int]:
    covered: set[int] = set()
    i = 0
    while i < len(words):
        end = _match_known(text, words, i, known.tree)
        covered.update(range(i, end))
        i = max(end, i + 1)
    return covered


def _match_known(text: str, words: list[Word], first: int, tree: dict) -> int:
    """Return the index after the longest listed name that begins at ``first``, or ``first``."""
    word = words[first]
    if not (
        text[word.start].isupper()
        or text[word.start].isdigit()
        or text[word.end : word.end + 1] in ("-", " ")
        and word.folded in ("al", "a", "e")
    ):
        return first
    node, best = tree, first
    for j in range(first, len(words)):
        node = node.get(words[j].folded)
        if node is None or j > first and words[j].start - words[j - 1].end > 2:
            break
        if "" in node:
            best = j + 1
    return best


def _is_name_word(text: str, word: Word, known: Known) -> bool:
    if not text[word.start].isupper() or word.folded in ORDINARY or word.folded == "al":
        return False
    opens = OPENING.search(text, max(0, word.start - 8), word.start)
    return not (opens and (word.folded in known.lower or word.folded in OPENERS))


def _join_runs(text: str, words: list[Word], loose: list[bool]) -> list[tuple[int, int]]:
    """Return (first, last) word of each run of loose words; connecting words may stand inside."""
    runs: list[tuple[int, int]] = []
    for i in (i for i, is_loose in enumerate(loose) if is_loose):
        if runs and JOIN.fullmatch(text, words[runs[-1][1]].end, words[i].start):
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs


def list_runs(text: str, length: int) -> set[tuple[str, ...]]:
    """List all runs of ``length`` words of a text, in folded letters."""
    words = [word.folded for word in split_words(text)]
    return set(zip(*(words[i:] for i in range(length)), strict=False))


def find_near_duplicates(texts: dict[str, str], share: float = 0.5) -> list[tuple[str, str]]:
    """Find pairs of texts whose sets of five-word runs overlap by ``share`` or more (Jaccard).

    Returns
    -------
    list of (str, str)
        Ids in the order of ``texts``.
    """
    runs = {key: list_runs(text, 5) for key, text in texts.items()}
    holders: dict[tuple[str, ...], list[str]] = {}
    common: Counter[tuple[str, str]] = Counter()
    for key, own in runs.items():
        for run in own:
            common.update((other, key) for other in holders.get(run, ()))
            holders.setdefault(run, []).append(key)
    return sorted((a, b) for (a, b), n in common.items() if n >= share * (len(runs[a]) + len(runs[b]) - n))
