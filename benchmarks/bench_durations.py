"""Time the duration curve against surpyval, lifelines and R's npsurv on the same rows, in one run.

    python benchmarks/bench_durations.py          what takes minutes is left out
    python benchmarks/bench_durations.py --slow   everything but lifelines on 10,000 continuous rows

Libraries that are not installed are left out. Prints a Markdown table of processor seconds (best of three, of one for
what takes longer than ten), and in brackets how many times our time that is. Processor time, unlike the clock, does not
count what else the machine does; set OMP_NUM_THREADS=1 so that it is also the time that passes on an idle one.
"""

import argparse
import platform
import shutil
import subprocess
import tempfile
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.durations import bootstrap_npmle, fit_npmle

R_SCRIPT = """
suppressMessages(library(npsurv)); rows <- as.matrix(read.csv(commandArgs(TRUE)[1]))
times <- c(); repeat { times <- c(times, sum(system.time(fit <- npsurv(rows))[1:2]))
if (length(times) == 3 || times[1] > 10) break }
cat(min(times), format(fit$ll, digits = 15))
"""


def make_rows(n, whole_days, seed=1):
    """Make bounds of Weibull durations seen through irregular reports, a fifth of them right-censored."""
    rng = np.random.default_rng(seed)
    true, last_report = 200 * rng.weibull(1.2, n), rng.uniform(100, 500, n)
    mean_gap = rng.choice([10, 25, 60], n)
    lo, hi = np.zeros(n), np.full(n, np.inf)
    for row in range(n):
        reports = np.cumsum(rng.exponential(mean_gap[row], 200))
        reports = np.unique(np.ceil(reports)) if whole_days else reports
        reports = reports[reports < last_report[row]]
        place = np.searchsorted(reports, true[row])
        lo[row] = reports[place - 1] if place else 0.0
        hi[row] = reports[place] if place < reports.size else np.inf
    return lo, hi


def measure(call):
    """Return the least seconds of three calls (one, if it takes longer than ten) and the last answer."""
    times = []
    while len(times) < 3:
        start = time.process_time()
        answer = call()
        times.append(time.process_time() - start)
        if times[0] > 10:
            break
    return min(times), answer


def time_own(lo, hi):
    seconds, fit = measure(lambda: fit_npmle(lo, hi))
    assert fit.kkt_gap < 1e-8
    return seconds, fit.log_likelihood


def time_surpyval(lo, hi):
    from surpyval import Turnbull

    seconds, _ = measure(lambda: Turnbull.fit(xl=lo, xr=hi, turnbull_estimator="Kaplan-Meier"))
    return seconds, None


def time_lifelines(lo, hi):
    from lifelines import KaplanMeierFitter

    # Lifted off the lower bound: lifelines takes intervals as closed on both sides.
    seconds, _ = measure(lambda: KaplanMeierFitter().fit_interval_censoring(np.where(lo > 0, lo + 1e-9, lo), hi))
    return seconds, None


def time_npsurv(lo, hi):
    if not shutil.which("Rscript"):
        raise ImportError("R")
    with tempfile.TemporaryDirectory() as folder:
        rows, script = Path(folder) / "rows.csv", Path(folder) / "fit.R"
        pd.DataFrame({"lo": lo, "hi": hi}).replace(np.inf, "Inf").to_csv(rows, index=False)
        script.write_text(R_SCRIPT)
        done = subprocess.run(["Rscript", script, rows], capture_output=True, text=True, check=True)
    seconds, log_likelihood = map(float, done.stdout.split())
    return seconds, log_likelihood


ENGINES = {"ours": time_own, "surpyval": time_surpyval, "npsurv (R)": time_npsurv, "lifelines": time_lifelines}


def print_times(slow):
    """Print the table of fits."""
    print("| rows | " + " | ".join(ENGINES) + " |\n| --- |" + " --- |" * len(ENGINES))
    for n in (100, 1_000, 10_000):
        for whole_days in (True, False):
            lo, hi = make_rows(n, whole_days)
            cells, own, likelihood = [], None, None
            for name, engine in ENGINES.items():
                takes_minutes = n == 10_000 and name in ("npsurv (R)", "lifelines")
                if takes_minutes and (not slow or (name == "lifelines" and not whole_days)):
                    cells.append("left out")
                    continue
                try:
                    seconds, value = engine(lo, hi)
                except ImportError:
                    cells.append("not installed")
                    continue
                own, likelihood = own or seconds, likelihood or value
                assert value is None or abs(value - likelihood) < 1e-5, f"{name} stopped {value - likelihood} away"
                cells.append(f"{seconds:.4f} ({seconds / own:.1f}×)")
            print(f"| {n:,} {'whole days' if whole_days else 'continuous'} | " + " | ".join(cells) + " |", flush=True)


def time_bootstrap():
    """Return the seconds that 1,000 town draws take at 100 rows, whole days and continuous."""
    seconds = []
    for whole_days in (True, False):
        lo, hi = make_rows(100, whole_days)
        spells = pd.DataFrame({"duration_days_min": lo, "duration_days_max": hi, "place_id": np.arange(100) // 2})
        seconds.append(measure(lambda spells=spells: bootstrap_npmle(spells, np.arange(0, 400, 10.0), draws=1000))[0])
    return seconds


def name_versions():
    """Return the versions at work."""
    found = [f"Python {platform.python_version()}"]
    for name in ("numpy", "scipy", "pandas", "surpyval", "lifelines"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slow", action="store_true", help="also what takes minutes")
    slow = parser.parse_args().slow
    warnings.simplefilter("ignore")
    print("# Time for a duration curve\n")
    print(f"{name_versions()}; one run, one core. Processor seconds, and times our own.\n")
    print("surpyval with its Kaplan-Meier option; lifelines as published, on left bounds lifted by 1e-9;")
    print("npsurv without the start of R; a cell left out takes minutes. Ours is certified (KKT gap below 1e-8).\n")
    print_times(slow)
    days, continuous = time_bootstrap()
    print(f"\n1,000 town draws at 100 rows: {days:.2f} s (whole days), {continuous:.2f} s (continuous).")


if __name__ == "__main__":
    main()
