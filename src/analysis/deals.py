"""Events of several reports -> deals: parties, terms, which of these were carried out, and what followed."""

from __future__ import annotations

import pandas as pd

from analysis.bounds import combine_tellings, describe_disagreement, join_ids, list_tellings
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
    told = events[(events.place_id != "") & events.high.notna()]
    struck = told[(told.type == "deal_agreed") & (told.modality == "actual")]
    deals, terms, conflicts = [], [], []
    for place_id, own in struck.groupby("place_id", sort=True):
        at_place = told[told.place_id == place_id]
        groups = _split_deals(own)
        starts = [_find_start(members) for members in groups]
        agreed = _share_terms(groups, at_place)
        for number, members in enumerate(groups):
            later = [(day, set(a.type)) for day, a in zip(starts[number + 1 :], agreed[number + 1 :], strict=True)]
            deal, own_terms, differing = _describe_deal(
                f"deal-{place_id}-{number + 1}", members, at_place, agreed[number], later
            )
            deals.append(deal)
            terms += own_terms
            conflicts += differing
    return pd.DataFrame(deals, columns=DEAL_COLUMNS), pd.DataFrame(terms, columns=TERM_COLUMNS), pd.DataFrame(conflicts)


def _split_deals(own: pd.DataFrame) -> list[pd.DataFrame]:
    """Split one place's tellings of deals into deals.

    Tellings that name a day or a month make the groups; a wider one ("in 2014") joins a group that it allows, one
    without a first day the nearest group before it; what fits none stands alone.
    """
    dated = own[own.low.notna()].sort_values(["low", "high", "event_id"])
    wide = dated.high - dated.low > SHARP_DAYS
    groups: list[list] = []
    reach = None
    for event in dated[~wide].itertuples():
        if reach is None or event.low - reach > SAME_DEAL_DAYS:
            groups.append([])
        groups[-1].append(event)
        reach = max(event.high, reach) if reach is not None and len(groups[-1]) > 1 else event.high
    for event in dated[wide].itertuples():
        _join_or_begin(groups, event, [g for g in groups if event.low <= g[0].high and g[0].low <= event.high])
    for event in own[own.low.isna()].sort_values(["high", "event_id"]).itertuples():
        fit = [g for g in groups if min(e.low if not pd.isna(e.low) else e.high for e in g) <= event.high
               and event.high - max(e.high for e in g) <= SAME_DEAL_DAYS]  # fmt: skip
        _join_or_begin(groups, event, fit)
    groups.sort(key=lambda g: (min(e.high for e in g), g[0].event_id))
    return [own.loc[[e.Index for e in g]] for g in groups]


def _join_or_begin(groups: list[list], event, fit: list[list]) -> None:
    if fit:
        fit[-1].append(event)
    else:
        groups.append([event])


def _keep_sharp(members: pd.DataFrame) -> pd.DataFrame:
    """Leave out tellings of a span of months where others name a day or a month within it."""
    sharp = members[members.low.isna() | (members.high - members.low <= SHARP_DAYS)]
    return sharp if sharp.low.notna().any() else members


def _find_start(members: pd.DataFrame) -> int:
    """Find the first day on which a deal can have been struck; its last day where no first is told."""
    day, _ = combine_tellings(list_tellings(_keep_sharp(members)))
    return day.earliest if day.earliest is not None else day.latest


def _share_terms(groups: list[pd.DataFrame], at_place: pd.DataFrame) -> list[pd.DataFrame]:
    """Give each deal of a place the events that agree its terms, none to two deals."""
    agreed = at_place[(at_place.modality == "agreed") & at_place.type.isin(TERM_TYPES)]
    shared = []
    for number, members in enumerate(groups):
        day, _ = combine_tellings(list_tellings(_keep_sharp(members)))
        low = day.earliest if day.earliest is not None else day.latest - TERM_DAYS
        inside = agreed.report_id.isin(members.report_id)
        own = agreed[(agreed.high >= low - 3 * inside) & (agreed.high <= day.latest + TERM_DAYS)]
        upper = int(groups[number + 1].high.min()) if number + 1 < len(groups) else None
        if upper is not None and upper > day.latest:
            own = own[(own.high < upper) | own.report_id.isin(members.report_id)]
        agreed = agreed.drop(own.index)
        shared.append(own)
    return shared


