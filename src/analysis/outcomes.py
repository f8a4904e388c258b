"""What became of deals: shares, odds and exact tests with their n, and lethal events near the town before and after."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from firthmodels import FirthLogisticRegression
from scipy.stats import MonteCarloMethod, fisher_exact
from statsmodels.stats.proportion import proportion_confint

from .durations import check_columns
from .regression import build_design

EARTH_RADIUS_KM = 6371.0088
GED_FIRST, GED_LAST = pd.Timestamp("2016-01-01"), pd.Timestamp("2019-12-31")
GED_COLUMNS = ["latitude", "longitude", "date_start", "date_end", "where_prec", "best"]
DEAL_COLUMNS = ["lat", "lon", "earliest", "latest"]


def table_proportions(table, group, outcome):
    """Return, for each group, how often the outcome was true, with a 95 % Jeffreys interval.

    Parameters
    ----------
    table : one row a deal or a term; `outcome` is true, false or missing (unknown).

    Returns
    -------
    DataFrame
        One row a group: n (outcome known), n_unknown, k (true), share, low, high. Unknown rows are counted, never
        guessed; a group of unknown rows alone has a blank share.

    Examples
    --------
    >>> deals = pd.DataFrame({"besieger": ["army", "army"], "held": [True, None]})
    >>> table_proportions(deals, "besieger", "held")[["n", "n_unknown", "k", "share"]].values.tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    """
    check_columns(table, [group], complete=True)
    truth = _read_truth(table, outcome)
    counts = pd.DataFrame({group: table[group], "known": truth.notna(), "true": truth.fillna(0)}).groupby(group)
    n, k, rows = counts["known"].sum().astype(int), counts["true"].sum().astype(int), counts.size()
    low, high = proportion_confint(k, n.where(n > 0), method="jeffreys")
    result = {"n": n, "n_unknown": rows - n, "k": k, "share": k / n, "low": low, "high": high}
    return pd.DataFrame(result).reset_index()


def _read_truth(table, outcome):
    """Return an outcome as 1, 0 or missing."""
    check_columns(table, [outcome])
    truth = pd.to_numeric(table[outcome].astype(object), errors="coerce")
    wrong = table[outcome].notna() & ~truth.isin([0, 1])
    if wrong.any():
        raise ValueError(
            f"{outcome} is {table[outcome][wrong].iloc[0]}, not true or false, in row {table.index[wrong][0]}"
        )
    return truth.astype(float)


def fit_firth(table, outcome, covariates):
    """Fit a logistic regression with Firth's penalty, which stays finite in small and separated tables.

    Parameters
    ----------
    table : one row a deal, with no value missing; `outcome` is true or false.
    covariates : columns; numbers and booleans are used as they are, text as one 0/1 term a level but the first.

    Returns
    -------
    DataFrame
        One row a term, the intercept first: coefficient, odds_ratio, 95 % profile-likelihood limits of the odds ratio
        (odds_ratio_low, odds_ratio_high), p_value (penalised likelihood ratio), n and n_events.

    Raises
    ------
    ValueError
        Naming the column and the row that is missing or cannot be used.

    Source: Firth, Biometrika 1993; Heinze and Schemper, Statistics in Medicine 2002.
    """
    check_columns(table, [outcome, *covariates], complete=True)
    truth = _read_truth(table, outcome).astype(int)
    if truth.nunique() < 2:
        raise ValueError(f"{outcome} never varies")
    design = build_design(table, covariates)
    if design.shape[1] < 2:
        raise ValueError("covariates: at least one is needed")
    values = design.to_numpy()[:, 1:]
    # Tighter tolerances end in step halving at the last digits, and then the library gives no p-value.
    model = FirthLogisticRegression(backend="numpy", max_iter=500, gtol=1e-6, xtol=1e-6).fit(values, truth)
    if not model.converged_:
        raise RuntimeError("the Firth model did not converge")
    limits = model.lrt().conf_int(method="pl", max_iter=500, tol=1e-7)
    order = np.roll(np.arange(design.shape[1]), 1)  # the library puts the intercept last
    coefficient = np.append(model.coef_, model.intercept_)[order]
    return pd.DataFrame(
        {"term": design.columns, "coefficient": coefficient, "odds_ratio": np.exp(coefficient)}
        | {"odds_ratio_low": np.exp(limits[order, 0]), "odds_ratio_high": np.exp(limits[order, 1])}
        | {"p_value": model.lrt_pvalues_[order], "n": len(truth), "n_events": int(truth.sum())}
    )


@dataclass(frozen=True, eq=False)
class Independence:
    """Fisher's exact test of two columns: their counts, the p-value, the rows used and how it was computed."""

    counts: pd.DataFrame
    p_value: float
    n: int
    method: str


def check_independence(table, row, column, seed=0, resamples=9999):
    """Test whether two columns are independent, by Fisher's exact test.

    Two by two the p-value is exact; a larger table is compared with `resamples` random tables of the same margins.
    """
    check_columns(table, [row, column], complete=True)
    counts = pd.crosstab(table[row], table[column])
    if min(counts.shape) < 2:
        raise ValueError(f"{row if counts.shape[0] < 2 else column} has one value only")
    small = counts.shape == (2, 2)
    method = None if small else MonteCarloMethod(n_resamples=resamples, rng=np.random.default_rng(seed))
    p_value = float(fisher_exact(counts.to_numpy(), method=method).pvalue)
    return Independence(
        counts, p_value, int(counts.to_numpy().sum()), "exact" if small else f"{resamples} random tables"
    )


def measure_distance(lat, lon, latitudes, longitudes):
    """Return great-circle distances in km (haversine) from one point to many, all in degrees."""
    lat, lon, latitudes, longitudes = (
        np.radians(np.asarray(x, dtype=float)) for x in (lat, lon, latitudes, longitudes)
    )
    chord = np.sin((latitudes - lat) / 2) ** 2 + np.cos(lat) * np.cos(latitudes) * np.sin((longitudes - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))


