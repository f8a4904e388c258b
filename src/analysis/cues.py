"""The codebook's cues and words, compiled: which words of a text set off which rule, and what each word means.

Every cue begins with a word; a text is read word by word and only the cues that begin with that word, and whose other
words stand in the same sentence, are tried there: the time taken grows with the length of the text and not with the
number of cues. What is known of a word (its stem, its meanings, its cues) is worked out once and kept.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.dates import is_trigger

CODEBOOK = Path(__file__).with_name("codebook.toml")
KNOWN_WORDS = 200_000  # a bound on what is kept in memory, far above the words of any corpus of reports
_GAP = r"(?:[^\s.;!?]{1,40}\s+){0,%d}?[\"“'(]?"
_BREAK = r"[,\"”')]{0,4}[\s–-]{1,4}[\"“'(]{0,3}"
_IRREGULAR = {
    form: base
    for base, forms in {
        "take": "took taken", "leave": "left", "hold": "held", "keep": "kept", "strike": "struck", "break": "broke broken",
        "meet": "met", "send": "sent", "bring": "brought", "withdraw": "withdrew withdrawn", "make": "made", "come": "came",
        "begin": "began begun", "give": "gave given", "free": "freed", "fall": "fell fallen", "shoot": "shot", "blow": "blew blown",
        "go": "went gone", "lay": "laid", "tell": "told", "fly": "flew flown", "sweep": "swept", "retake": "retook retaken",
        "build": "built", "drive": "drove driven", "see": "saw seen", "sit": "sat", "find": "found", "say": "said", "lose": "lost",
        "flee": "fled", "seek": "sought", "run": "ran", "hand": "handed", "pay": "paid", "bear": "bore borne", "catch": "caught",
        "forbid": "forbade forbidden", "overrun": "overran", "agree": "agreed", "carry": "carried", "deny": "denied",
        "undertake": "undertook undertaken", "choose": "chose chosen", "freeze": "froze frozen", "fight": "fought",
    }.items()
    for form in forms.split()
}  # fmt: skip


class Cue(NamedTuple):
    """One cue: what it signals (``group``), its value there, its rule, its scope, its pattern, the classes it needs."""

    group: str
    value: str
    rule: str
    scope: str
    pattern: re.Pattern
    needs: frozenset[int]


class Hit(NamedTuple):
    """One cue found in a text, with its characters."""

    start: int
    end: int
    cue: Cue


class Word(str):
    """A folded word and what is known of it: stem, meanings, verb form, the cues it begins, the cue classes it is in, whether it dates.

    A cue that it begins stands in ``starts`` behind the classes it needs and what matches it in a text.
    """

    __slots__ = ("stem", "meanings", "form", "starts", "classes", "dated")

    def __new__(cls, fold: str, meanings=(), starts=(), classes=()) -> Word:
        word = super().__new__(cls, fold)
        word.stem, word.form = stem_word(fold), tell_form(fold)
        word.meanings, word.starts, word.classes = tuple(meanings), tuple(starts), tuple(classes)
        word.dated = is_trigger(fold)
        return word


def stem_word(word: str) -> str:
    """Reduce a folded word to a stem: irregular forms to their base, endings off, seven letters at most.

    >>> [stem_word(w) for w in ("taken", "besieged", "besieging", "houses")]
    ['take', 'besieg', 'besieg', 'hous']
    """
    word = _IRREGULAR.get(word, word)
    if word[:1].isdigit():
        return "#"
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word[:7]


def tell_form(word: str) -> str:
    """Tell the form of a word from its ending: ``ed`` for past and participle, ``ing``, else empty."""
    if word in _IRREGULAR or word.endswith("ed") and len(word) > 3 or word in ("cut", "shut", "put", "let", "hit", "set"):
        return "ed"
    return "ing" if word.endswith("ing") and len(word) > 4 else ""


def fold_cue_word(word: str) -> str:
    """Fold the first word of a cue's alternative as texts are folded: no apostrophe, up to a hyphen or blank."""
    return re.split(r"[-\s]", word.replace("'", ""))[0]


