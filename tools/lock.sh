#!/bin/sh
# Turns the dependency lists of pyproject.toml into hashed locks without any address.
set -eu
compile() { uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate "$@"; }
compile pyproject.toml -o requirements.lock
compile pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
compile pyproject.toml --extra spark -c requirements.lock -o requirements-spark.lock
