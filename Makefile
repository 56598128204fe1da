# One command for each thing a person does here; `make` alone lists them.
# Needs Python >= 3.11, git and make. Everything is installed into .venv, with pip, from the package index.

REFORM := putuo-2021-9
EXAMPLES := workflows/$(REFORM)/examples
DATABASE := build/putuo.db

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip
PYTHONS := python3 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The steps of the gate, in order. Each is a target of its own: `make types`.
GATE := lint format types layers tests clauses
PYTEST := $(BIN)/python -m pytest -n 2 --cov --cov-report=term

# What `make soak` tries at length, for hours: everything that chance takes part in.
SOAK := tests/faults tests/agreement tests/store tests/unit/formats tests/unit/language tests/unit/evidence

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test soak bench docs clean $(GATE)

help:
	@echo 'make run    install, run the $(REFORM) example into $(DATABASE), show the board'
	@echo 'make test   install what tests need, run the whole gate: $(GATE)'
	@echo 'make soak   try the promises at length: hours, see docs/explanation/promises.md'
	@echo 'make bench  install the contenders, run every benchmark'
	@echo 'make docs   build the documentation into build/docs'
	@echo 'make clean  remove everything that these commands made, except databases'

run: $(VENV)/.has-run
	@mkdir -p build
	$(BIN)/reformflow run $(REFORM) --roster $(EXAMPLES)/roster --ledger $(EXAMPLES)/ledger.csv \
		--db sqlite:///$(DATABASE)
	@echo 'The database is $(CURDIR)/$(DATABASE)'

# All steps run, so that one report names everything that is wrong.
test: $(VENV)/.has-dev
	@failed=; for step in $(GATE); do \
		printf '\n=== gate: %s\n' "$$step"; \
		$(MAKE) --no-print-directory "$$step" || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then printf '\n=== gate: FAILED:%s\n' "$$failed"; exit 1; fi; \
	printf '\n=== gate: passed\n'

lint: $(VENV)/.has-dev
	$(BIN)/ruff check .

format: $(VENV)/.has-dev
	$(BIN)/ruff format --check .

types: $(VENV)/.has-dev
	$(BIN)/mypy

layers: $(VENV)/.has-dev
	$(BIN)/lint-imports --no-cache

tests: $(VENV)/.has-dev
	$(PYTEST)

# What the reform's own properties and examples come to; at least 95 % of its enforced clauses.
clauses: $(VENV)/.has-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile workflows/$(REFORM) \
		--reform-coverage workflows/$(REFORM) --reform-coverage-fail-under 95

# Each run takes another course; what it prints first repeats it.
soak: $(VENV)/.has-dev
	@export REFORMFLOW_SEED="$${REFORMFLOW_SEED:-$$(date +%s)}"; \
	echo "make soak REFORMFLOW_SEED=$$REFORMFLOW_SEED repeats this run"; \
	REFORMFLOW_SOAK=1 HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2 --timeout=0 \
		--hypothesis-seed="$$REFORMFLOW_SEED" $(SOAK)

bench: $(VENV)/.has-bench
	@set -e; for file in $$(grep -l __main__ benchmarks/*.py); do \
		printf '\n=== %s\n' "$$file"; $(BIN)/python "$$file"; \
	done

docs: $(VENV)/.has-docs
	$(BIN)/python -m sphinx -W --keep-going -b html docs build/docs
	@echo 'Open $(CURDIR)/build/docs/index.html'

# Databases in build/ are somebody's work and stay.
clean:
	rm -rf $(VENV) build/docs dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: a stamp for each set of packages, redone when the lists of packages change ------------

$(VENV)/.has-run: SET := .
$(VENV)/.has-dev: SET := .[dev]
$(VENV)/.has-bench: SET := .[bench]
$(VENV)/.has-docs: SET := .[docs]

$(VENV)/.has-run $(VENV)/.has-dev $(VENV)/.has-bench $(VENV)/.has-docs: \
		pyproject.toml constraints.txt | $(VENV)/.made
	$(PIP) install --quiet --disable-pip-version-check --root-user-action=ignore \
		--constraint constraints.txt --editable '$(SET)'
	@touch $@

# A usable environment that is already there is kept; a broken one is made anew. Some systems ship
# Python without ensurepip: then the system's own pip puts one into the environment.
$(VENV)/.made:
	@set -e; \
	if $(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null && $(PIP) --version >/dev/null 2>&1; then \
		echo 'Using the $(VENV) that is there'; \
	else \
		found=; for python in $(PYTHONS); do \
			if "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null; then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo 'No Python >= 3.11 found under the names: $(PYTHONS)' >&2; exit 1; \
		fi; \
		echo "Making $(VENV) with $$($$found --version)"; \
		"$$found" -m venv --clear $(VENV) 2>/dev/null || { \
			"$$found" -m venv --clear --without-pip $(VENV) && \
			"$$found" -m pip --python $(BIN)/python install --quiet pip; \
		} || { echo 'Neither venv nor pip works; install python3-venv' >&2; exit 1; }; \
	fi; \
	touch $@
