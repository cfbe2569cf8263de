# Every command of the repository; `make` alone lists them.
# A distribution's Python is built with profile-guided optimization, and runs the tests in a fifth less
# time than one that pyenv has built.
PYTHON ?= $(shell for one in /usr/bin/python3 python3; do \
	$$one -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done; echo $$one)
PORT ?= 8000
VAR ?= var
export PORT VAR
BIN := .venv/bin
# What is installed comes from three places at once.
MAKEFLAGS += --jobs=3
unexport MAKEFLAGS

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/run.stamp static/vendor/.stamp ## install, migrate, start the app, its worker and a stand-in Shopify
	@$(BIN)/python -m scripts.run

test test-all: export PYTHONDONTWRITEBYTECODE =
test: .venv/test.stamp static/vendor/.stamp debian ## install what the tests need and run every test
	@$(BIN)/python -m scripts.browser && $(BIN)/python -m scripts.office && $(BIN)/python -m scripts.proxy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@# mypy runs beside the tests.
	@said=$$(mktemp); $(BIN)/mypy >$$said & types=$$!; \
	$(BIN)/python -m pytest --processes auto --durations 25 $(PYTEST); tests=$$?; \
	wait $$types || tests=1; cat $$said; rm $$said; exit $$tests

test-all: PYTEST := --everything
test-all: test ## run every test on SQLite and on PostgreSQL, with eight times the kills

bench: .venv/bench.stamp static/vendor/.stamp ## print the speed of each thing beside its peer, within a quarter of an hour
	@$(BIN)/python -m benchmarks

bench-full: .venv/bench.stamp static/vendor/.stamp ## the same with exports at full size, in over an hour
	@BENCH_FULL=1 $(BIN)/python -m benchmarks

lint: .venv/test.stamp ## put the code in order and say what is wrong with it
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/mypy

words: .venv/run.stamp ## collect the words of the pages into the catalogues of every language
	@PYTHONPATH=. $(BIN)/pybabel -q extract -F pyproject.toml --ignore-dirs ".venv node_modules static $(VAR)" --omit-header --add-location=file --sort-output --no-wrap -o translations/messages.pot .
	@$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

shots: .venv/test.stamp static/vendor/.stamp ## make the pictures of the documents from the running page
	@$(BIN)/python -m scripts.browser && $(BIN)/python -m scripts.shots

lock: ## pin the requirements again, with hashes
	@sh scripts/lock.sh

clean: ## remove what was installed and every file under VAR
	rm -rf .venv node_modules static/vendor standin/static/vendor $(VAR)

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old. Install Python 3.11 or newer, or name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment. Install its venv module (Debian: python3-venv)."; exit 1; }

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing Python packages …" && $(BIN)/python -m scripts.install $<
	@touch $@

# What the tests import is compiled then, which is less than all.
.venv/test.stamp: requirements/test.txt | .venv/bin/python
	@echo "Installing Python packages …" && $(BIN)/python -m scripts.install $< --no-compile
	@touch $@ .venv/run.stamp

.venv/bench.stamp: requirements/bench.txt | .venv/bin/python
	@echo "Installing Python packages …" && $(BIN)/python -m scripts.install $<
	@touch $@ .venv/test.stamp .venv/run.stamp

static/vendor/.stamp: package-lock.json scripts/inter.sh
	@command -v npm >/dev/null || { echo "Node is missing. Install Node 20 or newer, with npm."; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node is too old. Install Node 20 or newer."; exit 1; }
	@echo "Installing htmx, Inter and the Polaris tokens …" && npm ci --silent --no-audit --no-fund
	@mkdir -p static/vendor standin/static/vendor
	@cp node_modules/htmx.org/dist/htmx.min.js static/vendor/htmx.min.js
	@cp node_modules/@shopify/polaris-tokens/dist/css/styles.css static/vendor/polaris-tokens.css
	@for folder in static/vendor standin/static/vendor; do sh scripts/inter.sh $$folder; done
	@touch $@

# Debian's programs, as far as they can be installed: what is missing then is told by the tests' recipe.
debian:
	@for one in browser office proxy; do $(PYTHON) -m scripts.$$one >/dev/null 2>&1; done; true

.PHONY: debian help run test test-all bench bench-full lint words shots lock clean
