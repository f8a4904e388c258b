"""What several test files share; cases that the coder is known to miss are expected to fail."""

from pathlib import Path

import pytest

from analysis.places import read_places

HOME = Path(__file__).parents[1]
KNOWN_MISSES = Path(__file__).with_name("known_misses.txt")


@pytest.fixture(scope="session")
def gazetteer():
    return read_places(HOME / "data/raw/places.csv")


def pytest_collection_modifyitems(items):
    lines = KNOWN_MISSES.read_text(encoding="utf-8").splitlines()
    misses = {line for line in lines if line and not line.startswith("#")}
    for item in items:
        if item.nodeid in misses or f"tests/{item.nodeid}" in misses:
            item.add_marker(pytest.mark.xfail(reason="the coder misses this case (tests/known_misses.txt)", strict=True))