def read_cue(cue: str) -> tuple[list[str], str, list[list[str]]]:
    """Read a cue of the codebook: its first words, a regular expression, and the words of which it needs one each.

    >>> read_cue("lift* ..2 (siege|blockade)")[2]
    [['siege', 'blockade']]
    """
    parts = re.findall(r"\([^)]*\)\??|\S+", cue)
    firsts = [fold_cue_word(w) for w in parts[0].strip("()").split("|")]
    pattern, gap, needs = "", 0, []
    for part in parts:
        if part.startswith(".."):
            gap = int(part[2:])
            continue
        words = part.rstrip("?").strip("()").split("|")
        one = "(?:" + "|".join(re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for w in words) + r")(?!\w)"
        if pattern:
            one = _BREAK + (_GAP % gap if gap else "") + one
            if not part.endswith("?"):
                needs.append([fold_cue_word(w) for w in words])
        pattern += f"(?:{one})?" if part.endswith("?") else one
        gap = 0
    if gap:
        pattern += r"(?:[,\"”')]{0,4}\s+[^\s.;!?]{1,40}){0,%d}?" % gap  # noqa: UP031
    return firsts, pattern, needs


@cache
def read_codebook() -> dict:
    """Read the codebook file; its keys are types, modality, actors, people, reporting, words."""
    return tomllib.loads(CODEBOOK.read_text(encoding="utf-8"))


class _Stems:
    """Values by exact word or by beginning (``lift*``); ``find(word)`` lists the values of all that fit."""

    def __init__(self) -> None:
        self.exact: dict[str, list] = {}
        self.begun: dict[str, list] = {}

    def add(self, word: str, value) -> None:
        target = self.begun if word.endswith("*") else self.exact
        target.setdefault(word.rstrip("*"), []).append(value)

    def find(self, word: str) -> list:
        found = list(self.exact.get(word, ()))
        for length in range(1, len(word) + 1):
            found += self.begun.get(word[:length], ())
        return list(dict.fromkeys(found))


class Lexicon:
    """All cues and meanings of the codebook by the words that set them off."""

    def __init__(self, codebook: dict) -> None:
        self._cues, self._classes, self._meanings = _Stems(), _Stems(), _Stems()
        self._known: dict[str, Word] = {}
        numbers: dict[tuple, int] = {}
        for group, value, scope, rule, text in _walk(codebook):
            firsts, pattern, needs = read_cue(text)
            classes = []
            for words in needs:
                key = tuple(sorted(set(words)))
                if key not in numbers:
                    numbers[key] = len(numbers)
                    for word in key:
                        self._classes.add(word, numbers[key])
                classes.append(numbers[key])
            cue = Cue(group, value, rule, scope, re.compile(pattern), frozenset(classes))
            for first in dict.fromkeys(firsts):
                self._cues.add(first, (cue.needs, cue.pattern.match, cue))
        for meaning, words in codebook["words"].items():
            for word in words.split():
                self._meanings.add(fold_cue_word(word), meaning)

    def read_word(self, fold: str) -> Word:
        """Return what is known of a folded word."""
        known = self._known.get(fold)
        if known is None:
            if len(self._known) >= KNOWN_WORDS:
                self._known.clear()
            short = fold[:40]
            found = (table.find(short) for table in (self._meanings, self._cues, self._classes))
            known = self._known[fold] = Word(fold, *found)
        return known


def _walk(codebook: dict):
    for name, entry in codebook["types"].items():
        for number, text in enumerate(entry["cues"], 1):
            yield "type", name, "", f"{name}/{number}", text
        for text in entry.get("not", ()):
            yield "not", name, "", f"not {name}", text
    for entry in codebook["modality"]:
        for text in entry["cues"]:
            yield "modality", entry["modality"], entry["scope"], f"modality:{entry['modality']}", text
    for group in ("actors", "people"):
        for name, cues in codebook[group].items():
            for text in cues:
                yield group, name, "", f"{group}:{name}", text
    for text in codebook["reporting"]["cues"]:
        yield "reporting", "told", "", "reporting:told", text


@cache
def read_lexicon() -> Lexicon:
    """Compile the codebook once a process."""
    return Lexicon(read_codebook())


def find_hits(lowered: str, words: list[tuple[int, int, Word]], high: int) -> list[Hit]:
    """Find all cues that begin at one of a sentence's ``words`` in a lower-cased text and end by ``high``.

    Words that begin no cue and are in no class of cues may be left out.
    """
    present = set().union(*[word.classes for _, _, word in words])
    hits = []
    for start, _, word in words:
        for needs, match, cue in word.starts:
            if needs <= present:
                found = match(lowered, start, high)
                if found:
                    hits.append(Hit(start, found.end(), cue))
    return hits
