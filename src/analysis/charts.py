"""Draw what became of custodies and deals, and how the answers change with the choices made.

Like the draws of :mod:`analysis.figures`: each takes a table and an axes and returns the axes.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import BLACK, BLUE, COLOURS, GREY, _years


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
        low, first, last, high = (
            min(getattr(row, f"{quantity}_{end}"), limit) for end in ("low", "from", "to", "high")
        )
        axis.plot([low, high], [y, y], color=colour, linewidth=1, solid_capstyle="butt")
        axis.plot(
            [first, last],
            [y, y],
            color=colour,
            marker="o",
            markersize=4.2,
            markeredgewidth=0,
            linewidth=4.2,
            solid_capstyle="butt",
        )
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
        axis.plot(
            [row.duration_days_min, row.duration_days_max],
            [y, y],
            color=BLUE,
            alpha=0.35,
            linewidth=5,
            solid_capstyle="butt",
        )
        axis.plot(
            reports[row.town],
            np.full(len(reports[row.town]), y - 0.32),
            "|",
            color=GREY,
            markersize=5,
            markeredgewidth=0.7,
        )
        middle = (row.duration_days_min + row.duration_days_max) / 2
        for name, day in (("midpoint", middle), ("report_day", row.duration_days_max)):
            axis.plot(
                day, y, "D", color=COLOURS[name], markersize=3.6, markeredgecolor="white", markeredgewidth=0.4, zorder=4
            )
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
        axis.plot(
            shifted,
            part.share,
            marker="o",
            color=COLOURS[method],
            markersize=3,
            linewidth=0.8,
            label=method.replace("_", " "),
        )
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


def place_rows(table: pd.DataFrame, group: str, space: float) -> pd.DataFrame:
    """Return the table with ``row``, its place from the top, and a space before each new group."""
    fresh = table[group].ne(table[group].shift()).cumsum().to_numpy()
    return table.assign(row=np.arange(len(table)) + space * fresh)


def draw_group_names(axis: Axes, rows: pd.DataFrame, group: str, x: float = 0.0) -> Axes:
    """Write each group's name and number of rows in the space before it; ``rows`` has ``row`` of `place_rows`."""
    for name, part in rows.groupby(group, sort=False):
        axis.text(
            x,
            part.row.min() - 0.8,
            f"{name} (n = {len(part)})",
            transform=axis.get_yaxis_transform(),
            size=6.5,
            weight="bold",
            va="bottom",
        )
    axis.set_ylim(rows.row.max() + 0.8, -0.4)
    return axis


def draw_custodies(axis: Axes, rows: pd.DataFrame, colour: str = "captor_kind") -> Axes:
    """Draw each custody in calendar time: full while certainly held, pale where arrest or release may lie.

    ``rows``: row, arrested_earliest, arrested_latest, released_earliest, released_latest and ``colour``.
    """
    days = {
        c: _years(rows[c]) for c in ("arrested_earliest", "arrested_latest", "released_earliest", "released_latest")
    }
    for row, tone, first, sure, until, last in zip(rows.row, rows[colour].map(COLOURS), *days.values(), strict=True):
        axis.plot([first, last], [row, row], color=tone, linewidth=1.8, alpha=0.35, solid_capstyle="butt")
        if until > sure:
            axis.plot([sure, until], [row, row], color=tone, linewidth=1.8, solid_capstyle="butt")
        axis.plot(first, row, marker="|", markersize=2.6, color=tone, alpha=1 if first == sure else 0.5)
    axis.set_yticks([])
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
