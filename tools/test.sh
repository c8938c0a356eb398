#!/bin/sh
# Every test, on all cores. Chromium drives the journeys: where it is missing this says so and fails;
# JIAMENKOU_NO_BROWSER=1 leaves those tests out (CI never sets it).
set -eu
cd "$(dirname "$0")/.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
marks=""
if [ "${JIAMENKOU_NO_BROWSER:-}" = 1 ]; then
    marks="not browser"
elif [ -z "$browser" ]; then
    echo "Chromium is missing: apt-get install chromium fonts-noto-cjk, or JIAMENKOU_NO_BROWSER=1 make test" >&2
    exit 1
fi
exec .venv/bin/python -m pytest -q -n "${JIAMENKOU_TEST_PROCESSES:-auto}" --dist loadgroup ${marks:+-m "$marks"} "$@"
