# Two commands do all the set-up: `make run` and `make test`.
# Python 3.11 or newer is needed; nothing else, and no root.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format lock audit bench clean

run: $(VENV)/.run
	@exec $(BIN)/obieg up --demo

test: $(VENV)/.dev
	$(BIN)/python -m tests.prerequisites
	$(MAKE) --no-print-directory check
	@# real processes, browsers and clocks on a busy machine: what fails is asked once more, alone
	$(BIN)/pytest -n auto --ignore=tests/config/test_up.py || \
	  { test $$? -eq 1 && $(BIN)/pytest --last-failed --last-failed-no-failures none; }
	$(BIN)/pytest tests/config/test_up.py # it measures seconds: alone

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Obieg needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The lock names versions and hashes only: no index, no host.
COMPILE := uv pip compile pyproject.toml --extra emulator --group setup --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --group audit --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements-audit.lock

# Known holes of what the lock names, as PyPI's advisories tell: it needs the network.
audit:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock
	.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
