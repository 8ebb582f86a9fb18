# Everything lives in .venv; a target that has nothing to do takes a second.

PYTHON ?= python3
VENV := .venv
UNIT_VENV := .venv-unit
BIN := $(VENV)/bin
DEMO_ARGS ?=
PYTEST_ARGS ?=
# More tests at a time than there are processors: most wait for jobs, pages and kernels more than half of their time.
# One test at a time: `make test WORKERS= BROWSER_WORKERS=`.
BROWSER_WORKERS ?= -n 4 --dist worksteal
WORKERS ?= -n 8 --dist worksteal
# Where this is set, each kernel that the tests start compiles the package anew.
export PYTHONDONTWRITEBYTECODE :=
# `make test COVERAGE=1` measures what the tests without a browser run, with branches, and says how much that is; neither
# what they start as processes nor the tests that interrupt at any moment, which coverage's own locks do not survive.
COVERAGE ?=
MEASURE := $(if $(COVERAGE),--cov --cov-report=)

.DEFAULT_GOAL := help
.PHONY: help demo test unit check docs gallery lint format build-js clean distclean

help:
	@echo 'make demo      live jobs on a page in your browser, against a simulated server'
	@echo 'make test      all tests, with a real JupyterLab, Voilà and Chromium'
	@echo 'make unit      the tests that need no browser, no JupyterLab and no socket, in Python and JavaScript: a minute'
	@echo 'make check     lint, types and unit: before every commit'
	@echo 'make docs      the documentation as a site, docs/_build/html/index.html'
	@echo 'make gallery   pictures of every state of the card in every theme, test-results/gallery'
	@echo 'make lint      ruff, mypy and what looks at the workflows; with Node packages also Biome and tsc'
	@echo 'make format    what ruff can mend by itself'
	@echo 'make build-js  the frontend bundles, fiddler_widgets/static and labextension (needs Node)'
	@echo 'make clean     remove what tests and builds left; distclean: also .venv and Node packages'

demo: $(VENV)/.installed-demo
	@exec $(BIN)/fiddler-widgets demo $(DEMO_ARGS)

# A comma would end an argument of make's `if`.
REPORT := echo "Coverage of unit, docs and http, with branches: $$($(BIN)/python -m coverage report --format=total) %"

# The unit tests of the frontend and of the package; those in Python mostly wait for threads.
in-both-languages = printf '%s\t%s\n' JavaScript '$(1)' Python '$(2)' | .ci/side-by-side 2

# In processes of their own: unit tests, which look at every thread of theirs, and browser tests, since Playwright
# keeps an event loop running that others cannot do with.
test: $(VENV)/.installed-test $(VENV)/collaboration/.installed
	@.ci/ensure-browser $(BIN)/python
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(call in-both-languages,.ci/frontend-tests,$(BIN)/python -m pytest $(WORKERS) $(MEASURE) tests/unit)
	@$(BIN)/python -m pytest $(WORKERS) -m 'not alone' $(if $(MEASURE),$(MEASURE) --cov-append) tests/docs tests/http
	@$(BIN)/python -m pytest -m alone tests/http
	@$(if $(MEASURE),$(REPORT),true)
	@exec $(BIN)/python -m pytest $(BROWSER_WORKERS) tests/e2e
else
	@.ci/frontend-tests
	@exec $(BIN)/python -m pytest $(BROWSER_WORKERS) $(PYTEST_ARGS)
endif

# From an environment of its own, which is small and never waits for JupyterLab to be installed.
unit: $(UNIT_VENV)/.installed-unit
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(call in-both-languages,.ci/frontend-tests --install,$(UNIT_VENV)/bin/python -m pytest $(WORKERS) tests/unit)
else
	@exec $(UNIT_VENV)/bin/python -m pytest $(WORKERS) tests/unit $(PYTEST_ARGS)
endif

check: lint unit

# A warning is an error, and so is a reference that leads nowhere.
docs: $(VENV)/.installed-docs
	@$(BIN)/python -m sphinx -q -E -W --keep-going -n -b html docs docs/_build/html
	@echo 'docs/_build/html/index.html'

gallery: $(VENV)/.installed-test
	@.ci/ensure-browser $(BIN)/python
	@exec $(BIN)/python -m tools.gallery

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/zizmor --offline --quiet .github
	@if [ -d js/node_modules ]; then cd js && npm run --silent lint && npm run --silent check; \
	else echo 'Biome and tsc were skipped: no js/node_modules (cd js && npm ci).'; fi

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

build-js:
	cd js && npm ci --no-audit --no-fund && npm run build

clean:
	rm -rf build dist docs/_build test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find fiddler_widgets tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) $(UNIT_VENV) .venvs js/node_modules

# Editable, so that a change of the sources needs no new installation and a change of pyproject.toml does.
define install
@echo 'Installing into $(@D) (once; some minutes on a slow line) ...'
@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --editable $(1)
@touch $@
endef

$(VENV)/.installed-demo: pyproject.toml $(VENV)/.made
	$(call install,'.[demo]')

$(VENV)/.installed-%: pyproject.toml $(VENV)/.made
	$(call install,'.[demo]' --group $*)

# Not among the other packages: only the JupyterLab that is told of the folder has it.
$(VENV)/collaboration/.installed: pyproject.toml $(VENV)/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(@D) --group collaboration
	@touch $@

$(UNIT_VENV)/.installed-unit: pyproject.toml $(UNIT_VENV)/.made
	$(call install,. --group unit)

# The mark is the last thing put in place, so a half-made environment is made anew.
%/.made:
	@.ci/make-venv $(PYTHON) $(@D)
	@touch $@
