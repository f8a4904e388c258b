"""Events of several reports -> deals: parties, terms, which of these were carried out, and what followed."""

from __future__ import annotations

from itertools import filterfalse

import pandas as pd

from analysis.bounds import (
    Bounds,
    combine_tellings,
    describe_disagreement,
    group_events,
    join_ids,
    list_events,
    list_evidence,
    list_tellings,
)
from analysis.edtf import format_day

SAME_DEAL_DAYS = 21
TERM_DAYS = 45
FOLLOW_DAYS = 365
SHARP_DAYS = 31
WITHOUT_DEAL_TOO = ["arrest", "raid"]
TERM_TYPES = [
    "siege_eased", "siege_lifted", "checkpoint_set_up", "checkpoint_removed", "release", "settlement", "weapons_handover",
    "evacuation", "enlistment", "deployment", "aid_entry", "raid", "arrest",
]  # fmt: skip
DEAL_COLUMNS = [
    "deal_id", "place_id", "place_name", "admin1", "parties", "agreed_earliest", "agreed_latest", "terms", "n_terms",
    "n_carried_out", "broken", "followed_by_siege", "followed_by_storming", "followed_by_arrests", "carried_out",
    "outcome_12_months", "n_reports", "n_sources", "report_ids", "event_ids",
]  # fmt: skip
TERM_COLUMNS = [
    "deal_id", "place_id", "term", "status", "carried_out_earliest", "carried_out_latest", "days_to_carry_out_min",
    "days_to_carry_out_max", "term_event_ids", "carried_out_event_ids",
]  # fmt: skip


