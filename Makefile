# Each target sets up what it needs in .venv. CI runs `make check`, `make test` and `make test-services`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test test-services check bench experiments format weights

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

setup: $(READY) ## install milan and its tools into .venv

demo: $(READY) ## describe a real network on bundled pictures, offline; writes milan-demo/
	$(BIN)/milan demo

test: $(READY) ## the test suite
	$(BIN)/python -m pytest tests

test-services: $(READY) ## tests with PostgreSQL and a browser, which it installs as root where they are missing
	tests/services/install.sh
	PYTHONPATH=tests $(BIN)/python -m pytest -p services.postgresql tests/services tests/milan/catalog

check: $(READY) ## format, lint, types, import directions, doctests, exported names
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest milan captioner tests/test_exported_names.py

format: $(READY) ## apply the formatter and the safe lint fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# those that need no data of yours; the others say in their first lines what they are given
BENCH := audit compare correlation descriptions determinism disk distances exemplars planted planted_text probes scenes serve

bench: $(READY) ## the measurements of docs/performance.md that need no data (minutes to an hour)
	for name in $(BENCH); do echo "== $$name"; $(BIN)/python tests/benchmarks/$$name.py || exit 1; done

SEED ?= 0

experiments: $(READY) ## docs/experiments.md for one SEED (default 0); pictures, networks and figures go to local/experiments
	$(BIN)/python tests/experiments/shortcut.py --work local/experiments/shortcut --seed $(SEED)
	$(BIN)/python tests/experiments/importance.py --work local/experiments/shortcut --seed $(SEED)
	$(BIN)/python tests/experiments/faces.py --work local/experiments/faces --seed $(SEED)
ifneq ($(DATA),)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[experiments]'
	$(BIN)/python tests/experiments/shortcut_photos.py --data $(DATA)
	$(BIN)/python tests/experiments/faces_photos.py --data $(DATA) --work local/experiments/faces-photos --seed $(SEED)
endif
