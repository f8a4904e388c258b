"""Whether what a clause tells is a fact, agreed, threatened or denied."""

from __future__ import annotations

import re
from bisect import bisect_left

from analysis.choosing import UNIT, tell_share
from analysis.cues import Hit, Word
from analysis.passages import Candidate, Passage
from analysis.sentences import Sentence
from analysis.weighing import MODALITIES, Weights, name_setting, weigh_names

_CLAUSE_END = re.compile(
    r";|:\s|\s[–—]\s|,?\s(?:but|while|whereas|although|though|however|even as|in which)\s|,\s(?:and\s)?(?:according to|adding that|noting that|saying)"
    r"|,?\s(?:after|following|because|as|since|amid|where)\s"
)
_PHRASE_END = re.compile(r"[;:]|,\s(?:and|but|while)|\s(?:who|which|but|after|while)\s")
_AUXILIARY = frozenset("be been being was were is are get gets got getting has have had having were's".split())
_MODALS = frozenset("would will shall may might could can should must to not".split())
_IRREGULAR = frozenset(
    "took taken left held kept struck broke broken set met put sent brought withdrew withdrawn made came began begun"
    " gave given freed let fell shot blew went shut cut laid said told fired hit built flew swept retook seized sealed"
    " opened agreed handed signed struck".split()
)
_DEADLINE = re.compile(r"(?:given|gave|giving|gives?)\s+(?:\w+\s+){0,4}(?:days?|hours?)\s+to\b")
_BARS = {
    "threatened": re.compile(
        r"\b(?:threat\w* (?:to|that|with|of)|warn\w* (?:of|that|against)|unless|otherwise|in preparation (?:to|for)|prepar\w+ (?:to|for)|(?:about|poised) to"
        r"|plan(?:s|ned|ning)? (?:to|for)|fear(?:s|ed|ing)?(?: of)?|possible"
        r"|(?:intend|intention|try|tried|trying|attempt|hop|want|wish|seek|sought|plan|planning|pressur|ask|demand|order|urg)\w* to|must|should|if"
        r"|might|could|(?:given|gave|giving) (?:\w+\s+){0,4}(?:days?|hours?) to)\s+(?:\w+\s+){0,2}$"
    ),
    "denied": re.compile(
        r"\b(?:vow\w* not to|den(?:y|ies|ied)(?: that)?|(?:fail|refus|declin)\w* to"
        r"|(?:did|does|do|has|have|had|was|were|is|are) not(?: yet)?|(?:yet to)"
        r"|(?:did|does|has|have|had|was|were|would|is|are|wo)n't|never|reject\w*(?=\s+(?:the |an? )?$)|without(?: any)?"
        r"|no(?! (?:fewer|less|more|longer))|suspend\w*|postpon\w*|delay\w*|halt\w*|cancel\w*)\s+(?:\w+\s+){0,2}$"
    ),
    "agreed": re.compile(
        r"\b(?:would|will|shall|vow\w* to|(?:promis|pledg|agre)\w* to|agreed on"
        r"|(?:allow|permit|empower|entitl|authori[sz])ed to|(?:ready|set|due|scheduled|expected) to(?: begin| start)?|may)\s+(?:\w+\s+){0,2}$"
    ),
}  # what stands just before an anchor and keeps its event from being a fact
_CONDITION = re.compile(r"[^.;:]{0,60}\b(?:is|are|was|were|remain\w*)\s+(?:\w+\s+){0,2}(?:pre)?(?:condition|demand)s?\b")
_STOPS = frozenset("after before since which who whom while but because when where has have had is are was were following as amid".split())


def is_past(word: str) -> bool:
    """Tell a past form (finite or participle) by its ending or the list of irregular ones."""
    return word.endswith("ed") and len(word) > 3 or word in _IRREGULAR


def decide_modality(hit: Hit, hits: list[Hit], lowered: str, sentence: Sentence) -> tuple[str, str]:
    """Decide between actual, agreed, threatened and denied by the cues of modality that govern an event's cue.

    Nearest governing cue wins, with denial first; a finite past verb is out of reach of "would" and the like that
    stand before it.
    """
    words = sentence.words
    n = bisect_left(words, (hit.start,))
    before = [w[2] for w in words[max(0, n - 3) : n] if w[0] > hit.start - 30]
    first = words[n][2] if n < len(words) and words[n][0] == hit.start else ""
    participle = bool(before) and any(w in _AUXILIARY for w in before[-2:])
    finite_past = is_past(first) and not participle and not (before and before[-1] in _MODALS)
    found: list[tuple[int, str, str]] = []
    for other in hits:
        cue = other.cue
        inside = hit.start <= other.start and other.end <= hit.end
        if inside and cue.scope == "next" and other.start > hit.start:
            found.append((0, cue.value, cue.rule))
        elif inside and cue.value != "denied" and other.start > hit.start and cue.scope == "clause":
            found.append((1, cue.value, cue.rule))
        elif cue.scope == "before":
            gap = lowered[hit.end : other.start]
            if other.start >= hit.end - 2 and gap.count(" ") <= 6 and not _CLAUSE_END.search(gap):
                found.append((gap.count(" "), cue.value, cue.rule))
        elif other.start < hit.start and other.end <= hit.end:
            gap = lowered[other.end : hit.start]
            reach = gap.count(" ")
            if cue.scope == "next":
                if reach <= 5 and not _PHRASE_END.search(gap):
                    found.append((reach, cue.value, cue.rule))
            elif not finite_past or (reach <= 2 and cue.value != "agreed"):
                if cue.scope == "sentence" or not _CLAUSE_END.search(gap):
                    found.append((reach + 10, cue.value, cue.rule))
    if not found:
        return "actual", ""
    denied = [f for f in found if f[1] == "denied" and f[0] <= 6]
    _, modality, rule = min(denied or found)
    return modality, rule


