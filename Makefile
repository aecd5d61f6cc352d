# Two commands: `make run` starts a collector with a local agent, `make test` passes every test.
# They need Python 3.11 or newer, make, and a package index that pip can reach.

PYTHON ?= python3
# one worker more than there are processors: many tests wait for a real program
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
BIN = .venv/bin
SETUP = .venv/.set-up

.PHONY: run demo test check setup bench corpus generate lock clean

## run: a collector (embedded SQLite) and an agent on this machine; NETWORKS="10.1.0.0/24 …" also sweeps those
run: $(SETUP)
	@$(BIN)/python deploy/run.py $(foreach network,$(NETWORKS),--network $(network))

## demo: three simulated schools, each with its agent, on loopback
demo: $(SETUP)
	@$(BIN)/python deploy/demonstrate.py

## test: every test; what a missing program makes impossible is skipped, and named (CI forbids skipping)
# the tests start hundreds of processes, and one without compiled modules takes three times as long to start
test: $(SETUP)
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -rs -n $(WORKERS) --dist loadfile --no-loadscope-reorder

## check: format, lint, types, import contracts, protocol
check: $(SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=.:proto $(BIN)/lint-imports --no-cache
	cd proto && ../$(BIN)/buf lint && ../$(BIN)/buf breaking --against released/v1.binpb

## bench: WHAT=name runs tests/bench/name.py and prints a line a figure
bench: $(SETUP)
	@test -n "$(WHAT)" || { echo "which? make bench WHAT=$$(cd tests/bench && ls [a-z]*.py | sed 's/\.py$$//' | paste -sd'|')"; exit 2; }
	@PYTHONPATH=.:proto $(BIN)/python tests/bench/$(WHAT).py

setup: $(SETUP)

$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stocktake needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(SETUP)

## corpus: how much of ../shared/corpus is read right, into tests/bench/corpus.md; says so where the folder is absent
corpus: $(SETUP)
	@PYTHONPATH=.:proto $(BIN)/python tests/bench/corpus.py

## generate: the Python code of the .proto files, and docs/knowledge.md
generate: $(SETUP)
	PYTHON=$(CURDIR)/$(BIN)/python proto/generate.sh
	@$(BIN)/python deploy/describe_knowledge.py
	@$(BIN)/python deploy/grafana/make.py

## lock: resolve exact versions anew (needs uv)
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --all-extras --group dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
