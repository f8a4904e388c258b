"""The three places that name packages say the same, and the card is kept."""

import re
import tomllib
from pathlib import Path

HOME = Path(__file__).parents[1]
CARD = ["jupyterlab", "pandas", "matplotlib", "statsmodels", "nbval"]
OTHER_INDEX = re.compile(r"https?://|--index-url|--extra-index-url|--find-links")


def read_lock():
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", (HOME / "requirements.lock").read_text(), re.M))


def read_conda():
    text = (HOME / "environment.yml").read_text()
    return dict(re.findall(r"^\s+- ([a-z0-9-]+)==?([0-9][^\s]*)", text, re.M))


def read_project():
    project = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    return dict(d.split("==") for d in project["dependencies"]), project


def test_every_dependency_of_the_project_is_locked_at_its_version():
    lock = read_lock()
    for name, version in read_project()[0].items():
        assert lock[name] == version, name


def test_conda_environment_names_the_same_versions_and_nothing_the_lock_lacks():
    lock, conda = read_lock(), read_conda()
    assert conda.pop("python") == "3.11"
    assert set(read_project()[0]) <= set(conda)
    for name, version in conda.items():
        assert lock[name] == version, name


def test_the_card_is_kept():
    assert set(CARD) <= set(read_project()[0])
    for part in ("notebooks", "src/analysis", "data/raw", "data/processed", "tests", "environment.yml"):
        assert (HOME / part).exists(), part


def test_lock_has_a_hash_for_every_package_and_no_index_address():
    text = (HOME / "requirements.lock").read_text()
    assert not OTHER_INDEX.search(text)
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)


def test_no_pre_releases():
    pre = re.compile(r"\d(a|b|rc|\.dev)\d")
    assert not {n: v for n, v in read_lock().items() if pre.search(v)}
