# make run   everything, on http://127.0.0.1:$PORT      make test   every test
# make check lint, types, layers, templates, migrations  make bench  figures   make chaos  kills
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check bench chaos lock setup setup-dev clean

run: setup
	@exec $(BIN)/jiamenkou up --port $(PORT)

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PY) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@$(PY) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian or Ubuntu install python3-venv first" >&2; exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.spark: requirements-spark.lock $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-spark.lock
	@touch $@

# Spark's tests run where there is a Java for them and say so elsewhere.
test: setup-dev $(if $(shell command -v java),$(VENV)/.spark)
	@tools/test.sh

check: setup-dev
	@tools/check.sh

bench: setup-dev
	@$(BIN)/python -m bench $(BENCH)

chaos: setup-dev
	@$(BIN)/python -m chaos

lock:
	@tools/lock.sh
