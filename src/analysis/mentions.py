"""The places that a report names: in lists, in each sentence, and over all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis.places import WIDE_KINDS, Gazetteer, Mention, Place, choose_homonym
from analysis.sentences import Sentence

_SIDES = {s + e: s + "ern" for s in ("north", "south", "east", "west") for e in ("", "ern")}
_SKIPPED = frozenset("the town city village of neighbourhood neighborhood camp district area nearby both towns villages and".split())
_NOT_A_PLACE = re.compile(
    r"\s*-?\s*(?:road|highway|bridge|roundabout|brigade|division|gate|agreement|deal|explosions|regime|authorities"
    r"|process|platform|martyrs|gathering|free assembly|airport)\b"
)
_find_letters = re.compile(r"[a-z]+").findall
_LINK = re.compile(r"and|[,&/-]")
_LIST = re.compile(
    r"[\s,/&-]*(?:and|or|as well as)?[\s,]*"
    r"(?:(?:the|both|nearby|of|towns?|villages?|city|cities|neighbo\w+|camps?|districts?)\s+)*"
)


class Group(NamedTuple):
    """Places named in one list ("A, B and the town of C"): their ids, characters, and the word before the list."""

    ids: tuple[str, ...]
    start: int
    end: int
    before: str
    wide: bool


def find_places(text: str, lowered: str, sentence: Sentence, begins: Iterable[int], gazetteer: Gazetteer) -> list[Mention]:
    """Find the sentence's places, leaving out names that are part of a road's, a body's or a unit's name."""
    found = gazetteer.find_mentions(text, sentence.words, begins)
    return [m for m in found if not _NOT_A_PLACE.match(lowered, m.end)]


def group_mentions(mentions: list[Mention], lowered: str, gazetteer: Gazetteer) -> list[list[Mention]]:
    """Group mentions that stand in one list ("A, B and the town of C")."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        gap = lowered[groups[-1][-1].end : mention.start] if groups else ""
        if _LINK.search(gap) and _LIST.fullmatch(gap) and _is_wide_mention(mention, gazetteer) == _is_wide_mention(groups[-1][-1], gazetteer):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _is_wide_mention(mention: Mention, gazetteer: Gazetteer) -> bool:
    return gazetteer.places[mention.place_ids[0]].kind in WIDE_KINDS


def join_mentions(found: list[Mention], lowered: str, sentence: Sentence, context: Counter, gazetteer: Gazetteer) -> list[Group]:
    """Join a sentence's mentions into lists, with homonyms chosen, and provinces where provinces are named."""
    groups = []
    for group in group_mentions(found, lowered, gazetteer):
        ids = tuple(dict.fromkeys(choose_homonym(m, context, gazetteer) for m in group))
        before = lowered[max(sentence.start, group[0].start - 40) : group[0].start]
        words = _find_letters(before)
        wide = [_find_side(words, gazetteer.places[i], gazetteer) for i in ids]
        ids = tuple(dict.fromkeys(w or i for w, i in zip(wide, ids, strict=True)))
        if words[-1:] == ["of"] and words[-2:-1] in (["province"], ["governorate"]):
            ids = tuple(dict.fromkeys(gazetteer.governorates.get(gazetteer.places[i].admin1, i) for i in ids))
        words = [w for w in words if w not in _SKIPPED]
        groups.append(Group(ids, group[0].start, group[-1].end, words[-1] if words else "", is_wide(ids, gazetteer)))
    return groups


def _find_side(before: list[str], place: Place, gazetteer: Gazetteer) -> str:
    """Find the countryside that "the north of Homs" names, where the gazetteer has it."""
    if before[-1:] not in (["of"], ["city"]):
        return ""
    words = [w for w in before[-6:] if w not in ("the", "of", "city", "area", "countryside", "part", "parts", "rural")]
    if not words or words[-1] not in _SIDES:
        return ""
    found = gazetteer.find_name(f"{_SIDES[words[-1]]} {place.name} countryside")
    return found[0] if found else ""


@lru_cache(maxsize=1 << 14)
def is_wide(ids: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    """Tell places that are all wide ones (a countryside, a province); the city of Damascus counts as one."""
    return all(gazetteer.places[i].kind in WIDE_KINDS or i == "damascus" for i in ids)


def find_main(named: list[list[Group]], gazetteer: Gazetteer) -> dict[tuple[str, ...], list[str]]:
    """List the places that a report is about: those named most, in headline and lead, and their governorate."""
    counts: Counter = Counter(g.ids for groups in named for g in groups)
    single: Counter = Counter(i for ids, n in counts.items() for i in ids for _ in range(n))
    head = {i for groups in named[:1] for g in groups for i in g.ids}
    lead = {i for groups in named[1:3] for g in groups for i in g.ids}
    narrow = [i for i, _ in single.most_common() if not is_wide((i,), gazetteer)]
    first = next((i for i in narrow if i in head), next((i for i in narrow if i in lead), narrow[0] if narrow else ""))
    memory: dict[tuple[str, ...], list[str]] = {}
    for rank, place in enumerate(narrow[:4]):
        memory[(place,)] = [f"named most, {rank + 1}", f"named {min(single[place], 4)} times"]
        memory[(place,)] += ["in headline"] * (place in head) + ["in lead"] * (place in lead) + ["main"] * (place == first)
    for ids, count in counts.most_common():
        if len(ids) > 1 and not is_wide(ids, gazetteer):
            memory.setdefault(ids, []).extend(["list named most", f"list named {min(count, 3)} times"] + ["list in headline"] * (set(ids) <= head))
            break
    wide = [i for i, _ in single.most_common() if gazetteer.places[i].kind in WIDE_KINDS]
    for place in wide[:2]:
        memory.setdefault((place,), []).extend(["wide named most" if place == wide[0] else "wide named next", f"wide named {min(single[place], 4)} times"] + ["wide in headline"] * (place in head))  # noqa: E501
    areas = Counter(gazetteer.governorates.get(gazetteer.places[i].admin1, "") for i, n in single.items() for _ in range(n))
    area = areas.most_common(1)[0][0] if areas else ""
    if area:
        memory.setdefault((area,), []).append("governorate of most")
    return memory