class ModalityReader:
    """The modality of the events of one report; what is known of a sentence is worked out once."""

    def __init__(self, passages: list[Passage]) -> None:
        self.passages = passages
        self._known: dict[int, tuple[list[Word], list[Hit], list[str]]] = {}

    def mark(self, at: Candidate) -> tuple[list[str], str]:
        """Name what the ``modality`` model is told besides the words, and the rule that governs the anchor."""
        passage = self.passages[at.passage]
        _, hits, marks = self._read(at.passage)
        ruled, rule = decide_modality(at.hit, hits, passage.lowered, passage.sentence) if hits else ("actual", "")
        sides = [f"in sentence {h.cue.value} {'left' if h.start < at.hit.start else 'right'}" for h in hits]
        return [f"rules say {ruled}", *marks, *dict.fromkeys(sides)], rule

    def weigh(self, at: Candidate, weights: Weights) -> tuple[str, str, float]:
        """Weigh the modality of an event: the likeliest, the rule that governs the anchor, and how likely it is.

        Never ``actual`` where a bar stands before the anchor (:func:`find_bar`).
        """
        passage = self.passages[at.passage]
        marks, rule = self.mark(at)
        scores = list(weigh_names(weights, at.hit.cue.value, self.list_words(at), passage.clauses[at.clause], at.anchor, marks))
        bar = find_bar(passage, at)
        if bar:
            scores[0] -= 100 * UNIT
            scores[MODALITIES.index(bar)] += 2 * UNIT
        return MODALITIES[scores.index(max(scores))], rule, tell_share(scores)

    def list_words(self, at: Candidate) -> list[Word]:
        """List the words of an event's sentence."""
        return self._read(at.passage)[0]

    def _read(self, number: int) -> tuple[list[Word], list[Hit], list[str]]:
        known = self._known.get(number)
        if known is None:
            passage = self.passages[number]
            words = [w[2] for w in passage.sentence.words]
            hits = [h for h in passage.hits if h.cue.group == "modality"]
            known = self._known[number] = words, hits, self._mark_sentence(number, passage, words)
        return known

    def _mark_sentence(self, number: int, passage: Passage, words: list[Word]) -> list[str]:
        marks = ["headline"] * passage.sentence.headline
        if passage.lowered[passage.sentence.start].isdigit() or passage.lowered[passage.sentence.start] in "-–•*":
            marks.append("list item")
        if number:
            before = self.passages[number - 1].sentence
            marks += name_setting(before.words)
            if passage.lowered[before.start : before.end + 2].rstrip().endswith(":"):
                marks.append("after a colon")
        return [*marks, "with a number" if any(w.stem == "#" for w in words) else "no number"]


def find_bar(passage: Passage, at: Candidate) -> str:
    """Find the modality of the words around the anchor that keep the event from being a fact; empty where none do."""
    if at.hit.cue.value.endswith(("_refused", "_broken")):
        return ""
    low = max(passage.sentence.start, at.hit.start - 60)
    if _DEADLINE.match(passage.lowered, at.hit.start) or _CONDITION.match(passage.lowered, at.hit.end, passage.sentence.end):
        return "threatened"
    for modality, bar in _BARS.items():
        if bar.search(passage.lowered, low, at.hit.start):
            return modality
    return "agreed" if _is_carried(passage.sentence.words, at.anchor) else ""


def _is_carried(words: list[tuple[int, int, Word]], anchor: int) -> bool:
    """Tell a verb that shares an earlier "would" ("would enter the town, be stationed there and storm farms")."""
    if _is_past(words, anchor) and words[anchor - 1][2] not in ("be", "been"):
        return False
    for n in range(anchor - 1, max(anchor - 40, -1), -1):
        word = words[n][2]
        if word in ("would", "will", "shall"):
            return True
        if word in _STOPS or n and _is_past(words, n) and words[n - 1][2] not in ("be", "been", "and"):
            return False
    return False


def _is_past(words: list[tuple[int, int, Word]], n: int) -> bool:
    return words[n][2].form == "ed" and words[n][2] not in ("set", "put", "cut", "shut", "let", "hit")
