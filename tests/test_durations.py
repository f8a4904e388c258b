"""Bands, rows at risk, log-rank tests and competing ends, against published numbers, R and what must hold by logic."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.durations import (
    at_risk,
    bootstrap_npmle,
    check_same_durations,
    fit_incidence,
    fit_npmle,
    score_durations,
)

ORACLES = Path(__file__).parent / "oracles"
MIN, MAX = "duration_days_min", "duration_days_max"
INF = np.inf


# --- band and rows at risk --------------------------------------------------------------------------------------


def test_band_holds_the_curve_and_repeats(sieges):
    grid = np.arange(0, 400, 20)
    before = sieges.copy()
    band, again = (bootstrap_npmle(sieges, grid, draws=100, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(band, again)
    pd.testing.assert_frame_equal(sieges, before)
    assert (band["band_low"] <= band["survival_lower"]).all() and (band["survival_upper"] <= band["band_high"]).all()
    assert not band.equals(bootstrap_npmle(sieges, grid, draws=100, seed=6))


def test_towns_are_drawn_whole():
    days = np.arange(10.0, 110, 10)
    once = pd.DataFrame({MIN: days, MAX: days + 15, "place_id": "one town"})
    band = bootstrap_npmle(once, np.arange(0, 160, 10), draws=20)
    assert (band["band_low"] == band["survival_lower"]).all() and (band["band_high"] == band["survival_upper"]).all()
    rows = bootstrap_npmle(once, np.arange(0, 160, 10), cluster=None, draws=20)
    assert (rows["band_low"] < rows["survival_lower"]).any()
    # Two towns, one with short spells, one with long: a quarter of the draws each has the one or the other alone.
    days = np.repeat([10.0, 100.0], 5)
    two = bootstrap_npmle(pd.DataFrame({MIN: days, MAX: days, "place_id": days}), [50], draws=100)
    assert two[["band_low", "survival_lower", "band_high"]].iloc[0].tolist() == [0, 0.5, 1]


def test_rows_at_risk_are_counted_by_what_is_known():
    spells = pd.DataFrame({MIN: [5, 0, 10, 3, 30], MAX: [5, 8, INF, INF, 40], "entry_days": [0, 0, 0, 0, 20]})
    table = at_risk(spells, [4, 5, 8, 10, 25, 35])
    expected = {
        "at_risk_certain": [2, 1, 1, 1, 1, 0],
        "at_risk_possible": [1, 1, 0, 0, 0, 1],
        "ended": [0, 1, 2, 2, 2, 2],
        "censored": [1, 1, 1, 1, 2, 2],
        "not_entered": [1, 1, 1, 1, 0, 0],
    }
    assert table.set_index("day").to_dict("list") == expected


# --- group test -------------------------------------------------------------------------------------------------


def test_log_rank_is_that_published(cosmesis):
    # Fay and Shaw 2010, Finkelstein's score for RadChem and its permutation Z.
    result = check_same_durations(cosmesis, "treatment", cluster=None)
    assert result.scores["score"].to_numpy() == pytest.approx([-9.944182, 9.944182], abs=5e-7)
    assert result.statistic**0.5 == pytest.approx(2.6839, abs=5e-5)
    assert result.p_value == pytest.approx(0.0073, abs=4 * np.sqrt(0.0073 / 4999))  # two-sided normal p of that Z
    assert (result.permuted, result.n, result.scores["n"].tolist()) == ("rows", 94, [46, 48])


def test_scores_sum_to_zero(sieges):
    assert score_durations(sieges[MIN], sieges[MAX]).sum() == pytest.approx(0, abs=1e-8)


def test_towns_are_permuted_where_groups_do_not_vary_within_them(sieges):
    town_group = sieges.assign(west=sieges["place_id"] < "town16")
    by_town = check_same_durations(town_group, "west", permutations=199)
    assert by_town.permuted == "towns" and by_town.scores["n_units"].sum() == sieges["place_id"].nunique()
    assert check_same_durations(sieges, "besieger", permutations=199).permuted == "rows"


@pytest.mark.parametrize("group, cluster", [("besieger", None), ("west", "place_id")])
def test_log_rank_does_not_depend_on_the_order_of_rows(sieges, group, cluster):
    spells = sieges.assign(west=sieges["place_id"] < "town16")
    expected = check_same_durations(spells, group, cluster, permutations=299)
    result = check_same_durations(spells.sample(frac=1, random_state=3), group, cluster, permutations=299)
    assert result.statistic == pytest.approx(expected.statistic, abs=1e-8)
    assert result.p_value == pytest.approx(expected.p_value, abs=1e-12)


def test_town_permutation_keeps_its_level():
    # No group effect, but towns differ: 5 % of p-values may lie below 5 %, also when rows of a town are alike.
    rng, rejected = np.random.default_rng(11), 0
    for run in range(200):
        town = np.repeat(np.arange(16), 4)
        true = np.exp(5 + rng.normal(0, 0.7, 16)[town] + rng.normal(0, 0.5, 64))
        lo = np.floor(true / 20) * 20
        spells = pd.DataFrame({MIN: lo, MAX: lo + 20, "place_id": town, "group": town % 2})
        rejected += check_same_durations(spells, "group", permutations=199, seed=run).p_value <= 0.05
    assert abs(rejected / 200 - 0.05) <= 4 * np.sqrt(0.05 * 0.95 / 200)


# --- competing ends ---------------------------------------------------------------------------------------------


def test_incidence_equals_aalen_johansen_on_exact_days():
    rows = pd.read_csv(ORACLES / "incidence_rows.csv", keep_default_na=False)
    expected = pd.read_csv(ORACLES / "incidence.csv")
    fit = fit_incidence(rows["day"], np.where(rows["cause"] == "", INF, rows["day"]), rows["cause"])
    table = fit.table_incidence(expected["day"].to_numpy())
    for cause in ("deal", "other"):
        part = table[table["cause"] == cause]
        np.testing.assert_allclose(part["incidence_lower"], expected[cause], atol=1e-9)
        np.testing.assert_allclose(part["incidence_upper"], expected[cause], atol=1e-9)


def test_one_cause_gives_the_duration_curve(sieges):
    lo, hi = sieges[MIN].to_numpy(), sieges[MAX].to_numpy()
    curve, ends = fit_npmle(lo, hi), fit_incidence(lo, hi, np.where(np.isinf(hi), "", "end"))
    days = np.arange(0, 600, 7.0)
    lower, upper = curve.survival_bounds(days)
    table = ends.table_incidence(days)
    np.testing.assert_allclose(1 - table["incidence_upper"], lower, atol=1e-6)
    np.testing.assert_allclose(1 - table["incidence_lower"], upper, atol=1e-6)
    assert ends.log_likelihood == pytest.approx(curve.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("unknown", ["unknown", None])
def test_incidences_and_survival_sum_to_one(sieges, unknown):
    fit = fit_incidence(sieges[MIN], sieges[MAX], sieges["how_ended"], unknown=unknown)
    assert fit.masses["mass"].sum() == pytest.approx(1, abs=1e-12) and fit.kkt_gap < 1e-8
    table = fit.table_incidence(np.array([1e6]))
    running = fit.masses.loc[fit.masses["cause"] == "", "mass"].sum()
    assert table["incidence_lower"].sum() + running == pytest.approx(1, abs=1e-12)
    assert ("unknown" in set(table["cause"])) == (unknown is None)


def test_unknown_manners_follow_the_known_where_nothing_else_speaks():
    lo = hi = np.array([1, 2, 3, 4, 9.0])
    fit = fit_incidence(lo, hi, ["deal", "deal", "deal", "storming", "unknown"])
    last = fit.masses[fit.masses["left"] == 9].set_index("cause")["mass"]
    assert last.to_dict() == pytest.approx({"deal": 0.15, "storming": 0.05}, abs=1e-9)


def test_incidence_does_not_depend_on_the_order_of_rows(sieges):
    shuffled = sieges.sample(frac=1, random_state=1)
    days = np.arange(0, 500, 10.0)
    first, second = (
        fit_incidence(table[MIN], table[MAX], table["how_ended"]).table_incidence(days) for table in (sieges, shuffled)
    )
    pd.testing.assert_frame_equal(first, second, atol=1e-6)


# --- what cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, message",
    [
        ({MIN: [1, 500.0]}, f"{MIN} is above {MAX} in row b"),
        ({"place_id": ["x", None]}, "place_id is missing in row b"),
    ],
)
def test_impossible_spells_are_named_by_column_and_row(change, message):
    spells = pd.DataFrame({MIN: [1, 2.0], MAX: [3, 4.0], "place_id": ["x", "y"]}, index=["a", "b"])
    with pytest.raises(ValueError, match=message):
        bootstrap_npmle(spells.assign(**change), [1], draws=2)
    with pytest.raises(ValueError, match="there is no column duration_days_min"):
        at_risk(spells.drop(columns=MIN), [1])


@pytest.mark.parametrize(
    "cause, message",
    [
        (["deal", "deal"], "given at a censored row in row 1"),
        (["", ""], "blank at an end in row 0"),
        (["unknown", ""], "no end has a known cause"),
        (["deal"], "one value per row"),
    ],
)
def test_impossible_causes_are_named(cause, message):
    with pytest.raises(ValueError, match=message):
        fit_incidence([0, 1], [2, INF], cause)


def test_one_group_is_refused(sieges):
    with pytest.raises(ValueError, match="one group only"):
        check_same_durations(sieges.assign(country="Syria"), "country")
