import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Whatever proxies this machine has, they are not between a test and its own loopback.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


@pytest.fixture(scope="session")
def attache_binary() -> Path:
    """The debug build, or what ATTACHE_BINARY names."""
    path = Path(os.environ.get("ATTACHE_BINARY") or ROOT / ".build/debug/attache")
    assert path.is_file(), f"there is no {path}: run `swift build`, or name a binary in ATTACHE_BINARY"
    return path
