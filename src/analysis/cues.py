"""The codebook's cues, compiled: which words of a text set off which rule.

Every cue begins with a word; a text is read word by word and only the cues that begin with that word are tried there,
so the time taken grows with the length of the text and not with the number of cues.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

CODEBOOK = Path(__file__).with_name("codebook.toml")
_GAP = r"(?:[^\s.;!?]{1,40}\s+){0,%d}?[\"“'(]?"
_BREAK = r"[,\"”')]*[\s–-]+[\"“'(]*"


class Cue(NamedTuple):
    """One cue: what it signals (``group``), its value there, its rule (group, value, number) and its pattern."""

    group: str
    value: str
    rule: str
    scope: str
    pattern: re.Pattern | None


class Hit(NamedTuple):
    """One cue found in a text, with its characters."""

    start: int
    end: int
    cue: Cue


def compile_cue(cue: str) -> tuple[list[str], str]:
    """Compile a cue of the codebook into its first words and a regular expression.

    >>> compile_cue("lift* ..2 (siege|blockade)")[0]
    ['lift*']
    """
    parts = re.findall(r"\([^)]*\)\??|\S+", cue)
    firsts = [w.split()[0] for w in parts[0].strip("()").split("|")]
    pattern, gap = "", 0
    for part in parts:
        if part.startswith(".."):
            gap = int(part[2:])
            continue
        words = part.rstrip("?").strip("()").split("|")
        one = "(?:" + "|".join(re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for w in words) + r")(?!\w)"
        if pattern:
            one = _BREAK + (_GAP % gap if gap else "") + one
        pattern += f"(?:{one})?" if part.endswith("?") else one
        gap = 0
    if gap:
        pattern += r"(?:[,\"”')]*\s+[^\s.;!?]{1,40}){0,%d}?" % gap
    return firsts, pattern


@cache
def read_codebook() -> dict:
    """Read the codebook file; its keys are types, modality, actors, people, reporting."""
    return tomllib.loads(CODEBOOK.read_text(encoding="utf-8"))


class Lexicon:
    """All cues by the word they begin with. ``lookup(word)`` gives the cues to try where that folded word stands."""

    def __init__(self, codebook: dict) -> None:
        self.exact: dict[str, list[Cue]] = {}
        self.stems: dict[str, list[Cue]] = {}
        self._known: dict[str, tuple[Cue, ...]] = {}
        for group, value, scope, cues in _walk(codebook):
            for number, text in enumerate(cues, 1):
                firsts, pattern = compile_cue(text)
                cue = Cue(group, value, f"{value}/{number}" if group == "type" else f"{group}:{value}", scope, re.compile(pattern))
                for first in dict.fromkeys(firsts):
                    target = self.stems if first.endswith("*") else self.exact
                    key = re.split(r"[-']", first.rstrip("*"))[0]
                    target.setdefault(key, []).append(cue)
        self._lengths = sorted({len(s) for s in self.stems})

    def lookup(self, word: str) -> tuple[Cue, ...]:
        """Return the cues that can begin with this folded word, exact ones first."""
        known = self._known.get(word)
        if known is None:
            found = list(self.exact.get(word, ()))
            for length in self._lengths:
                if length > len(word):
                    break
                found += self.stems.get(word[:length], ())
            known = tuple(dict.fromkeys(found))
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[word] = known
        return known


def _walk(codebook: dict):
    for name, entry in codebook["types"].items():
        yield "type", name, "", entry["cues"]
        yield "not", name, "", entry.get("not", ())
    for entry in codebook["modality"]:
        yield "modality", entry["modality"], entry["scope"], entry["cues"]
    for group in ("actors", "people"):
        for name, cues in codebook[group].items():
            yield group, name, "", cues
    yield "reporting", "told", "", codebook["reporting"]["cues"]


@cache
def read_lexicon() -> Lexicon:
    """Compile the codebook once a process."""
    return Lexicon(read_codebook())


def find_hits(lowered: str, words: list[tuple[int, int, str]], high: int) -> list[Hit]:
    """Find all cues that begin at one of ``words`` of a lower-cased text and end by ``high``."""
    lookup = read_lexicon().lookup
    hits = []
    for start, _, word in words:
        for cue in lookup(word):
            match = cue.pattern.match(lowered, start, high)
            if match:
                hits.append(Hit(start, match.end(), cue))
    return hits