def _describe_deal(deal_id: str, members: pd.DataFrame, at_place: pd.DataFrame, agreed: pd.DataFrame, later: list):
    tellings = list_tellings(_keep_sharp(members))
    day, differs = combine_tellings(tellings)
    low = day.earliest if day.earliest is not None else day.latest - TERM_DAYS
    after = at_place[(at_place.high >= low) & (at_place.high <= day.latest + FOLLOW_DAYS)]
    terms = []
    for kind, own in agreed.groupby("type", sort=True):
        renewed = min([start for start, kinds in later if kind in kinds], default=None)
        before = after if renewed is None else after[after.high < max(renewed, day.latest + 1)]
        terms.append(_describe_term(deal_id, kind, own, before, (day.earliest, day.latest)))
    if later:
        after = after[after.high < max(later[0][0], day.latest + 1)]
    outcome = _tell_outcome(day, after)
    row = {
        "deal_id": deal_id, "place_id": members.place_id.iloc[0], "place_name": members.place_name.iloc[0],
        "admin1": members.admin1.iloc[0],
        "parties": ";".join(sorted({p for v in [*members.actor, *members.target] for p in v.split(";") if p})),
        "agreed_earliest": format_day(day.earliest), "agreed_latest": format_day(day.latest),
        "terms": ";".join(t["term"] for t in terms), "n_terms": len(terms),
        "n_carried_out": sum(t["status"] == "carried_out" for t in terms), **outcome,
        "n_reports": members.report_id.nunique(), "n_sources": members.source.nunique(),
        "report_ids": join_ids(sorted(members.report_id)), "event_ids": join_ids(sorted(members.event_id)),
    }  # fmt: skip
    conflicts = (
        describe_disagreement(deal_id, "agreed", [t for t in tellings if t.earliest is not None]) if differs else []
    )
    return row, terms, conflicts


def _describe_term(deal_id: str, kind: str, own: pd.DataFrame, after: pd.DataFrame, agreed: tuple) -> dict:
    done = after[(after.type == kind) & (after.modality == "actual")]
    opening = agreed[0] if agreed[0] is not None else agreed[1]
    told = done.low.isna() & (done.high >= agreed[1]) & (kind not in WITHOUT_DEAL_TOO)
    done = done[
        told
        | (done.low >= opening).fillna(False)
        | (done.low >= opening - SHARP_DAYS).fillna(False) & (done.high >= agreed[1])
    ]
    refused = after[(after.type == kind) & (after.modality == "denied")]
    status = "carried_out" if len(done) else "refused" if len(refused) else "unknown"
    last = None if done.empty else int(done.high.min())
    inside = done.low[(done.low >= opening).fillna(False)] if len(done) else done.low
    first = int(inside.min()) if len(inside) and last >= inside.min() else None
    low = max(0, first - agreed[1]) if first is not None else 0
    high = last - agreed[0] if last is not None and agreed[0] is not None else ""
    return {
        "deal_id": deal_id, "place_id": own.place_id.iloc[0], "term": kind, "status": status,
        "carried_out_earliest": format_day(first), "carried_out_latest": format_day(last),
        "days_to_carry_out_min": low if len(done) else "", "days_to_carry_out_max": high if len(done) else "",
        "term_event_ids": join_ids(sorted(own.event_id)), "carried_out_event_ids": join_ids(sorted(done.event_id)),
    }  # fmt: skip


def _tell_outcome(day, after: pd.DataFrame) -> dict:
    """Tell what was reported of the place in the twelve months after; ``unknown`` where nothing was."""
    since = after[(after.modality == "actual") & (after.low > day.latest).fillna(False)]
    kinds = set(since.type)
    breach = after[(after.type == "deal_broken") & (after.modality == "actual")]
    opening = day.earliest if day.earliest is not None else day.latest - SHARP_DAYS
    dated = (breach.low >= opening).fillna(False) & (breach.high >= day.latest)
    broken = bool((dated | breach.low.isna() & (breach.high > day.latest)).any())
    done = bool(((after.type == "deal_carried_out") & (after.modality == "actual") & (after.high >= day.latest)).any())
    siege, storm = bool(kinds & {"siege_imposed"}), "storming" in kinds
    arrests = "arrest" in kinds
    outcome = ("collapsed" if broken else "stormed" if storm else "renewed_siege" if siege else "re_arrests" if arrests
               else "carried_out" if done else "unknown")  # fmt: skip
    return {"broken": broken, "followed_by_siege": siege, "followed_by_storming": storm, "followed_by_arrests": arrests,
            "carried_out": done, "outcome_12_months": outcome}  # fmt: skip
