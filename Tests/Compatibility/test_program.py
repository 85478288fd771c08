"""How the program is linked."""

import re
import subprocess
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "script"


def test_all_symbols_are_bound_at_the_start(attache_binary):
    command = ["readelf", "--dynamic", "--wide", attache_binary]
    section = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "BIND_NOW" in section
    assert re.search(r"FLAGS_1.*\bNOW\b.*\bPIE\b", section)


def test_what_the_scripts_build_looks_for_no_library_beside_the_program():
    """SwiftPM's $ORIGIN in RUNPATH comes before the system's folders: whoever may write there could give the program a library of his own."""
    builds = [
        line.strip()
        for script in SCRIPTS.iterdir()
        if script.is_file()
        for line in script.read_text().splitlines()
        if "swift build" in line and "--show-bin-path" not in line and not line.lstrip().startswith("#")
    ]
    assert builds and [line for line in builds if "--disable-local-rpath" not in line] == []
