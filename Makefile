# The two that matter: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Wheels only: nobody who installs the console should need a compiler.
INSTALL := $(PIP) install -qq --compile --only-binary :all: --constraint constraints.txt
DEMO := demo/helpdesk.db
# Many tests wait for a terminal or a process: one more at a time than there are processors keeps these busy.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

# What the tests use of Debian: cairo and a font draw the screenshots, tmux is the terminal of the end-to-end tests.
SYSTEM_PACKAGES := fonts-dejavu-core libcairo2 python3-venv tmux

# What benchmarks compare with; a measure whose program is missing says so.
BENCH_PACKAGES := aerc fzf mutt openssh-client openssh-server

# Folders that come and go; a missing one must not stop the checks.
TYPED := $(wildcard console tests benchmarks tools)

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help demo test check fmt bench bench-packages screenshots lock system-packages clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/installed ## open the console on a demonstration database, made if there is none
	@mkdir -p $(dir $(DEMO))
# Made under another name first, so that an interrupted run leaves no half database to be opened next time.
	@test -e $(DEMO) || { rm -f $(DEMO).new*; \
	  $(BIN)/helpdesk --database $(DEMO).new demo --no-open && mv $(DEMO).new $(DEMO); }
	@$(BIN)/helpdesk --database $(DEMO)

test: $(VENV)/installed-for-tests ## install, then run every check and test
	@$(MAKE) check

check: $(VENV)/installed-for-tests ## format, lint, types, imports, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

fmt: $(VENV)/installed-for-tests ## format and sort imports
	$(BIN)/ruff check --fix-only --select I --quiet
	$(BIN)/ruff format

bench: $(VENV)/installed-for-tests ## take the measures of benchmarks/
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/installed-for-tests ## draw docs/screenshots/ from the real console
	$(BIN)/python tools/screenshots.py

lock: ## write constraints.txt anew: the newest versions pyproject.toml allows
	@PYTHON="$(PYTHON)" sh -eu -c '$(CHECK_PYTHON); \
	  at=$$(mktemp -d); trap "rm -rf $$at" EXIT; \
	  $$PYTHON -m venv $$at/venv; \
	  $$at/venv/bin/python -m pip --disable-pip-version-check install -qq --only-binary :all: ".[test]"; \
	  { sed -n "/^#/p" constraints.txt; \
	    $$at/venv/bin/python -m pip --disable-pip-version-check freeze --exclude helpdesk-console; } > $$at/constraints.txt; \
	  cp $$at/constraints.txt constraints.txt'

system-packages: ## as root: install what the tests need of Debian
	@$(call INSTALL_PACKAGES,$(SYSTEM_PACKAGES))

bench-packages: ## as root: install the programs that the benchmarks compare with
	@$(call INSTALL_PACKAGES,$(BENCH_PACKAGES))

clean: ## remove what was installed and cached; the demonstration database stays
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find console tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

define INSTALL_PACKAGES
dpkg --status $(1) >/dev/null 2>&1 || { \
  command -v apt-get >/dev/null || { echo "make $@ needs apt-get. Elsewhere install what these hold: $(1)." >&2; exit 1; }; \
  test "$$(id -u)" = 0 || { echo "make $@ must be root to install packages: sudo make $@" >&2; exit 1; }; \
  export DEBIAN_FRONTEND=noninteractive; \
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1); }
endef

# Debian splits ensurepip off; without it `python3 -m venv` fails with a page of advice and leaves half a folder.
define CHECK_PYTHON
command -v "$$PYTHON" >/dev/null || { \
  echo "$$PYTHON was not found: install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }; \
"$$PYTHON" -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
  echo "$$("$$PYTHON" --version) is too old: Python 3.11 or newer is needed, name one: make PYTHON=python3.12" >&2; exit 1; }; \
"$$PYTHON" -c "import ensurepip, venv" 2>/dev/null || { \
  echo "$$PYTHON cannot make virtual environments: as root, run apt install python3-venv" >&2; exit 1; }
endef

# A folder left by an interrupted run has no working pip and is made anew.
$(VENV)/made:
	@PYTHON="$(PYTHON)" sh -eu -c '$(CHECK_PYTHON); \
	  $(PIP) --version >/dev/null 2>&1 || "$$PYTHON" -m venv --clear $(VENV)'
	@touch $@

# The build backend is installed first, at its locked version: an isolated build would fetch the newest.
$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing the locked versions into $(VENV)"
	@$(INSTALL) editables hatchling
	@$(INSTALL) --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q console
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	@$(INSTALL) --no-build-isolation --editable '.[test]'
	@touch $@
