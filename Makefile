# Tasks of a checkout. Without make: see the README.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
OUT := output
PLUGINS := $(sort $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml)))
PROJECTS := pyproject.toml constraints.txt $(addsuffix /pyproject.toml,$(PLUGINS))
WORKERS ?= 2

# The first of these that is Python 3.11 or newer; a shim without an interpreter behind it is passed over.
FIND_PYTHON = for name in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	echo "$$name"; exit 0; fi; done; \
	echo 'Python 3.11 or newer (with venv) was not found. Install it, or say where it is: make PYTHON=/path/to/python3 ...' >&2; exit 1

# pip as its user has it configured; nothing here names a package index.
INSTALL = python=$$($(FIND_PYTHON)); \
	test -x $(BIN)/python || "$$python" -m venv $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt

.PHONY: help demo test lint format docs bench screenshots messages test-judges test-engines install clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

# One stamp for users (demo), one for contributors; the second holds all of the first.
$(VENV)/.installed: $(PROJECTS)
	@echo 'Setting up $(VENV) (about 100 packages, once) ...'
	@$(INSTALL) -e '.[files,lab]' $(addprefix -e ./,$(PLUGINS))
	@touch $@

$(VENV)/.installed-all: $(PROJECTS)
	@echo 'Setting up $(VENV) for contributors (about 160 packages, once) ...'
	@$(INSTALL) -e '.[files,lab,test,docs]' $(addprefix -e ./,$(PLUGINS))
	@touch $(VENV)/.installed $@

install: $(VENV)/.installed-all ## Set up .venv with everything a contributor needs

demo: $(VENV)/.installed ## Render the briefs, run the explorer, then serve JupyterLab (LAB=0: without the server)
	@$(BIN)/volresearch demo $(OUT)

test: $(VENV)/.installed-all ## Run every test of this package and of the plugins
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -rs tests $(wildcard $(addsuffix /tests,$(PLUGINS)))

lint: $(VENV)/.installed-all ## Check style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.installed-all ## Put the sources into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.installed-all ## Build the documentation into docs/_build/html; a warning is an error
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo 'docs/_build/html/index.html'

bench: $(VENV)/.installed-all ## Measure start-up and the heavy verbs
	@for file in $(sort $(wildcard benchmarks/*/bench_*.py)); do echo "== $$file"; $(BIN)/python $$file; done

screenshots: $(VENV)/.installed-all ## Take the pictures of the documentation (needs Chromium)
	@$(BIN)/python tests/browser/screenshots.py docs/_static

LOCALE := volresearch/text/locale
messages: $(VENV)/.installed-all ## Collect the interface words, update and compile the catalogues
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k 'tr:1' -k 'ntr:1,2' -k 'mark:1' --no-default-keywords --sort-output \
		--add-location=file --project volresearch --version '' --copyright-holder 'volresearch contributors' --msgid-bugs-address 'volresearch contributors' \
		-o build/volresearch.pot volresearch
	@for lang in es fr zh; do mkdir -p $(LOCALE)/$$lang/LC_MESSAGES; \
		verb=$$(test -f $(LOCALE)/$$lang/LC_MESSAGES/volresearch.po && echo 'update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date' || echo init); \
		$(BIN)/pybabel -q $$verb -D volresearch -i build/volresearch.pot -d $(LOCALE) -l $$lang; done
	@$(BIN)/pybabel -q compile -D volresearch -d $(LOCALE)

# Each judge and engine lives in an environment of its own; these two may need the network.
test-judges: $(VENV)/.installed-all ## Hold what we write against other programs (environments of their own)
	@bash tests/judges/run.sh

test-engines: $(VENV)/.installed-all ## Run the one group-by on other engines (environments of their own)
	@bash tests/engines/run.sh

clean: ## Remove what was made, environments included
	rm -rf $(VENV) .venv-* $(OUT) build dist docs/_build docs/jupyter_execute .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
