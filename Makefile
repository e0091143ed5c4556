# The commands of the README; CI runs `make test` and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEVELOP := $(VENV)/.develop
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Tests wait for shells and containers more than they compute.
WORKERS ?= 4
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := workshop
.PHONY: workshop test test-services test-engines test-machines test-hub test-class browser database proxy lint format bench soak pictures profiles messages site dist clean

workshop: $(READY) ## set up what is missing, then open the workshop; without an engine there is still all there is to read
	@$(BIN)/workshop doctor --fix --quiet || [ $$? -eq 3 ]
	@$(BIN)/workshop

test: $(DEVELOP) browser database ## everything that must hold before a change lands
	@$(BIN)/workshop doctor --fix --quiet
	@$(MAKE) --no-print-directory lint
	@PYTHONDEVMODE=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST)

test-engines: $(DEVELOP) ## the engine and lab tests against the engines of several Debian suites; as root, takes an hour
	@$(BIN)/workshop doctor --fix --quiet
	@$(BIN)/python -m tools.engines $(ENGINES)

test-machines: $(DEVELOP) ## the README's way on fresh virtual machines; as root, takes hours where processors are emulated
	@$(BIN)/python -m tools.machines $(MACHINES)

test-services: $(DEVELOP) ## real services watched and given profiles: a database, which takes minutes
	@$(BIN)/workshop doctor --fix --quiet
	@PYTHONDEVMODE=1 $(BIN)/python -m pytest tests/engine/trace -m "slow or not slow"

test-hub: $(DEVELOP) browser database proxy ## a class behind JupyterHub with its proxy, browsers and a database; as root, takes a minute
	@$(BIN)/python -m pytest tests/hub -m "slow or not slow"

test-class: $(DEVELOP) browser ## a whole class: five browsers, each in a box, and the instructor's screen in a sixth; as root
	@$(BIN)/python -m pytest tests/classroom -m "slow or not slow"

proxy: $(DEVELOP) ## what the test of a class behind JupyterHub needs; it is skipped where that cannot be had
	@command -v configurable-http-proxy >/dev/null || [ -x $(VENV)/node/node_modules/.bin/configurable-http-proxy ] || { \
	  echo "Installing configurable-http-proxy, for the test of a class behind JupyterHub ..." && \
	  npm install --silent --no-audit --no-fund --prefix $(VENV)/node configurable-http-proxy@5.3.0; \
	} || echo "configurable-http-proxy could not be installed: the test behind JupyterHub will be skipped" >&2

database: ## what the tests of records in a database need; they are skipped where there is no such package
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || { \
	  echo "Installing PostgreSQL, for the tests of records in a database ..." && \
	  $(SUDO) apt-get update --quiet=2 && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends --option DPkg::Lock::Timeout=600 postgresql >/dev/null; \
	} || echo "PostgreSQL could not be installed: the tests with a database will be skipped" >&2

browser: ## what the test of the served workshop needs; it is skipped where there is no such package
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Installing chromium, for the test of \`workshop serve\` ..." && \
	  $(SUDO) apt-get update --quiet=2 && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends --option DPkg::Lock::Timeout=600 chromium >/dev/null; \
	} || echo "Chromium could not be installed: the test in a browser will be skipped" >&2

lint: $(DEVELOP)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/imports.log || { cat .venv/imports.log; exit 1; }
	@$(BIN)/workshop lint labs/seccomp
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

format: $(DEVELOP)
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(DEVELOP) ## ratios measured side by side; not part of the tests
	@$(BIN)/workshop doctor --fix --quiet
	@$(BIN)/python -m tools.bench $(BENCH)

soak: $(DEVELOP) ## many verifications, kills and runs of the app's tests on busy processors, and whole classes; not part of the tests
	@$(BIN)/workshop doctor --fix --quiet
	@$(BIN)/python -m tools.soak $(SOAK)
	@$(MAKE) --no-print-directory test-class
	@$(MAKE) --no-print-directory test-hub

pictures: $(DEVELOP) ## take the documentation's pictures of the app anew
	@$(BIN)/python -m tools.screenshots $(PICTURES)

profiles: $(READY) ## write profiles/*.json from their grouped source
	@$(BIN)/python -m tools.profiles

messages: $(DEVELOP) ## bring the app's texts in other languages up to date with the source, and compile them
	@$(BIN)/python -m tools.messages $(LANGUAGES)

site: $(DEVELOP) ## the documentation, strict about links, in build/site
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky --builder html docs build/site

dist: $(DEVELOP) ## the wheel and the source distribution, in dist
	@$(BIN)/python -m build --outdir dist

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	@echo "Installing the workshop and its Python packages into $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make virtual environments; on Debian install the package python3-venv" >&2; exit 2; }
	@$(PIP) --editable '.[serve]'
	@touch $@

$(DEVELOP): $(READY) # what a learner does not need
	@echo "Installing what testing and developing need ..."
	@$(PIP) pip
	@$(PIP) --editable '.[serve,classroom,hub]' --group dev
	@touch $@
