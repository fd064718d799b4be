# Voronka: `make run` plays the examples, `make test` checks everything, `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
REQUIREMENTS := requirements/dev.txt

.PHONY: help setup run check test soak lock format clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(STAMP) ## make the virtual environment and install locked dependencies

$(STAMP): $(REQUIREMENTS) requirements/uv.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Нужен Python 3.11 или новее. Python 3.11 or newer is needed."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes $(REQUIREMENTS)
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## play the example funnels: a web chat, and messengers whose tokens stand in .env
	@$(BIN)/voronka run

check: setup ## format, lint, types, imports, dependencies, the examples
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	@$(BIN)/deptry . > .venv/deptry.log 2>&1 || { cat .venv/deptry.log; exit 1; }
	@$(BIN)/voronka check

test: check ## all checks and tests
	@$(BIN)/voronka test
	@$(BIN)/pytest -q -n 3 --dist loadgroup

soak: setup ## the long runs: all experiments, every crash point, more kills, more lives; figures at the end
	@mkdir -p var && rm -f var/soak.jsonl
	@VORONKA_SOAK=1 VORONKA_CRASH_ALL=1 VORONKA_FIGURES=$(CURDIR)/var/soak.jsonl $(BIN)/pytest -q -n 2 --dist loadgroup --timeout 14400 tests/experiments tests/crash tests/bots/test_crashes.py tests/flows/test_engine_lives.py tests/flows/test_random_funnels.py tests/flows/test_clock_changes.py tests/flows/test_fuzz.py; \
	code=$$?; test ! -f var/soak.jsonl || $(BIN)/python -m tests.experiments.figures var/soak.jsonl; exit $$code

format: setup ## format the code
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

lock: ## resolve the dependencies anew, names and hashes only
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade requirements/uv.in -o requirements/uv.txt > /dev/null
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --all-extras --group dev pyproject.toml -o $(REQUIREMENTS) > /dev/null

clean: ## remove the virtual environment and caches (not var/ and .env)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
