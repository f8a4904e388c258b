"""The same rows from a Dask cluster: a real scheduler and two worker processes on this machine; a lost worker loses nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("distributed")
from analysis.batch import code_on_cluster, code_stream  # noqa: E402
from analysis.cli import EXIT_OK, main  # noqa: E402
from analysis.reports import Report  # noqa: E402

PLACES = str(Path(__file__).parents[1] / "data/raw/places.csv")

TEXT = "Regime forces have lifted the siege of Tafas. On October 3 they arrested three women in Nawa. Fighters would leave Jasim."


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


def start(command, log):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on loopback; yields (address, workers)."""
    note = tmp_path / "scheduler.json"
    with open(tmp_path / "cluster.log", "w") as log:
        running = [
            start(
                [
                    "dask_scheduler",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--no-dashboard",
                    "--scheduler-file",
                    str(note),
                ],
                log,
            )
        ]
        wait_for(note.exists)
        address = pd.read_json(note, typ="series")["address"]
        spot = [
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path),
        ]
        workers = [start(["dask_worker", address, *spot], log) for _ in range(2)]
        yield address, workers
        for process in [*workers, *running]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=20)


def test_a_cluster_gives_the_same_rows_and_a_worker_lost_on_the_way_loses_nothing(cluster):
    address, workers = cluster
    reports = [Report(f"x-{n}", "X", "", "2021-10-05", TEXT + f" Part {n}.") for n in range(4000)]
    stream = code_on_cluster(reports, PLACES, address)
    coded = next(stream)
    os.killpg(workers[0].pid, signal.SIGKILL)
    coded += [rows for batch in stream for rows in batch]
    assert workers[0].wait(timeout=20) == -signal.SIGKILL
    alone = [rows for batch in code_stream(reports, PLACES) for rows in batch]
    assert len(coded) == 4000 and coded == alone


def test_the_command_writes_the_same_bytes_through_a_cluster(cluster, tmp_path):
    address, _ = cluster
    rows = [{"report_id": f"x-{n}", "source": "X", "published": "2021-10-05", "text": TEXT} for n in range(300)]
    pd.DataFrame(rows).to_csv(tmp_path / "in.csv", index=False)
    assert main(["code", str(tmp_path / "in.csv"), "--out", str(tmp_path / "alone.csv"), "--jobs", "1"]) == EXIT_OK
    assert (
        main(["code", str(tmp_path / "in.csv"), "--out", str(tmp_path / "cluster.csv"), "--scheduler", address])
        == EXIT_OK
    )
    assert (tmp_path / "cluster.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
