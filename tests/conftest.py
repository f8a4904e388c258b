"""What several test files share."""

from pathlib import Path

import pytest

from analysis.places import read_places

HOME = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def gazetteer():
    return read_places(HOME / "data/raw/places.csv")
