"""Findings in words, every number read from what the notebooks saved: the README's block and each notebook's answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat

ANSWERS = {
    "01_reports_to_events": (
        "{reports} reports by {sources} sources tell of {towns} places in {governorates} governorates; two blind readers agree "
        "with F1 {f1_second_reader:.2f} over events (n = {n_second_reader} reports, 95 % interval {f1_low_second_reader:.2f} to "
        "{f1_high_second_reader:.2f}), the machine agrees with the first reader with {f1_machine_held_out:.2f} on reports never "
        "looked at (n = {n_machine_held_out}, {f1_low_machine_held_out:.2f} to {f1_high_machine_held_out:.2f}), so the later "
        "notebooks rest on hand codings."
    ),
    "02_siege_durations": (
        "Half of the sieges that reports tell of last longer than {median_from:.0f} to {median_to:.0f} days (n = {used}, 95 % "
        "interval {median_low:.0f} to {median_high:.0f}), but these are the sieges that were told of."
    ),
    "03_arrest_to_release": (
        "Of custodies whose length reports bound at all, half last longer than about {median_from:.0f} days (n = {used}, 95 % "
        "interval {median_low:.0f} to {median_high:.0f}), with a tail of years; of {silent} of {custodies} nothing is told after "
        "the arrest."
    ),
    "04_deal_outcomes": (
        "An agreed evacuation is told of as carried out in {evacuation_done} of {evacuation_n} cases (95 % interval "
        "{evacuation_low:.0%} to {evacuation_high:.0%}), mostly within days; an adverse word is told of {adverse:.0f} of {deals} "
        "deals ({adverse_low:.0%} to {adverse_high:.0%}), and for {outcome_unknown_share:.0%} the twelve months after stay unknown."
    ),
    "05_robustness": (
        "The share of ended sieges that ended by a deal, {main_deal_share:.0%} (95 % interval {main_deal_low:.0%} to "
        "{main_deal_high:.0%}), depends little on {choices} other choices ({deal_least:.0%} to {deal_greatest:.0%}); the median "
        "duration of {main_median_from:.0f} to {main_median_to:.0f} days (n = {main_n:.0f}, {main_median_low:.0f} to "
        "{main_median_high:.0f}) depends on them much ({median_least:.0f} to {median_greatest:.0f})."
    ),
    "06_report_date": (
        "Between towns reported every {mean_gap_often:.0f} and every {mean_gap_seldom:.0f} days whose sieges last equally long "
        "(median {median_days} days), the day of the report finds a difference in {rejections_report_day:.0%} of {runs} runs "
        "(Monte-Carlo error {error_report_day:.1%}) where 5 % is stated, bounds in {rejections_interval:.0%} "
        "({error_interval:.1%})."
    ),
}
NUMBER_MARKS = ("<!-- numbers: written by `make refresh` -->", "<!-- end of numbers -->")


def read_numbers(figures: Path) -> dict[str, dict]:
    """Read the named values that the notebooks saved, by notebook."""
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted(figures.glob("0*.json"))}


def describe_findings(numbers: dict[str, dict]) -> str:
    """Write what the notebooks found, every figure from their saved values."""
    corpus, sieges = numbers["01_reports_to_events"], numbers["02_siege_durations"]
    custodies, deals = numbers["03_arrest_to_release"], numbers["04_deal_outcomes"]
    f1 = {k: corpus[k] for k in corpus if k.startswith("f1_")}
    return "\n".join([
        f"**What it found so far** ({corpus['reports']} reports by {corpus['sources']} sources on {corpus['towns']} places in "
        f"{corpus['governorates']} governorates, {corpus['events']:,} hand-coded events):",
        "",
        f"- *Sieges.* Of {sieges['sieges']} sieges, {sieges['bounded_both']} are bounded on both sides and {sieges['censored']} were still in force "
        f"when last told of. Half last longer than {sieges['median_from']:.0f} to {sieges['median_to']:.0f} days "
        f"(n = {sieges['used']}, 95 % interval {sieges['median_low']:.0f} to {sieges['median_high']:.0f}).",
        f"- *Custodies.* Of {custodies['custodies']} custodies, {custodies['bounded_both']} are bounded on both sides; "
            f"of {custodies['silent']} nothing is told after the arrest. "
        f"Half of the {custodies['used']} of which something is known last longer than about {custodies['median_from']:.0f} days "
        f"(95 % interval {custodies['median_low']:.0f} to {custodies['median_high']:.0f}).",
        f"- *Deals.* Of {deals['deals']} deals at {deals['places']} places, the twelve months after stay unknown for {deals['outcome_unknown_share']:.0%}; "
        f"an agreed evacuation was reported carried out in {deals['evacuation_done']} of {deals['evacuation_n']} cases.",
        "",
        "| agreement with the first reader (F1 over events) | type, modality, place | with dates | actual events only |",
        "|---|---|---|---|",
        *[f"| {label} | {f1['f1_' + key]:.2f} | {f1['f1_dated_' + key]:.2f} | {f1['f1_actual_' + key]:.2f} |" for label, key in (
            ("a second, blind reader", "second_reader"), ("the machine, reports never looked at", "machine_held_out"),
            ("the machine, reports looked at while working", "machine_looked_at"))],
    ])  # fmt: skip


def write_findings(home: Path) -> None:
    """Write the findings between their marks in the README."""
    path = home / "README.md"
    block = f"{NUMBER_MARKS[0]}\n{describe_findings(read_numbers(home / 'notebooks/figures'))}\n{NUMBER_MARKS[1]}"
    pattern = re.escape(NUMBER_MARKS[0]) + ".*?" + re.escape(NUMBER_MARKS[1])
    path.write_text(re.sub(pattern, lambda _: block, path.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")


def write_answers(notebooks: Path) -> None:
    """Write each notebook's answer, a sentence with n and interval, into its title cell."""
    numbers = read_numbers(notebooks / "figures")
    for stem, sentence in ANSWERS.items():
        path = notebooks / f"{stem}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        answer = f"**Answer.** {sentence.format(**numbers[stem])}"
        notebook.cells[0].source = re.sub(r"\*\*Answer\.\*\*.*", lambda _, a=answer: a, notebook.cells[0].source)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    HOME = Path(__file__).resolve().parents[2]
    write_findings(HOME)
    write_answers(HOME / "notebooks")
