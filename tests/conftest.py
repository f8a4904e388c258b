"""What several test files share; cases that the coder is known to miss are expected to fail."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.durations import MAX, MIN
from analysis.places import read_places

HOME = Path(__file__).parents[1]
ORACLES = HOME / "tests/oracles"
KNOWN_MISSES = Path(__file__).with_name("known_misses.txt")


@pytest.fixture(scope="session")
def gazetteer():
    return read_places(HOME / "data/raw/places.csv")


@pytest.fixture(scope="session")
def cosmesis():
    table = pd.read_csv(ORACLES / "breast_cosmesis.csv")
    return table.rename(columns={"left": MIN, "right": MAX})


@pytest.fixture(scope="session")
def sieges():
    return pd.read_csv(ORACLES / "sieges.csv", keep_default_na=False)


def pytest_collection_modifyitems(items):
    lines = KNOWN_MISSES.read_text(encoding="utf-8").splitlines()
    misses = {line for line in lines if line and not line.startswith("#")}
    for item in items:
        if item.nodeid in misses or f"tests/{item.nodeid}" in misses:
            item.add_marker(pytest.mark.xfail(reason="the coder misses this case (tests/known_misses.txt)", strict=True))