def count_nearby_events(events, deals, radius_km=5.0, days=180):
    """Count the lethal events near each deal's place in the days before and after it.

    Parameters
    ----------
    events : UCDP GED, one row an event: latitude, longitude, date_start, date_end, where_prec, best (deaths).
    deals : one row a deal (or placebo): lat, lon (degrees) and earliest, latest (the days between which it was agreed).

    Returns
    -------
    DataFrame
        The deals with is_covered and before_min, before_max, after_min, after_max (events) and the same for deaths_.
        The minimum counts events that lie in the window on whichever day the deal and the event fell, and whose
        place is exact (where_prec 1); the maximum those that may lie in it, and whose place is near (where_prec 2).
        Events placed by district or wider are left out. The day of the deal counts to neither side. Where a window
        leaves 2016-2019, is_covered is False and the counts are blank.
    """
    check_columns(events, GED_COLUMNS, complete=True)
    check_columns(deals, DEAL_COLUMNS, complete=True)
    lethal = events[(events["best"] > 0) & (events["where_prec"] <= 2)]
    lethal = lethal.assign(**{day: pd.to_datetime(lethal[day]) for day in ("date_start", "date_end")})
    dates = deals.assign(**{day: pd.to_datetime(deals[day]) for day in ("earliest", "latest")})
    if (dates["earliest"] > dates["latest"]).any():
        raise ValueError(f"earliest is after latest in row {dates.index[dates['earliest'] > dates['latest']][0]}")
    reach = pd.Timedelta(days=days)
    covered = (dates["earliest"] - reach >= GED_FIRST) & (dates["latest"] + reach <= GED_LAST)
    counts = pd.DataFrame([_count_around(lethal, deal, radius_km, reach) for deal in dates.itertuples()], deals.index)
    counts = counts.astype("Int64").where(covered)
    return deals.assign(is_covered=covered, **{name: counts[name].array for name in counts})


def _count_around(lethal, deal, radius_km, reach):
    """Count events and deaths before and after one deal, at least and at most."""
    band = lethal[(lethal["latitude"] - deal.lat).abs() <= radius_km / 111]  # a degree is 111.2 km; only for speed
    near = band[measure_distance(deal.lat, deal.lon, band["latitude"], band["longitude"]) <= radius_km]
    first, last, day = near["date_start"], near["date_end"], pd.Timedelta(days=1)
    exact = near["where_prec"] == 1
    chosen = {
        "before_min": exact & (first >= deal.latest - reach) & (last <= deal.earliest - day),
        "before_max": (last >= deal.earliest - reach) & (first <= deal.latest - day),
        "after_min": exact & (first >= deal.latest + day) & (last <= deal.earliest + reach),
        "after_max": (last >= deal.earliest + day) & (first <= deal.latest + reach),
    }
    events = {name: int(rows.sum()) for name, rows in chosen.items()}
    return events | {f"deaths_{name}": int(near["best"][rows].sum()) for name, rows in chosen.items()}


def build_placebos(deals, places, seed=0, n=100, days=180):
    """Build placebo deals: the same dates at towns without a deal, and the same towns at dates without one.

    Parameters
    ----------
    deals : one row a deal: place_id, lat, lon, earliest, latest and any other column, which is kept.
    places : one row a town that could have had a deal: place_id, lat, lon.
    n : placebos of each kind for each deal.

    Returns
    -------
    DataFrame
        The columns of `deals`, with placebo ("town" or "date") and draw (1 to n). Placebo dates keep the length of
        the deal's date range, lie more than `days` from every deal of the town and leave their windows within
        2016-2019; a deal whose town has no such day has no placebo date.
    """
    check_columns(deals, ["place_id", *DEAL_COLUMNS], complete=True)
    check_columns(places, ["place_id", "lat", "lon"], complete=True)
    others = places[~places["place_id"].isin(deals["place_id"])]
    if others.empty:
        raise ValueError("place_id: every place has a deal, none is left for placebo towns")
    rng = np.random.default_rng(seed)
    deals = deals.assign(**{day: pd.to_datetime(deals[day]) for day in ("earliest", "latest")})
    copies = deals.iloc[np.repeat(np.arange(len(deals)), n)].assign(draw=np.tile(np.arange(1, n + 1), len(deals)))
    drawn = others.iloc[rng.integers(len(others), size=len(copies))]
    towns = copies.assign(placebo="town", **{name: drawn[name].to_numpy() for name in ("place_id", "lat", "lon")})
    shifts = [
        _draw_shifts(deal, deals[deals["place_id"] == deal.place_id], n, days, rng) for deal in deals.itertuples()
    ]
    shift = pd.to_timedelta(np.concatenate(shifts), unit="D")
    dates = copies.assign(placebo="date", earliest=copies["earliest"] + shift, latest=copies["latest"] + shift)
    return pd.concat([towns, dates[dates["earliest"].notna()]], ignore_index=True)


def _draw_shifts(deal, of_town, n, days, rng):
    """Draw by how many days to move a deal to a day far from every deal of its town; NaN if there is none."""
    reach, length = pd.Timedelta(days=days), deal.latest - deal.earliest
    starts = pd.date_range(GED_FIRST + reach, GED_LAST - reach - length)
    free = np.ones(starts.size, dtype=bool)
    for other in of_town.itertuples():
        free &= (starts > other.latest + reach) | (starts + length < other.earliest - reach)
    if not free.any():
        return np.full(n, np.nan)
    return ((rng.choice(starts[free], n) - deal.earliest.to_datetime64()) / np.timedelta64(1, "D")).astype(float)
