.DEFAULT_GOAL := help
.PHONY: help reproduce test lab refresh lint clean
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
CODE := $(wildcard src/analysis/*.py src/analysis/*.toml src/analysis/*.csv src/analysis/*.mplstyle)
RAW := $(shell find data/raw -type f | sort)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONHASHSEED := 0
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

help:  ## show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.stamps/setup: requirements.lock pyproject.toml
	@mkdir -p .stamps
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.stamps/tables: .stamps/setup $(RAW) $(CODE)
	$(BIN)/analysis build
	@touch $@

.stamps/notebooks: .stamps/tables $(NOTEBOOKS)
	$(BIN)/python -m analysis.notebooks $(NOTEBOOKS)
	$(BIN)/python -m analysis.findings
	@touch $@

reproduce: .stamps/notebooks  ## set up, code the reports, link them, execute the notebooks, write every figure
	@echo "Tables are in data/processed, figures and numbers in notebooks/figures."

test: .stamps/setup  ## set up and prove that everything still holds, notebooks included
	$(BIN)/pytest -q -n 2 --dist loadfile tests
	$(BIN)/pytest -q -n 2 --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout=120 \
		--nbval-sanitize-with tests/nbval.cfg notebooks

lab: .stamps/setup  ## open JupyterLab on the index notebook
	$(BIN)/jupyter lab notebooks/00_index.ipynb

refresh: .stamps/tables  ## execute and store the notebooks after a change
	rm -f .stamps/notebooks
	$(MAKE) --no-print-directory reproduce

lint: .stamps/setup  ## check style
	$(BIN)/ruff check src tests benchmarks

clean:  ## remove what set-up and runs leave behind
	rm -rf .venv .stamps .pytest_cache .ruff_cache src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
