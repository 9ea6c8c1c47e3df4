PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Its tests fork the process that they run in, which must have one thread.
JAIL := tests/inside/test_jail.py

.PHONY: grade test check mutants bench bench-scale soak wheel clean

# Grade the library's own model answers.
grade: $(READY)
	$(BIN)/grade check .

# Run the tests of the grader and of the library. Those of a module stay
# together: some share what takes a minute to make. The modules with the most
# tests come first, so that none ends long after the others.
test: $(READY)
	$(BIN)/python -m pytest -q $(JAIL)
	$(BIN)/python -m pytest -q -n logical --dist loadfile --ignore $(JAIL)

# What CI checks besides the tests.
check: $(READY)
	$(BIN)/python -m mypy grader tests alx
	set -e; for platform in win32 darwin; do \
	    $(BIN)/python -m mypy --platform $$platform \
	        --cache-dir .mypy_cache/$$platform grader; \
	done
	set -e; for manifest in */tasks.toml; do \
	    $(BIN)/python -m mypy $$(dirname $$manifest)/*.py; \
	done
	set -e; for checks in $$(ls */checks/test_*.py | xargs -n1 dirname | \
	        sort -u); do \
	    $(BIN)/python -m mypy $$checks/*.py; \
	done
	MYPYPATH=more $(BIN)/python -m mypy -p alx_web
	set -e; for folder in more/*/tasks.toml; do \
	    at=$$(dirname $$folder); MYPYPATH=more:$$at $(BIN)/python -m mypy \
	        --explicit-package-bases $$at/*.py $$at/*/*.py; \
	done
	$(BIN)/pycodestyle --exclude=.venv,build .
	$(BIN)/grade lint
	$(BIN)/grade lint --library more

# Mutants of every model answer: what no check notices, and idle checks.
mutants: $(READY)
	$(BIN)/python -m tests.mutants

# How fast it is, as ratios; then how it grows with submissions and rows.
bench: $(READY)
	$(BIN)/python -m tests.tools.bench

bench-scale: $(READY)
	$(BIN)/python -m tests.tools.bench scale

# Hundreds of hostile submissions in a row leave nothing behind.
soak: $(READY)
	$(BIN)/python -m tests.tools.soak

wheel: $(READY)
	$(BIN)/python -m pip wheel --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@
