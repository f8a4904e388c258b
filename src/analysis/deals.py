"""Events of several reports -> deals: parties, terms, which of these were carried out, and what followed."""

from __future__ import annotations

import pandas as pd

from analysis.bounds import combine_tellings, describe_disagreement, join_ids, list_tellings
from analysis.dates import format_day

SAME_DEAL_DAYS = 21
TERM_DAYS = 45
FOLLOW_DAYS = 365
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
    ``agreed`` events of the place told in the same reports or within 45 days; a term is ``carried_out`` when an
    ``actual`` event of its type follows within a year, ``refused`` when a ``denied`` one does, else ``unknown``.

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
        for number, members in enumerate(groups, 1):
            upper = int(groups[number].high.min()) if number < len(groups) else None
            deal, own_terms, differing = _describe_deal(f"deal-{place_id}-{number}", members, at_place, upper)
            deals.append(deal)
            terms += own_terms
            conflicts += differing
    return pd.DataFrame(deals, columns=DEAL_COLUMNS), pd.DataFrame(terms, columns=TERM_COLUMNS), pd.DataFrame(conflicts)


def _split_deals(own: pd.DataFrame) -> list[pd.DataFrame]:
    """Split one place's tellings of deals: those with a first day make the groups, the others join the nearest before."""
    dated = own[own.low.notna()].sort_values(["low", "high", "event_id"])
    groups: list[list] = []
    reach = None
    for event in dated.itertuples():
        if reach is None or event.low - reach > SAME_DEAL_DAYS:
            groups.append([])
        groups[-1].append(event)
        reach = max(event.high, reach) if reach is not None and len(groups[-1]) > 1 else event.high
    for event in own[own.low.isna()].sort_values(["high", "event_id"]).itertuples():
        fit = [g for g in groups if min(e.low if not pd.isna(e.low) else e.high for e in g) <= event.high
               and event.high - max(e.high for e in g) <= SAME_DEAL_DAYS]  # fmt: skip
        if fit:
            fit[-1].append(event)
        else:
            groups.append([event])
    groups.sort(key=lambda g: (min(e.high for e in g), g[0].event_id))
    return [own.loc[[e.Index for e in g]] for g in groups]


def _describe_deal(deal_id: str, members: pd.DataFrame, at_place: pd.DataFrame, upper: int | None):
    tellings = list_tellings(members)
    day, differs = combine_tellings(tellings)
    low = day.earliest if day.earliest is not None else day.latest - TERM_DAYS
    agreed = at_place[(at_place.modality == "agreed") & at_place.type.isin(TERM_TYPES)]
    agreed = agreed[agreed.report_id.isin(members.report_id) & (agreed.high >= low - 3) & (agreed.high <= day.latest + TERM_DAYS)
                    | (agreed.high >= low) & (agreed.high <= day.latest + TERM_DAYS)]  # fmt: skip
    if upper is not None and upper > day.latest:
        agreed = agreed[(agreed.high < upper) | agreed.report_id.isin(members.report_id)]
    after = at_place[(at_place.high >= low) & (at_place.high <= day.latest + FOLLOW_DAYS)]
    terms = [_describe_term(deal_id, kind, own, after, (day.earliest, day.latest)) for kind, own in agreed.groupby("type", sort=True)]
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
    conflicts = describe_disagreement(deal_id, "agreed", [t for t in tellings if t.earliest is not None]) if differs else []
    return row, terms, conflicts


def _describe_term(deal_id: str, kind: str, own: pd.DataFrame, after: pd.DataFrame, agreed: tuple) -> dict:
    done = after[(after.type == kind) & (after.modality == "actual")]
    if agreed[0] is not None:
        done = done[done.low.isna() & (done.high >= agreed[1]) | (done.low >= agreed[0])]
    else:
        done = done[done.high >= agreed[1]]
    refused = after[(after.type == kind) & (after.modality == "denied")]
    day, _ = combine_tellings(list_tellings(done.sort_values("high").head(1)))
    status = "carried_out" if len(done) else "refused" if len(refused) else "unknown"
    low = max(0, day.earliest - agreed[1]) if day.earliest is not None else 0
    high = day.latest - agreed[0] if day.latest is not None and agreed[0] is not None else ""
    return {
        "deal_id": deal_id, "place_id": own.place_id.iloc[0], "term": kind, "status": status,
        "carried_out_earliest": format_day(day.earliest), "carried_out_latest": format_day(day.latest),
        "days_to_carry_out_min": low if len(done) else "", "days_to_carry_out_max": high if len(done) else "",
        "term_event_ids": join_ids(sorted(own.event_id)), "carried_out_event_ids": join_ids(sorted(done.event_id)),
    }  # fmt: skip


def _tell_outcome(day, after: pd.DataFrame) -> dict:
    """Tell what was reported of the place in the twelve months after; ``unknown`` where nothing was."""
    since = after[(after.modality == "actual") & (after.low > day.latest).fillna(False)]
    kinds = set(since.type)
    broken = bool(((after.type == "deal_broken") & (after.modality == "actual") & (after.high >= day.latest)).any())
    done = bool(((after.type == "deal_carried_out") & (after.modality == "actual") & (after.high >= day.latest)).any())
    siege, storm = bool(kinds & {"siege_imposed"}), "storming" in kinds
    arrests = "arrest" in kinds
    outcome = ("collapsed" if broken else "stormed" if storm else "renewed_siege" if siege else "re_arrests" if arrests
               else "carried_out" if done else "unknown")  # fmt: skip
    return {"broken": broken, "followed_by_siege": siege, "followed_by_storming": storm, "followed_by_arrests": arrests,
            "carried_out": done, "outcome_12_months": outcome}  # fmt: skip
