"""Documents say what the files say: README numbers, codebook page, data package."""

import json
import re
from pathlib import Path

import pytest

from analysis.cues import read_codebook
from analysis.documents import FILES, read_columns, write_codebook_page, write_datapackage
from analysis.episodes import read_table
from analysis.findings import ANSWERS, describe_findings, read_numbers

HOME = Path(__file__).parents[1]
DATA = HOME / "data"


def test_the_readmes_findings_are_the_notebooks_numbers():
    assert describe_findings(read_numbers(HOME / "notebooks/figures")) in (HOME / "README.md").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_codebook_and_columns_agree_both_ways(name, file):
    described = set(read_columns()[name]["columns"])
    assert set(read_table(DATA / file).columns) | ({"coder"} if name == "events" else set()) == described


@pytest.mark.parametrize("write", [write_codebook_page, write_datapackage])
def test_generated_documents_are_up_to_date(write, tmp_path):
    for part in ("raw", "processed"):
        (tmp_path / part).symlink_to(DATA / part)
    write(tmp_path)
    (made,) = [p for p in tmp_path.iterdir() if p.is_file()]
    assert made.read_bytes() == (DATA / made.name).read_bytes()


def test_the_codebook_page_has_every_type():
    page = (DATA / "codebook.md").read_text(encoding="utf-8")
    assert len(read_codebook()["types"]) == 26
    assert all(f"| `{t}` |" in page for t in read_codebook()["types"])


def test_the_data_package_describes_every_field_of_every_file():
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        names = [f["name"] for f in resource["schema"]["fields"]]
        assert names == list(read_table(DATA / resource["path"]).columns)
        assert all(f["description"] for f in resource["schema"]["fields"])


def test_files_that_the_readme_names_are_there():
    text = (HOME / "README.md").read_text(encoding="utf-8")
    linked = [p for p in re.findall(r"\]\(([^)#]+)\)", text) if not p.startswith("http")]
    assert linked and all((HOME / p).exists() for p in linked)


@pytest.mark.parametrize("stem", ANSWERS)
def test_a_notebook_opens_with_its_answer_with_the_saved_numbers(stem):
    notebook = json.loads((HOME / f"notebooks/{stem}.ipynb").read_text(encoding="utf-8"))
    answer = ANSWERS[stem].format(**read_numbers(HOME / "notebooks/figures")[stem])
    assert f"**Answer.** {answer}" in "".join(notebook["cells"][0]["source"])
