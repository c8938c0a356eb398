"""Where the data beside the project lies; tests that need it skip plainly where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """The path of ``data/name`` beside the project, or a skip that says what is missing."""
    base = Path(os.environ.get("JIAMENKOU_SHARED", ROOT.parent / "shared"))
    path = base / "data" / name
    if not path.exists():
        pytest.skip(f"data beside the project is absent: {name}")
    return path
