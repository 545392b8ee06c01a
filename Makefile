# The commands of this project; `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
SEEDS := ../shared/seeds

.DEFAULT_GOAL := help
.PHONY: help setup run test format lint types unit scenarios features seeds catalogue bench soak clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: setup ## run every scenario under features/ against the reference service
	@$(BIN)/nrfcloud-bdd run --format progress3 --report reports

test: setup format lint types unit scenarios features seeds ## everything that CI runs

setup: .venv/installed ## make .venv and install the project into it

.venv/installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m compileall -q harness mock_nrfcloud reference_service
	@touch $@

format: setup ## check the formatting
	@$(BIN)/ruff format --check --quiet .

lint: setup ## check the code with ruff
	@$(BIN)/ruff check --quiet .

types: setup ## check the types with mypy
	@$(BIN)/mypy
	@$(BIN)/mypy benchmarks

unit: setup ## unit, property and golden tests, with the coverage gate
	@$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

scenarios: setup ## check the scenarios without running them
	@$(BIN)/nrfcloud-bdd lint --forbid-only
	@if test -d $(SEEDS); then $(BIN)/nrfcloud-bdd lint $(SEEDS); fi

features: setup ## the acceptance scenarios
	@$(BIN)/nrfcloud-bdd run --format progress3 --forbid-only

seeds: setup ## the scenarios that the project was born from, where they are at hand
	@if test -d $(SEEDS); then $(BIN)/nrfcloud-bdd run --format progress3 $(SEEDS); \
	else echo "skipped: $(SEEDS) is not there"; fi

catalogue: setup ## write docs/steps.md anew from the step definitions
	@$(BIN)/nrfcloud-bdd steps > docs/steps.md

bench: setup ## the benchmarks, as ratios
	@for script in benchmarks/bench_*.py benchmarks/mock/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

soak: setup ## ten minutes of mixed load on the mock: it loses and leaks nothing
	@$(BIN)/python benchmarks/mock/soak.py

clean: ## remove what the other commands made
	rm -rf .venv reports .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
