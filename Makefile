# auditkit: every task of the project. `make` alone lists them.
# Needs Python 3.11 or newer and make; another Python: make report PYTHON=python3.12

VENV ?= .venv
BIN := $(VENV)/bin
SAMPLE := build/sample

# The first Python on the path that is new enough; asked only when the environment is made.
NEW_ENOUGH = import sys; sys.version_info >= (3, 11) or sys.exit(1)
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && exit; done; echo python3)

.DEFAULT_GOAL := help
.PHONY: help setup report test lint format wheel sample docs gold messages bench lock clean

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.ready ## Make the virtual environment with the locked dependencies

$(VENV)/.ready: pyproject.toml requirements.lock
	@set -e; python="$(PYTHON)"; \
	"$$python" -c '$(NEW_ENOUGH)' || { \
		echo "auditkit needs Python 3.11 or newer, and '$$python' is not: make PYTHON=/path/to/python3.12"; exit 1; }; \
	echo "Setting up $(VENV) with $$("$$python" --version): a minute or two, once."; \
	"$$python" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@

report: setup $(SAMPLE)/.made ## Run the audit on the sample: HTML and PDF for every team
	@$(BIN)/auditkit run -w $(SAMPLE)

$(SAMPLE)/.made: data/sample/audit.toml data/sample/planted.json | $(VENV)/.ready
	@rm -rf $(SAMPLE)
	@$(BIN)/auditkit new $(SAMPLE) --sample
	@touch $@

test: setup ## Run the tests
	@$(BIN)/python -m pytest -q -n auto

lint: setup ## Check the code and its layout
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: setup ## Put the layout right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel: setup ## Build the source archive and the wheel into dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation

sample: setup ## Make data/sample anew (the same files each time)
	@$(BIN)/python scripts/make_sample.py

docs: setup ## Make the generated pages of docs/ anew
	@$(BIN)/python scripts/make_docs.py

gold: setup ## Make the gold pages of tests/gold anew; look at them before you keep them
	@$(BIN)/python tests/export/gold.py

messages: setup ## Bring the translations in step with the texts: every catalogue of src/auditkit/locale
	@$(BIN)/python scripts/make_messages.py

bench: setup ## Measure start-up, charts, and a million tickets, against baselines of the same run
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/exhibits.py
	@$(BIN)/python benchmarks/million.py

lock: setup ## Choose the newest versions and write requirements.lock
	@$(BIN)/python scripts/lock.py

clean: ## Remove everything that can be made again, the environment included
	rm -rf build dist $(VENV) .pytest_cache .ruff_cache .hypothesis
