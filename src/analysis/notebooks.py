"""Execute the notebooks from top to bottom and store them so that nothing in them depends on clock or machine."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def clean_notebook(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave nothing in a notebook that a rerun would change: timings, versions, random cell ids."""
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
        cell.id = f"cell-{number:02d}"
    return notebook


def refresh_notebook(path: Path) -> Path:
    """Execute one notebook in its folder; the file is replaced only when every cell ran."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False, resources={"metadata": {"path": path.parent}}
    )
    client.execute()
    beside = path.with_suffix(".tmp")
    nbformat.write(clean_notebook(notebook), beside)
    os.replace(beside, path)
    return path


def refresh_all(paths: list[Path]) -> None:
    """Execute notebooks, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        for path in pool.map(refresh_notebook, paths):
            print(path.name)


if __name__ == "__main__":
    refresh_all([Path(p) for p in sys.argv[1:]])
