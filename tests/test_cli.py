"""The commands: what they print and write, how they fail, and that one bad record loses no other."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import EXIT_BAD_INPUT, EXIT_OK, EXIT_SOME_REJECTED, main

HOME = Path(__file__).parents[1]
KANAKER = HOME / "data/raw/reports/sohr-190647.txt"
GOOD = "Regime forces have lifted the siege of Tafas. On October 3 they arrested three women in Nawa."
REQUIRED = ("report_id event_id type modality place_id place_name earliest latest date_basis actor target people count_min count_max"
            " evidence_start evidence_end rule").split()  # fmt: skip


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_code_writes_the_codebooks_columns(tmp_path):
    assert (
        main(["code", str(KANAKER), "--published", "2020-10-09/2020-11-15", "--out", str(tmp_path / "e.csv")])
        == EXIT_OK
    )
    rows = read_rows(tmp_path / "e.csv")
    assert list(rows[0])[: len(REQUIRED)] == REQUIRED
    text = KANAKER.read_text(encoding="utf-8")
    assert all(0 <= int(r["evidence_start"]) < int(r["evidence_end"]) <= len(text) for r in rows)


def test_without_a_day_of_publication_no_year_is_invented_and_the_command_says_so(tmp_path, capsys):
    assert main(["code", str(KANAKER), "--out", str(tmp_path / "e.csv")]) == EXIT_OK
    days = {r[c] for r in read_rows(tmp_path / "e.csv") for c in ("earliest", "latest")} - {""}
    assert days and all(d.startswith("XXXX-") for d in days)
    assert "XXXX-09-19" in days
    assert "no year is invented" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_ending_picks_the_format_and_the_rows_are_the_same(tmp_path, ending):
    main(["code", str(KANAKER), "--published", "2020-10-15", "--out", str(tmp_path / f"e.{ending}")])
    main(["code", str(KANAKER), "--published", "2020-10-15", "--out", str(tmp_path / "same.csv")])
    read = {
        "csv": lambda p: pd.read_csv(p),
        "jsonl": lambda p: pd.read_json(p, lines=True),
        "parquet": pd.read_parquet,
    }[ending]
    table, same = read(tmp_path / f"e.{ending}"), pd.read_csv(tmp_path / "same.csv")
    assert table.event_id.tolist() == same.event_id.tolist()
    assert table.evidence_start.astype(int).tolist() == same.evidence_start.astype(int).tolist()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_of_reports_is_read(tmp_path, ending):
    table = pd.DataFrame(
        [{"report_id": f"x-{n}", "source": "X", "url": "", "published": "2021-10-05", "text": GOOD} for n in range(3)]
    )
    path = tmp_path / f"in.{ending}"
    {
        "csv": lambda: table.to_csv(path, index=False),
        "jsonl": lambda: table.to_json(path, orient="records", lines=True),
        "parquet": lambda: table.to_parquet(path),
    }[ending]()
    assert main(["code", str(path), "--out", str(tmp_path / "out.csv")]) == EXIT_OK
    rows = read_rows(tmp_path / "out.csv")
    assert {r["report_id"] for r in rows} == {"x-0", "x-1", "x-2"}
    assert any(r["type"] == "arrest" and r["earliest"] == "2021-10-03" for r in rows)


def make_broken_folder(folder):
    folder.mkdir()
    (folder / "good-1.txt").write_text(GOOD)
    (folder / "good-2.html").write_text(f"<html><head><script>x</script></head><body><p>{GOOD}</p></body></html>")
    (folder / "latin.txt").write_bytes("Le si\xe8ge de Tafas".encode("latin-1"))
    (folder / "binary.txt").write_bytes(b"\x89PNG\x00\x00\x01")
    (folder / "empty.txt").write_text("  \n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "badday.txt").write_text(GOOD)
    (folder / "index.csv").write_text("report_id,source,url,published\ngood-1,X,,2021-10-05\nabsent,X,,2021-10-05\n")


def test_broken_records_are_named_and_lose_no_other(tmp_path):
    make_broken_folder(tmp_path / "in")
    assert main(["code", str(tmp_path / "in"), "--out", str(tmp_path / "out.csv"), "--jobs", "1"]) == EXIT_SOME_REJECTED
    assert {r["report_id"] for r in read_rows(tmp_path / "out.csv")} == {"good-1", "good-2", "badday"}
    reasons = {r["report_id"]: r["reason"] for r in read_rows(tmp_path / "out.rejects.csv")}
    assert set(reasons) == {"latin", "binary", "empty", "picture", "absent"}
    assert "not UTF-8" in reasons["latin"] and "binary" in reasons["binary"] and "empty" in reasons["empty"]


def test_broken_rows_of_a_table_are_named_with_file_and_row(tmp_path):
    rows = [
        ("a-1", "2021-10-05", GOOD),
        ("a-1", "2021-10-05", GOOD),
        ("a-2", "2021-02-30", GOOD),
        ("a-3", "yesterday", GOOD),
        ("a-4", "2021-10-05", ""),
        ("", "", GOOD),
        ("a-5", "", GOOD),
    ]
    path = tmp_path / "in.csv"
    path.write_bytes(
        b"report_id,published,text\n"
        + "\n".join(f'{i},{p},"{t}"' for i, p, t in rows).encode()
        + b'\na-6,2021-10-05,"Si\xe8ge"\n'
    )
    assert main(["code", str(path), "--out", str(tmp_path / "out.csv")]) == EXIT_SOME_REJECTED
    rejects = read_rows(tmp_path / "out.rejects.csv")
    assert {r["report_id"] for r in read_rows(tmp_path / "out.csv")} == {"a-1", "a-5"}
    assert len(rejects) == 6 and all("in.csv, row" in r["where"] for r in rejects)
    told = " ".join(r["reason"] for r in rejects)
    assert "twice" in told and "does not exist" in told and "not UTF-8" in told


def test_a_line_that_is_no_json_is_named(tmp_path):
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"report_id": "a", "text": GOOD, "published": "2021-10-05"}) + "\nnot json\n[1]\n"
    )
    assert main(["code", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.csv")]) == EXIT_SOME_REJECTED
    assert [r["where"].rsplit(", ")[1] for r in read_rows(tmp_path / "out.rejects.csv")] == ["line 2", "line 3"]


WRONG = [
    ("a missing input", ["code", "nowhere.txt", "--out", "x.csv"], "nowhere.txt does not exist"),
    ("a wrong day", ["code", str(KANAKER), "--published", "2020-13-01", "--out", "x.csv"], "2020-13-01"),
    ("an unknown ending", ["code", str(KANAKER), "--out", "x.xlsx"], ".xlsx"),
    ("an unknown town", ["trace", "Kanakerr"], "spelled alike: Kanaker"),
]


@pytest.mark.parametrize(("arguments", "says"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_use_is_told_plainly(arguments, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == EXIT_BAD_INPUT
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_text_is_refused_by_column(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("report_id,body\n1,x\n")
    assert main(["code", str(tmp_path / "in.csv"), "--out", str(tmp_path / "o.csv")]) == EXIT_BAD_INPUT
    assert "column 'text' is missing" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


def test_place_prints_one_tab_separated_line_a_name(capsys):
    assert main(["place", "Tafs", "Nowhereville"]) == EXIT_OK
    assert capsys.readouterr().out == "Tafs\ttafas\tTafas\tDaraa\nNowhereville\t\t\t\n"


def test_trace_tells_the_siege_of_kanaker_from_several_monitors(capsys):
    assert main(["trace", "Kanaker"]) == EXIT_OK
    out = capsys.readouterr().out
    siege = next(block for block in out.split("\n\n") if "SIEGE" in block and "2020-09" in block)
    sources = {line.split(", published")[0].strip() for line in siege.splitlines() if ", published" in line}
    reports = {line.rsplit("[", 1)[1].rsplit("-", 1)[0] for line in siege.splitlines() if ", published" in line}
    assert len(sources) >= 2 and len(reports) >= 4
    custody = next(block for block in out.split("\n\n") if "CUSTODY of 3 women" in block)
    assert " to " in custody.splitlines()[0] and "! arrested: 2020-09-19 according to SOHR" in custody
    assert "! arrested: 2020-09-05/2020-09-11 according to SOHR" in custody


def test_agree_prints_f1(capsys, tmp_path):
    assert main(["agree", str(HOME / "data/raw/codings/b.csv"), str(HOME / "data/raw/codings/a.csv")]) == EXIT_OK
    assert "f1_dated" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["build", "code", "place", "trace", "agree"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0 and "usage" in capsys.readouterr().out


def test_several_processes_give_the_same_bytes(tmp_path):
    rows = [{"report_id": f"x-{n}", "published": "2021-10-05", "text": GOOD + f" Part {n}."} for n in range(900)]
    pd.DataFrame(rows).to_csv(tmp_path / "in.csv", index=False)
    for jobs in ("1", "2"):
        assert (
            main(["code", str(tmp_path / "in.csv"), "--out", str(tmp_path / f"out{jobs}.csv"), "--jobs", jobs])
            == EXIT_OK
        )
    assert (tmp_path / "out1.csv").read_bytes() == (tmp_path / "out2.csv").read_bytes()


def test_the_installed_script_runs():
    script = Path(sys.executable).with_name("analysis")
    done = subprocess.run([script, "place", "Kanaker"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.startswith("Kanaker\tkanaker")
