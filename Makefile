# Kentering. `make help` lists what can be asked for.
# Needs: Debian (or alike), python3.11, pip, make. Everything else is set up here, inside .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3

BIN := .venv/bin
# Debian ships venv without ensurepip; the host's pip fills the environment from outside it.
# Hashes are required, nothing is built from source, and the locks name every package, so pip resolves nothing.
INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --no-input \
	install --quiet --require-hashes --no-deps --only-binary :all:

.PHONY: run demo-reset totp setup setup-run chromium libreoffice test cover long bench audit lint format lock clean help

## run: fill a demo programme and serve both sites (SITE_PORT, OFFICE_PORT, DATA_DIR)
run: setup-run
	@exec $(BIN)/python app.py demo serve

## demo-reset: throw the demo programme away
demo-reset: setup-run
	@$(BIN)/python app.py demo reset

## totp: print a demo account's second factor (NAME=...)
totp: setup-run
	@$(BIN)/python app.py demo totp "$(or $(NAME),$(error Say whose: make totp NAME=...))"

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
setup-run: .venv/.runtime $(CATALOGUES)
setup: .venv/.development $(CATALOGUES)

$(BIN)/python:
	@$(PYTHON) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This needs Python 3.11 or newer, with pip. Say which: make $(MAKECMDGOALS) PYTHON=..." >&2; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv --without-pip .venv

.venv/.runtime: requirements/base.txt | $(BIN)/python
	@echo "Installing what it runs on (requirements/base.txt)"
	@$(INSTALL) -r requirements/base.txt
	@touch $@

.venv/.development: requirements/dev.txt | $(BIN)/python
	@echo "Installing what builds and tests it (requirements/dev.txt)"
	@$(INSTALL) -r requirements/dev.txt
	@touch .venv/.runtime $@

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

chromium:
	@command -v chromium >/dev/null && exit; \
	root=; if [ "$$(id -u)" != 0 ]; then root="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
		echo "Installing Chromium with apt"; \
		$$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	else \
		echo "The tests look at the pages in Chromium. Install it (Debian: apt-get install chromium), then try again." >&2; \
		exit 1; \
	fi

## test: everything that must hold before a change goes in; pytest speaks last
test: setup chromium lint
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

## cover: the same tests, and which branches none of them takes: tracing costs as much as the tests do
cover: setup chromium
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report=term

## long: the branches, then full repetitions, as one table
long: cover
	@$(BIN)/python -m pytest -m "long or hypothesis" --hypothesis-profile=long

## bench: how fast, against a bare Flask in the same run; and whether a long past makes anything slower
bench: setup
	@$(BIN)/python -m bench.run
	@$(BIN)/python -m bench.growth
	@$(BIN)/python -m bench.flood
	@$(BIN)/python -m bench.figures
	@$(BIN)/python -m bench.counting

## audit: what needs npm or more of apt: html-validate, Lighthouse, the Observatory; our files in LibreOffice, pandas, frictionless
audit: setup chromium libreoffice audit/node_modules/.installed .venv/readers/.installed
	@$(BIN)/python -m audit.run

libreoffice:
	@command -v soffice >/dev/null && exit; \
	root=; if [ "$$(id -u)" != 0 ]; then root="sudo -n"; fi; \
	echo "Installing LibreOffice with apt"; \
	$$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null

.venv/readers/.installed: requirements/audit.txt
	@echo "Installing what reads our files (requirements/audit.txt)"
	@$(PYTHON) -m venv --without-pip .venv/readers
	@$(subst $(BIN)/python,.venv/readers/bin/python,$(INSTALL)) -r requirements/audit.txt
	@touch $@

audit/node_modules/.installed: audit/package-lock.json audit/package.json audit/.npmrc
	@command -v node >/dev/null && command -v npm >/dev/null || { \
		echo "The audit's tools are made for Node 20.19 or newer, with npm. Install both, then try again." >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || \
		{ echo "The audit's tools need Node 20.19 or newer; this one is $$(node --version)." >&2; exit 1; }
	@echo "Installing what audits it (audit/package-lock.json)"
	@cd audit && npm ci --no-progress --loglevel=error
	@touch $@

## lint: style, layout, types, who may import whom, and the rules for texts
lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python app.py content check

## format: lay the code out
format: setup
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

## lock: write requirements/*.txt from the .in files (LOCK=--upgrade for what they do not name)
lock: setup
	@cd requirements && for name in base dev audit; do \
		../$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-config --no-header \
			--no-emit-index-url --no-emit-find-links --python-version 3.11 $(LOCK) \
			$$name.in --output-file $$name.txt; \
	done

## clean: remove what was made here, but no data
clean:
	@rm -rf audit/node_modules .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

## help: this list
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))
