# Needs python3 (3.11 or newer) with pip, make and git; everything else is installed under .tools and .venv.
PY := .venv/bin/python
UV := .tools/bin/uv

.PHONY: run test setup check bench lock dev browser

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
