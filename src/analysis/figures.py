"""Draw the paper's figures on given axes, and save each as PDF, SVG and PNG with the table that it shows.

One meaning, one colour: ``COLOURS`` (Okabe-Ito). What is uncertain is drawn as uncertain: pale where a bound is open.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, VERMILLION, GREEN, PURPLE, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
AMBER, SKY, YELLOW, GREY = "#E69F00", "#56B4E9", "#F0E442", "#999999"
COLOURS = {
    "opposition": GREEN, "government": VERMILLION, "independent": BLUE, "wire": SKY, "ngo": PURPLE, "kurdish_led": AMBER,
    "deal_with_evacuation": VERMILLION, "deal": BLUE, "stormed": BLACK, "lifted": GREEN, "unknown": GREY, "censored": GREY,
    "carried_out": BLUE, "refused": VERMILLION, "collapsed": VERMILLION, "renewed_siege": AMBER, "re_arrests": PURPLE,
    "regime_forces": BLUE, "isis": BLACK, "other": GREY,
    "interval": BLUE, "midpoint": AMBER, "report_day": VERMILLION, "truth": BLACK,
}  # fmt: skip
WIDTH_ONE, WIDTH_TWO = 3.5, 7.0
FOLDER = Path("figures")


def use_style() -> None:
    """Set every visual default from ``paper.mplstyle``."""
    plt.style.use(Path(__file__).with_name("paper.mplstyle"))


def make_axes(height: float, width: float = WIDTH_TWO, **grid) -> tuple[Figure, Axes | np.ndarray]:
    """Make a figure of print size (inches) with its axes; several get panel letters."""
    figure, axes = plt.subplots(figsize=(width, height), **grid)
    if isinstance(axes, np.ndarray):
        for letter, axis in zip("ABCDEFGH", axes.flat, strict=False):
            axis.annotate(letter, (0, 1), (-22, 6), "axes fraction", "offset points", weight="bold", size=9)
    return figure, axes


def save_figure(figure: Figure, stem: str, table: pd.DataFrame, folder: Path = FOLDER) -> None:
    """Save a figure as PDF, SVG and 300-dpi PNG without dates, and the plotted table as CSV; bytes repeat."""
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(
        folder / f"{stem}.pdf", metadata={"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None}
    )
    figure.savefig(folder / f"{stem}.svg", metadata={"Date": None, "Creator": None})
    figure.savefig(folder / f"{stem}.png", dpi=300, metadata={"Software": None})
    table.to_csv(folder / f"{stem}.csv", index=False, lineterminator="\n")


def save_numbers(stem: str, numbers: dict, folder: Path = FOLDER) -> None:
    """Save a notebook's named values as JSON, for the paper's text and the README."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = {k: v.item() if hasattr(v, "item") else v for k, v in numbers.items()}
    (folder / f"{stem}.json").write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def save_latex(stem: str, table: pd.DataFrame, folder: Path = FOLDER) -> None:
    """Save a table for the paper as LaTeX, without styling of its own."""
    escape = str.maketrans({"_": r"\_", "%": r"\%", "&": r"\&"})
    rows = [[str(v).translate(escape) for v in r] for r in [table.columns, *table.to_numpy()]]
    body = [" & ".join(r) + r" \\" for r in rows]
    lines = [
        rf"\begin{{tabular}}{{{'l' * len(table.columns)}}}",
        r"\hline",
        body[0],
        r"\hline",
        *body[1:],
        r"\hline",
        r"\end{tabular}",
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.tex").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _years(days: pd.Series) -> np.ndarray:
    """Turn EDTF days into decimal years (days since 1 January over 365.25), three decimals."""
    stamps = pd.to_datetime(days.where(days != "", None))
    return np.round((stamps.dt.year + (stamps.dt.day_of_year - 1) / 365.25).to_numpy(float), 3)


def draw_map(axis: Axes, places: pd.DataFrame, background: pd.DataFrame, label_count: int = 12) -> Axes:
    """Draw the towns of the reports on the gazetteer's places.

    ``places``: place_name, lat, lon, n_events; the area of a dot grows with the number of events.
    """
    axis.scatter(background.lon, background.lat, s=1.2, color="#D8D8D8", linewidths=0, zorder=1)
    axis.scatter(
        places.lon,
        places.lat,
        s=2 + 160 * places.n_events / places.n_events.max(),
        color=BLUE,
        alpha=0.65,
        linewidths=0.4,
        edgecolor="white",
        zorder=2,
    )
    named: list[tuple[float, float]] = []
    for row in places.sort_values("n_events", ascending=False).itertuples():
        if len(named) >= label_count:
            break
        if all(abs(row.lat - y) > 0.16 or abs(row.lon - x) > 1.0 for x, y in named):
            axis.annotate(row.place_name, (row.lon, row.lat), (4, 2), textcoords="offset points", size=6.5, zorder=3)
            named.append((row.lon, row.lat))
    axis.set(xlabel="Longitude (°E)", ylabel="Latitude (°N)", aspect=1 / np.cos(np.radians(35)))
    return axis


def draw_stacks(axis: Axes, counts: pd.DataFrame, ylabel: str) -> Axes:
    """Draw stacked bars: one bar a row of ``counts``, one colour a column."""
    bottom, x = np.zeros(len(counts)), np.arange(len(counts))
    for name in counts.columns:
        axis.bar(
            x,
            counts[name],
            0.8,
            bottom,
            color=COLOURS.get(name, GREY),
            label=str(name).replace("_", " "),
            edgecolor="white",
            linewidth=0.3,
        )
        bottom += counts[name].to_numpy()
    axis.set_xticks(x, [str(i) for i in counts.index])
    axis.set_ylabel(ylabel)
    axis.legend(handlelength=1, labelspacing=0.3)
    return axis


def draw_spells(axis: Axes, spells: pd.DataFrame, colour: str = "end_manner") -> Axes:
    """Draw each siege as a bar: full where it was certainly in force, pale where begin or end is only bounded.

    ``spells``: place_name, start_earliest, start_latest, end_earliest, end_latest (EDTF, blank for open) and the column
    ``colour``. An arrow marks a siege still in force when last told of; a dotted edge a beginning of which nothing is told.
    """
    ends = {c: _years(spells[c]) for c in ("start_earliest", "start_latest", "end_earliest", "end_latest")}
    for y, row in enumerate(spells.itertuples()):
        first, sure, until, last = (ends[c][y] for c in ends)
        tone = COLOURS.get(getattr(row, colour) or "censored", GREY)
        until = until if not np.isnan(until) else sure
        axis.plot([sure, max(until, sure)], [y, y], color=tone, linewidth=3.2, solid_capstyle="butt", zorder=3)
        if not np.isnan(first):
            axis.plot([first, sure], [y, y], color=tone, linewidth=3.2, alpha=0.35, solid_capstyle="butt", zorder=2)
        else:
            axis.plot([sure - 0.25, sure], [y, y], color=tone, linewidth=0.9, linestyle=":", zorder=2)
        if np.isnan(last):
            axis.plot(max(until, sure) + 0.06, y, marker=">", markersize=3.2, color=tone, zorder=3)
        elif last > until:
            axis.plot([until, last], [y, y], color=tone, linewidth=3.2, alpha=0.35, solid_capstyle="butt", zorder=2)
        axis.plot(sure, y, marker="|", markersize=4, color=tone, zorder=4)
    axis.set_yticks(range(len(spells)), spells.place_name, size=6.5)
    axis.set_ylim(len(spells) - 0.4, -0.6)
    axis.set_xlabel("Year")
    return axis


def draw_manner_key(axis: Axes, manners: Sequence[str], **where) -> None:
    """Draw the key of the colours of ends."""
    handles = [plt.Line2D([], [], color=COLOURS[m], linewidth=3.2, label=m.replace("_", " ")) for m in manners]
    axis.legend(handles=handles, handlelength=1.2, labelspacing=0.3, **where)


def draw_survival(axis: Axes, curve: pd.DataFrame, colour: str = BLUE, label: str = "") -> Axes:
    """Draw a duration curve: where the data leave it undetermined both bounds and the space between; band in pale.

    ``curve``: day, survival_lower, survival_upper, band_low, band_high, as :func:`durations.bootstrap_npmle` gives.
    """
    if "band_low" in curve:
        axis.fill_between(
            curve.day, curve.band_low, curve.band_high, step="post", color=colour, alpha=0.15, linewidth=0
        )
    axis.fill_between(
        curve.day, curve.survival_lower, curve.survival_upper, step="post", color=colour, alpha=0.35, linewidth=0
    )
    axis.step(curve.day, curve.survival_upper, where="post", color=colour, linewidth=0.9)
    axis.step(curve.day, curve.survival_lower, where="post", color=colour, linewidth=0.9, label=label)
    axis.set_ylim(0, 1.02)
    return axis


def draw_at_risk(
    axis: Axes, counts: pd.DataFrame, label: str = "at risk", drop: float = 34, colour: str = BLACK
) -> Axes:
    """Write the numbers certainly (and possibly) still running beneath a curve, ``drop`` points under the axis.

    ``counts``: day, at_risk_certain, at_risk_possible, as :func:`durations.at_risk` gives.
    """
    for row in counts.itertuples():
        text = f"{row.at_risk_certain}" + (
            f"–{row.at_risk_certain + row.at_risk_possible}" if row.at_risk_possible else ""
        )
        axis.annotate(
            text,
            (row.day, 0),
            (0, -drop),
            ("data", "axes fraction"),
            "offset points",
            ha="center",
            size=6.5,
            color=colour,
            annotation_clip=False,
        )
    axis.annotate(
        label,
        (0, 0),
        (-20, -drop),
        "axes fraction",
        "offset points",
        ha="right",
        size=6.5,
        color=colour,
        annotation_clip=False,
    )
    return axis


def draw_incidence(axis: Axes, incidence: pd.DataFrame) -> Axes:
    """Draw cumulative incidences of competing ends, a colour a cause; the space between the bounds is undetermined.

    ``incidence``: cause, day, incidence_lower, incidence_upper, as :meth:`durations.Incidence.table_incidence` gives.
    """
    for cause, part in incidence.groupby("cause", sort=True):
        tone = COLOURS.get(cause, GREY)
        axis.fill_between(
            part.day, part.incidence_lower, part.incidence_upper, step="post", color=tone, alpha=0.3, linewidth=0
        )
        axis.step(part.day, part.incidence_lower, where="post", color=tone, label=str(cause).replace("_", " "))
    axis.set_ylim(0, 1.02)
    axis.legend(handlelength=1.2, labelspacing=0.3)
    return axis
