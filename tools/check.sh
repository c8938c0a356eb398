#!/bin/sh
# Lint, format, types, layers, templates, missing migrations, committed hosts and paths.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
say() { printf '%s\n' "-- $1"; }
say "lint"; $bin/ruff check --quiet src tests tools bench chaos
say "format"; $bin/ruff format --quiet --check src tests tools bench chaos
say "types"; $bin/mypy --no-error-summary
say "layers"; $bin/lint-imports --no-cache >"${TMPDIR:-/tmp}/layers.$$" 2>&1 || { cat "${TMPDIR:-/tmp}/layers.$$"; exit 1; }
rm -f "${TMPDIR:-/tmp}/layers.$$"
say "house"; $bin/python tools/house.py
say "migrations"; JIAMENKOU_ROLE=owner $bin/python -m django makemigrations --check --dry-run --settings jiamenkou.site.settings
