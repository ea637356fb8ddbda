# Kentering. `make help` lists what can be asked for.
# Needs: Debian (or alike), python3.11, pip, make. Everything else is set up here, inside .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SITE_PORT ?= 8000
OFFICE_PORT ?= 8001
DATA_DIR ?= var
export SITE_PORT OFFICE_PORT DATA_DIR

BIN := .venv/bin
# Debian ships venv without ensurepip; the host's pip fills the environment from outside it.
# Hashes are required, nothing is built from source, and the locks name every package, so pip resolves nothing.
INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --no-input \
	install --quiet --require-hashes --no-deps --only-binary :all:

.PHONY: run demo-reset totp setup setup-run chromium test long bench lint format lock clean help

## run: fill a demo programme and serve both sites (SITE_PORT, OFFICE_PORT, DATA_DIR)
run: setup-run
	@exec $(BIN)/python app.py demo serve

## demo-reset: throw the demo programme away
demo-reset: setup-run
	@$(BIN)/python app.py demo reset

## totp: print a demo account's second factor (NAME=...)
totp: setup-run
	@$(BIN)/python app.py demo totp "$(or $(NAME),$(error Say whose: make totp NAME=...))"

setup-run: .venv/.runtime
setup: .venv/.development

$(BIN)/python:
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
