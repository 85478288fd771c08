"""The session in the README is what really comes out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_transcript_is_as_it_is_played(attache_binary):
    played = subprocess.run(
        [sys.executable, str(ROOT / "script/repl-transcript"), "--binary", str(attache_binary)], capture_output=True, text=True, timeout=50
    )
    assert played.returncode == 0, played.stderr
    readme = (ROOT / "README.md").read_text()
    assert played.stdout in readme, f"run script/repl-transcript --update; it is now:\n{played.stdout}"
