# Needs python3 (3.11 or newer) with pip, make and git; everything else is installed under .tools and .venv.
PY := .venv/bin/python
UV := .tools/bin/uv

.PHONY: run test setup check bench lock dev browser soak mutants

run: setup
	@exec $(PY) app.py run

setup:
	@.ci/install requirements.txt .venv/.ready

test: browser
	@exec $(PY) -m pytest -n 2 --dist loadgroup

check: dev
	@$(PY) -m ruff format --check
	@$(PY) -m ruff check
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --lint --quiet templates

# Random days beside the model for so many minutes, each checkpoint with five seeds, and 50 districts for a virtual day.
MINUTES ?= 30
soak: dev
	@$(PY) -m tests.machine --minutes $(MINUTES)
	@$(PY) -m tests.crash --seeds 5
	@$(PY) -m tests.soak

# One guard at a time is taken out of a copy of the tree; a test that carries its id must notice.
mutants: dev
	@exec $(PY) -m tests.mutants

bench: dev
	@exec $(PY) -m tests.bench

dev: setup
	@.ci/install requirements-dev.txt .venv/.ready-dev

browser: dev
	@$(PY) -m tests.browser.chromium

# Hashed requirements hold no registry address; a uv.lock would hold one on every line.
LOCK := $(UV) pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes --no-header -q
lock: setup
	@$(LOCK) -o requirements.txt
	@$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt
	@! grep :// requirements.txt requirements-dev.txt
