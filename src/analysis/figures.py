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
    figure.savefig(folder / f"{stem}.pdf", metadata={"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None})
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
    lines = [rf"\begin{{tabular}}{{{'l' * len(table.columns)}}}", r"\hline", body[0], r"\hline", *body[1:], r"\hline", r"\end{tabular}"]
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
    axis.scatter(places.lon, places.lat, s=3 + 0.45 * places.n_events, color=BLUE, alpha=0.65, linewidths=0.4, edgecolor="white", zorder=2)
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
        axis.bar(x, counts[name], 0.8, bottom, color=COLOURS.get(name, GREY), label=str(name).replace("_", " "), edgecolor="white", linewidth=0.3)
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
        axis.fill_between(curve.day, curve.band_low, curve.band_high, step="post", color=colour, alpha=0.15, linewidth=0)
    axis.fill_between(curve.day, curve.survival_lower, curve.survival_upper, step="post", color=colour, alpha=0.35, linewidth=0)
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


def draw_intervals(
    axis: Axes, rows: pd.DataFrame, low: str, high: str, colour: str = BLUE, limit: float | None = None
) -> Axes:
    """Draw one bounded quantity a row: a line from its least to its greatest value, an arrow where it has no greatest.

    ``rows`` is drawn in its order, from the top; values beyond ``limit`` are cut there.
    """
    lows = pd.to_numeric(rows[low]).to_numpy(float)
    highs = pd.to_numeric(rows[high].replace("", np.nan)).to_numpy(float)
    limit = limit or np.nanmax([*highs, *lows]) * 1.05
    for y, (a, b) in enumerate(zip(lows, highs, strict=True)):
        end = limit if np.isnan(b) else min(b, limit)
        axis.plot([a, end], [y, y], color=GREY if np.isnan(b) else colour, linewidth=1, solid_capstyle="butt")
        if np.isnan(b):
            axis.plot(end, y, marker=">", markersize=2.5, color=GREY)
        elif a == b:
            axis.plot(a, y, marker="o", markersize=2.2, color=colour)
    axis.set_ylim(len(rows) + 0.5, -1)
    return axis


def draw_terms(axis: Axes, matrix: pd.DataFrame) -> Axes:
    """Draw terms by town: a square a term agreed, filled by what became of it (carried out, refused, unknown).

    ``matrix``: one row a deal (index: its label), one column a term; values carried_out, refused, unknown or blank.
    """
    for status in ("carried_out", "refused", "unknown"):
        y, x = np.nonzero((matrix == status).to_numpy())
        face, edge = "white" if status == "unknown" else COLOURS[status], COLOURS[status]
        axis.scatter(x, y, marker="s", s=26, facecolor=face, edgecolor=edge, linewidth=0.8)
        if status == "refused":
            axis.scatter(x, y, marker="x", s=12, color="white", linewidth=1)
    axis.set_xticks(range(matrix.shape[1]), [c.replace("_", " ") for c in matrix.columns], rotation=90)
    axis.set_yticks(range(len(matrix)), matrix.index, size=6.5)
    axis.set_xlim(-0.7, matrix.shape[1] - 0.3)
    axis.set_ylim(len(matrix) - 0.4, -0.6)
    axis.tick_params(length=0)
    return axis


def draw_terms_key(figure: Figure) -> None:
    """Draw the key of :func:`draw_terms` above the panels."""
    look = {
        "carried_out": ("s", COLOURS["carried_out"], "carried out"),
        "refused": ("X", COLOURS["refused"], "refused"),
        "unknown": ("s", "white", "nothing told"),
    }
    handles = [
        plt.Line2D([], [], linestyle="", marker=m, markersize=5, color=COLOURS[n], markerfacecolor=f, label=text)
        for n, (m, f, text) in look.items()
    ]
    figure.legend(handles=handles, handletextpad=0.2, ncols=3, loc="outside upper center")


def draw_shares(axis: Axes, table: pd.DataFrame, label: str, colour: str = BLUE) -> Axes:
    """Draw shares with their intervals, a row each, n behind the label.

    ``table``: the column ``label``, share, low, high, n.
    """
    y = np.arange(len(table))
    axis.hlines(y, table.low, table.high, color=colour, linewidth=1.2)
    axis.plot(table.share, y, "o", color=colour, markersize=3.5)
    axis.set_yticks(y, [f"{str(n).replace('_', ' ')} (n = {k})" for n, k in zip(table[label], table.n, strict=True)])
    axis.set(xlim=(0, 1), ylim=(len(table) - 0.4, -0.6), xlabel="Share")
    return axis


def draw_choices(axis: Axes, table: pd.DataFrame, quantity: str, limit: float = np.inf) -> Axes:
    """Draw one headline number under every choice: a row a choice, under a bold line for each kind of choice.

    ``table``: group, label, treatment, and of ``quantity`` (say median): _low, _from, _to, _high. A thin line is the 95 %
    interval, a thick one with round ends the stretch in which the data leave the number; an arrow where the interval
    has no end. What lies beyond ``limit`` is cut there. The first row, the main choice, runs down the panel in grey.
    """
    places, labels, y = [], [], -1.0
    for number, row in enumerate(table.itertuples()):
        if number == 0 or row.group != table.group.iloc[number - 1]:
            y += 1.15
            places, labels = [*places, y], [*labels, row.group]
        y += 1
        places, labels = [*places, y], [*labels, row.label]
        colour = COLOURS.get(row.treatment, BLUE)
        low, first, last, high = (min(getattr(row, f"{quantity}_{end}"), limit) for end in ("low", "from", "to", "high"))
        axis.plot([low, high], [y, y], color=colour, linewidth=1, solid_capstyle="butt")
        axis.plot([first, last], [y, y], color=colour, marker="o", markersize=4.2, markeredgewidth=0, linewidth=4.2, solid_capstyle="butt")
        if np.isinf(getattr(row, f"{quantity}_high")):
            axis.plot(high, y, marker=">", markersize=3, color=colour, clip_on=False)
    main = table.iloc[0]
    axis.axvspan(main[f"{quantity}_from"], main[f"{quantity}_to"], color=GREY, alpha=0.35, linewidth=0.6, zorder=0)
    axis.set_yticks(places, labels)
    for tick, label in zip(axis.get_yticklabels(), labels, strict=False):
        tick.set_weight("bold" if label in set(table.group) else "normal")
    axis.tick_params(axis="y", length=0)
    axis.set_ylim(y + 0.7, -0.7)
    return axis


def draw_reporting(axis: Axes, towns: pd.DataFrame, reports: dict[str, Sequence[float]]) -> Axes:
    """Draw what reports say of sieges that truly last equally long.

    ``towns``: town, truth, duration_days_min, duration_days_max (days since the beginning); ``reports``: by town, their
    days. Full: told to be in force; pale: the end lies somewhere here; a diamond where each single-day reading puts it.
    """
    for y, row in enumerate(towns.itertuples()):
        axis.plot([0, row.duration_days_min], [y, y], color=BLUE, linewidth=5, solid_capstyle="butt")
        axis.plot([row.duration_days_min, row.duration_days_max], [y, y], color=BLUE, alpha=0.35, linewidth=5, solid_capstyle="butt")
        axis.plot(reports[row.town], np.full(len(reports[row.town]), y - 0.32), "|", color=GREY, markersize=5, markeredgewidth=0.7)
        middle = (row.duration_days_min + row.duration_days_max) / 2
        for name, day in (("midpoint", middle), ("report_day", row.duration_days_max)):
            axis.plot(day, y, "D", color=COLOURS[name], markersize=3.6, markeredgecolor="white", markeredgewidth=0.4, zorder=4)
        axis.plot([row.truth, row.truth], [y - 0.18, y + 0.18], color=BLACK, linewidth=1.2, zorder=5)
    axis.set_yticks(range(len(towns)), towns.town)
    axis.set_ylim(len(towns) - 0.4, -0.6)
    axis.set_xlabel("Days since the siege began")
    return axis


def draw_rejections(axis: Axes, table: pd.DataFrame, x: str, level: float = 0.05) -> Axes:
    """Draw how often each method rejects against ``x``, with Monte-Carlo intervals and the level it should hold.

    ``table``: method, ``x``, share, low, high.
    """
    axis.axhline(level, color=GREY, linewidth=0.7, linestyle="--", zorder=0)
    for number, (method, part) in enumerate(table.groupby("method", sort=False)):
        shifted = part[x] * 1.035 ** (number - 1.5)
        axis.vlines(shifted, part.low, part.high, color=COLOURS[method], linewidth=1)
        axis.plot(shifted, part.share, marker="o", color=COLOURS[method], markersize=3, linewidth=0.8, label=method.replace("_", " "))
    axis.set_xscale("log")
    axis.set_xticks(sorted(table[x].unique()), [f"{v:g}" for v in sorted(table[x].unique())])
    axis.minorticks_off()
    axis.set(ylim=(0, None), ylabel="Share of runs that reject")
    axis.legend(handlelength=1, labelspacing=0.3)
    return axis


def draw_medians(axis: Axes, table: pd.DataFrame, truth: float) -> Axes:
    """Draw the estimated medians by method and group: the middle and the central 95 % of the runs, and the truth.

    ``table``: method, group, low, middle, high; two groups a method, the method is named at the first.
    """
    axis.axvline(truth, color=BLACK, linewidth=0.7, linestyle="--", zorder=0)
    labels = []
    for y, row in enumerate(table.itertuples()):
        axis.plot([row.low, row.high], [y, y], color=COLOURS[row.method], linewidth=1.2)
        axis.plot(row.middle, y, "o" if y % 2 == 0 else "s", color=COLOURS[row.method], markersize=3.6)
        labels.append(f"{row.method.replace('_', ' ') if y % 2 == 0 else ''}, {row.group}".lstrip(", "))
    axis.set_yticks(range(len(table)), labels)
    axis.set_ylim(len(table) - 0.4, -0.6)
    return axis


def draw_incidence(axis: Axes, incidence: pd.DataFrame) -> Axes:
    """Draw cumulative incidences of competing ends, a colour a cause; the space between the bounds is undetermined.

    ``incidence``: cause, day, incidence_lower, incidence_upper, as :meth:`durations.Incidence.table_incidence` gives.
    """
    for cause, part in incidence.groupby("cause", sort=True):
        tone = COLOURS.get(cause, GREY)
        axis.fill_between(part.day, part.incidence_lower, part.incidence_upper, step="post", color=tone, alpha=0.3, linewidth=0)
        axis.step(part.day, part.incidence_lower, where="post", color=tone, label=str(cause).replace("_", " "))
    axis.set_ylim(0, 1.02)
    axis.legend(handlelength=1.2, labelspacing=0.3)
    return axis


def place_rows(table: pd.DataFrame, group: str, space: float = 1.6) -> pd.DataFrame:
    """Return the table with ``row``, its place from the top, and a space before each new group."""
    fresh = table[group].ne(table[group].shift()).cumsum().to_numpy()
    return table.assign(row=np.arange(len(table)) + space * fresh)


def draw_group_names(axis: Axes, rows: pd.DataFrame, group: str, x: float = 0.0) -> Axes:
    """Write each group's name and number of rows in the space before it; ``rows`` has ``row`` of `place_rows`."""
    for name, part in rows.groupby(group, sort=False):
        axis.text(
            x,
            part.row.min() - 1.0,
            f"{name} (n = {len(part)})",
            transform=axis.get_yaxis_transform(),
            size=6.5,
            weight="bold",
            va="center",
        )
    axis.set_ylim(rows.row.max() + 0.8, -0.4)
    return axis


def draw_custodies(axis: Axes, rows: pd.DataFrame, colour: str = "captor_kind") -> Axes:
    """Draw each custody in calendar time: full while certainly held, pale where arrest or release may lie.

    ``rows``: row, label, arrested_earliest, arrested_latest, released_earliest, released_latest and ``colour``.
    """
    days = {
        c: _years(rows[c]) for c in ("arrested_earliest", "arrested_latest", "released_earliest", "released_latest")
    }
    for row, tone, first, sure, until, last in zip(rows.row, rows[colour].map(COLOURS), *days.values(), strict=True):
        axis.plot([first, last], [row, row], color=tone, linewidth=2.6, alpha=0.35, solid_capstyle="butt")
        if until > sure:
            axis.plot([sure, until], [row, row], color=tone, linewidth=2.6, solid_capstyle="butt")
        axis.plot(first, row, marker="|", markersize=4, color=tone, alpha=1 if first == sure else 0.5)
    axis.set_yticks(rows.row, rows.label, size=5.5)
    axis.tick_params(axis="y", length=0)
    axis.xaxis.set_major_locator(plt.MultipleLocator(2))
    axis.set_xlabel("Year")
    return axis


def draw_day_bounds(axis: Axes, rows: pd.DataFrame, low: str, high: str, colour: str, limit: float) -> Axes:
    """Draw days known within bounds, a row each: a dot if known to the day, a ring if within a fifth, else a line.

    An arrow: beyond the axis; pale: open above.

    ``rows``: row, and the columns ``low``, ``high`` (days; infinite for open) and ``colour`` (names of ``COLOURS``).
    The axis of days is linear up to one day and logarithmic beyond.
    """
    for row, tone, a, b in zip(rows.row, rows[colour].map(COLOURS), rows[low], rows[high], strict=True):
        if b - a <= 1:
            axis.plot(b, row, "o", markersize=2.6, color=tone, markeredgewidth=0)
        elif b < 1.2 * a:
            axis.plot((a + b) / 2, row, "o", markersize=2.4, color=tone, markerfacecolor="white", markeredgewidth=0.7)
        else:
            axis.plot(
                [a, min(b, limit)],
                [row, row],
                color=tone,
                linewidth=1,
                alpha=0.35 if np.isinf(b) else 0.9,
                solid_capstyle="butt",
            )
        if b > limit:
            axis.plot(limit, row, ">", markersize=2.4, color=tone, markeredgewidth=0)
    axis.set_xscale("symlog", linthresh=1, linscale=0.35)
    mark_days(axis, limit)
    return axis


def mark_days(axis: Axes, limit: float, first: float = 0) -> Axes:
    """Mark an axis of days at a day, a week, a month and so on, up to ``limit``."""
    marks = {0: "0", 1: "1", 7: "7", 30: "30", 90: "90", 365: "1 y", 1096: "3 y"}
    shown = {d: t for d, t in marks.items() if first <= d <= limit}
    axis.set_xticks(list(shown), list(shown.values()))
    axis.set_xticks([], minor=True)
    axis.set_xlim(-0.15 if first == 0 else first, limit * 1.15)
    return axis


def draw_key(figure: Figure, labels: dict[str, str]) -> None:
    """Draw a key above the panels: a name of ``COLOURS`` to the words that it stands for."""
    handles = [plt.Line2D([], [], color=COLOURS[name], linewidth=3.2, label=words) for name, words in labels.items()]
    figure.legend(handles=handles, handlelength=1.2, ncols=len(handles), loc="outside upper center")


def draw_told_shares(axis: Axes, table: pd.DataFrame, colour: str = BLUE) -> Axes:
    """Draw the share told of as done with its interval, and in pale how far it would reach if all untold were done.

    ``table``: row, label, share, low, high, most (the share with all untold ones done).
    """
    axis.barh(table.row, table.most - table.share, 1.6, table.share, color=GREY, alpha=0.3)
    axis.hlines(table.row, table.low, table.high, color=colour, linewidth=1.2)
    axis.plot(table.share, table.row, "o", color=colour, markersize=3.5)
    axis.set_yticks(table.row, table.label)
    axis.tick_params(axis="y", length=0)
    axis.set(xlim=(-0.02, 1), xlabel="Share carried out")
    return axis


def draw_before_after(axis: Axes, counts: pd.DataFrame, colour: str = BLUE) -> Axes:
    """Draw counts before against counts after, a cross a row from its least to its greatest counts.

    ``counts``: before_min, before_max, after_min, after_max. The diagonal: no change. Both axes are linear up to one
    and logarithmic beyond.
    """
    x, y = counts[["before_min", "before_max"]].to_numpy(float), counts[["after_min", "after_max"]].to_numpy(float)
    axis.hlines(y.mean(axis=1), x[:, 0], x[:, 1], color=colour, linewidth=0.8, alpha=0.6)
    axis.vlines(x.mean(axis=1), y[:, 0], y[:, 1], color=colour, linewidth=0.8, alpha=0.6)
    axis.plot(x.mean(axis=1), y.mean(axis=1), "o", color=colour, markersize=3, markeredgewidth=0)
    top = max(x.max(), y.max()) * 1.3
    axis.plot([0, top], [0, top], color=GREY, linewidth=0.7, linestyle="--", zorder=0)
    for scale, limit in ((axis.set_xscale, axis.set_xlim), (axis.set_yscale, axis.set_ylim)):
        scale("symlog", linthresh=1, linscale=0.4)
        limit(-0.2, top)
    marks = [m for m in (0, 1, 10, 100, 1000) if m <= top]
    axis.set_xticks(marks, [str(m) for m in marks])
    axis.set_yticks(marks, [str(m) for m in marks])
    return axis


def draw_ratios(axis: Axes, ratios: pd.DataFrame, marks: Sequence[float] = (0.1, 0.2, 0.5, 1, 2)) -> Axes:
    """Draw ratios in rows by ``kind``: a dot at ``ratio``, a line from ``ratio_min`` to ``ratio_max`` where given.

    ``ratios``: kind, ratio, ratio_min, ratio_max, colour; the dots of a kind lie in its row in their order.
    """
    kinds = list(dict.fromkeys(ratios.kind))
    for number, kind in enumerate(kinds):
        part = ratios[ratios.kind == kind]
        y = number + (np.linspace(-0.25, 0.25, len(part)) if len(part) > 1 else np.zeros(1))
        tone = COLOURS[part.colour.iloc[0]]
        axis.hlines(y, part.ratio_min.fillna(part.ratio), part.ratio_max.fillna(part.ratio), color=tone, linewidth=1.4)
        axis.plot(part.ratio, y, "o", color=tone, markersize=3 if len(part) > 1 else 4, markeredgewidth=0)
    axis.set_yticks(range(len(kinds)), kinds)
    axis.set_ylim(len(kinds) - 0.5, -0.5)
    axis.axvline(1, color=GREY, linewidth=0.7, linestyle="--", zorder=0)
    axis.set_xscale("log")
    axis.set_xticks(marks, [f"{m:g}" for m in marks])
    axis.set_xticks([], minor=True)
    axis.set_xlim(marks[0], marks[-1])
    return axis