def build_deals(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Link deal events into deals with their terms and what followed.

    Tellings of a deal at one place whose days can lie within three weeks of each other are one deal. Its terms are the
    ``agreed`` events of the place told in the same reports or within 45 days, each counted for one deal. A term is
    ``carried_out`` when an ``actual`` event of its type follows within a year and before a later deal of the place
    names the same term, ``refused`` when a ``denied`` one does, else ``unknown``. What followed is told of the last
    deal before it.

    Returns
    -------
    deals, terms, disagreements : DataFrame
        One row a deal (``DEAL_COLUMNS``), a term of a deal (``TERM_COLUMNS``), a telling of a disputed day.
    """
    told = group_events((e for e in list_events(events) if e.place_id and e.high is not None), "place_id")
    deals, terms, conflicts = [], [], []
    for place_id, at_place in sorted(told.items()):
        groups = _split_deals([e for e in at_place if e.type == "deal_agreed" and e.modality == "actual"])
        starts = [_find_start(members) for members in groups]
        agreed = _share_terms(groups, at_place)
        for number, members in enumerate(groups):
            later = [(day, {e.type for e in a}) for day, a in zip(starts[number + 1 :], agreed[number + 1 :], strict=True)]
            deal, own_terms, differing = _describe_deal(
                f"deal-{place_id}-{number + 1}", members, at_place, agreed[number], later
            )
            deals.append(deal)
            terms += own_terms
            conflicts += differing
    return pd.DataFrame(deals, columns=DEAL_COLUMNS), pd.DataFrame(terms, columns=TERM_COLUMNS), pd.DataFrame(conflicts)


def _split_deals(own: list) -> list[list]:
    """Split one place's tellings of deals into deals.

    Tellings that name a day or a month make the groups; a wider one ("in 2014") joins a group that it allows, one
    without a first day the nearest group before it; what fits none stands alone.
    """
    dated = sorted((e for e in own if e.low is not None), key=lambda e: (e.low, e.high, e.event_id))
    groups: list[list] = []
    reach = None
    for event in filter(_is_sharp, dated):
        if reach is None or event.low - reach > SAME_DEAL_DAYS:
            groups.append([])
        groups[-1].append(event)
        reach = max(event.high, reach) if reach is not None and len(groups[-1]) > 1 else event.high
    for event in filterfalse(_is_sharp, dated):
        _join_or_begin(groups, event, [g for g in groups if event.low <= g[0].high and g[0].low <= event.high])
    for event in sorted((e for e in own if e.low is None), key=lambda e: (e.high, e.event_id)):
        fit = [g for g in groups if min(e.low if e.low is not None else e.high for e in g) <= event.high
               and event.high - max(e.high for e in g) <= SAME_DEAL_DAYS]  # fmt: skip
        _join_or_begin(groups, event, fit)
    groups.sort(key=lambda g: (min(e.high for e in g), g[0].event_id))
    return groups


def _is_sharp(event) -> bool:
    """Tell an event whose day is known within a month."""
    return event.high - event.low <= SHARP_DAYS


def _join_or_begin(groups: list[list], event, fit: list[list]) -> None:
    if fit:
        fit[-1].append(event)
    else:
        groups.append([event])


def _keep_sharp(members: list) -> list:
    """Leave out tellings of a span of months where others name a day or a month within it."""
    sharp = [e for e in members if e.low is None or _is_sharp(e)]
    return sharp if any(e.low is not None for e in sharp) else members


def _find_start(members: list) -> int:
    """Find the first day on which a deal can have been struck; its last day where no first is told."""
    day, _ = combine_tellings(list_tellings(_keep_sharp(members)))
    return day.earliest if day.earliest is not None else day.latest


def _share_terms(groups: list[list], at_place: list) -> list[list]:
    """Give each deal of a place the events that agree its terms, none to two deals."""
    agreed = [e for e in at_place if e.modality == "agreed" and e.type in TERM_TYPES]
    shared = []
    for number, members in enumerate(groups):
        day, _ = combine_tellings(list_tellings(_keep_sharp(members)))
        low = day.earliest if day.earliest is not None else day.latest - TERM_DAYS
        inside = {e.report_id for e in members}
        own = [e for e in agreed if low - 3 * (e.report_id in inside) <= e.high <= day.latest + TERM_DAYS]
        upper = min(e.high for e in groups[number + 1]) if number + 1 < len(groups) else None
        if upper is not None and upper > day.latest:
            own = [e for e in own if e.high < upper or e.report_id in inside]
        taken = {e.event_id for e in own}
        agreed = [e for e in agreed if e.event_id not in taken]
        shared.append(own)
    return shared


def _describe_deal(deal_id: str, members: list, at_place: list, agreed: list, later: list) -> tuple[dict, list[dict], list[dict]]:
    tellings = list_tellings(_keep_sharp(members))
    day, differs = combine_tellings(tellings)
    low = day.earliest if day.earliest is not None else day.latest - TERM_DAYS
    after = [e for e in at_place if low <= e.high <= day.latest + FOLLOW_DAYS]
    terms = []
    for kind, own in sorted(group_events(agreed, "type").items()):
        renewed = min([start for start, kinds in later if kind in kinds], default=None)
        before = after if renewed is None else [e for e in after if e.high < max(renewed, day.latest + 1)]
        terms.append(_describe_term(deal_id, kind, own, before, (day.earliest, day.latest)))
    if later:
        after = [e for e in after if e.high < max(later[0][0], day.latest + 1)]
    outcome = _tell_outcome(day, after)
    row = {
        "deal_id": deal_id, "place_id": members[0].place_id, "place_name": members[0].place_name, "admin1": members[0].admin1,
        "parties": ";".join(sorted({p for e in members for p in f"{e.actor};{e.target}".split(";") if p})),
        "agreed_earliest": format_day(day.earliest), "agreed_latest": format_day(day.latest),
        "terms": ";".join(t["term"] for t in terms), "n_terms": len(terms),
        "n_carried_out": sum(t["status"] == "carried_out" for t in terms), **outcome,
        **list_evidence(members),
    }  # fmt: skip
    conflicts = (
        describe_disagreement(deal_id, "agreed", [t for t in tellings if t.earliest is not None]) if differs else []
    )
    return row, terms, conflicts


def _describe_term(deal_id: str, kind: str, own: list, after: list, agreed: tuple) -> dict:
    opening = agreed[0] if agreed[0] is not None else agreed[1]

    def fits(event) -> bool:
        if event.low is None:
            return event.high >= agreed[1] and kind not in WITHOUT_DEAL_TOO
        return event.low >= opening or event.low >= opening - SHARP_DAYS and event.high >= agreed[1]

    done = [e for e in after if e.type == kind and e.modality == "actual" and fits(e)]
    refused = any(e.type == kind and e.modality == "denied" for e in after)
    status = "carried_out" if done else "refused" if refused else "unknown"
    last = min((e.high for e in done), default=None)
    first = min((e.low for e in done if e.low is not None and e.low >= opening), default=None)
    if first is not None and last < first:
        first = None
    low = max(0, first - agreed[1]) if first is not None else 0
    high = last - agreed[0] if last is not None and agreed[0] is not None else ""
    return {
        "deal_id": deal_id, "place_id": own[0].place_id, "term": kind, "status": status,
        "carried_out_earliest": format_day(first), "carried_out_latest": format_day(last),
        "days_to_carry_out_min": low if done else "", "days_to_carry_out_max": high if done else "",
        "term_event_ids": join_ids(e.event_id for e in own), "carried_out_event_ids": join_ids(e.event_id for e in done),
    }  # fmt: skip


def _tell_outcome(day: Bounds, after: list) -> dict:
    """Tell what was reported of the place in the twelve months after; ``unknown`` where nothing was."""
    actual = [e for e in after if e.modality == "actual"]
    kinds = {e.type for e in actual if e.low is not None and e.low > day.latest}
    opening = day.earliest if day.earliest is not None else day.latest - SHARP_DAYS
    broken = any(
        e.high > day.latest if e.low is None else e.low >= opening and e.high >= day.latest
        for e in actual if e.type == "deal_broken"
    )  # fmt: skip
    done = any(e.type == "deal_carried_out" and e.high >= day.latest for e in actual)
    siege, storm, arrests = (kind in kinds for kind in ("siege_imposed", "storming", "arrest"))
    outcome = ("collapsed" if broken else "stormed" if storm else "renewed_siege" if siege else "re_arrests" if arrests
               else "carried_out" if done else "unknown")  # fmt: skip
    return {"broken": broken, "followed_by_siege": siege, "followed_by_storming": storm, "followed_by_arrests": arrests,
            "carried_out": done, "outcome_12_months": outcome}  # fmt: skip
