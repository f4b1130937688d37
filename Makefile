PY := .venv/bin/python
EXTRA_ARGS ?=

unexport PYTHONDONTWRITEBYTECODE # Each process that starts would compile the whole app again.

.DEFAULT_GOAL := help
.PHONY: help setup run test faults serve screenshots check bench installed installed-dev chromium

help: ## what there is to type
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: installed-dev ## everything needed, into .venv

run: installed ## start everything here: database, Valkey, web, worker, demo book
	@exec $(PY) -m wiseops.processes run

serve: installed ## web and worker in one, for a container
	@WISEOPS_SERVE=1 exec $(PY) -m wiseops.processes serve

test: installed-dev chromium ## every test, on SQLite, PostgreSQL and in a browser
	$(PY) -m pytest -n 3 $(EXTRA_ARGS)

faults: installed-dev chromium ## the long fault runs: killed workers, flushed Redis, black holes
	$(PY) -m pytest -m faults $(EXTRA_ARGS)

bench: installed-dev ## ratios on SQLite and PostgreSQL, printed
	$(PY) -m bench $(EXTRA_ARGS)

screenshots: installed-dev chromium ## every page, wide and narrow, light and dark, into screenshots/
	$(PY) -m tests.screenshots $(EXTRA_ARGS)

check: installed-dev ## format, lint, types, import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

installed:
	@.ci/install requirements.txt

installed-dev: installed
	@.ci/install requirements-dev.txt

chromium:
	@.ci/chromium
