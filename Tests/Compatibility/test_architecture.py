"""The rules of script/lint-architecture, each with code that breaks it and code that does not."""

from pathlib import Path
from runpy import run_path

import pytest

check = run_path(str(Path(__file__).parents[2] / "script/lint-architecture"))["check"]

REFUSED = [
    ("Sources/Transport/HTTP/Client.swift", "import Foundation", "never Foundation"),
    ("Sources/Transport/HTTP/Client.swift", "package import ConnectWire", "may not import ConnectWire"),
    ("Sources/Participant/Client.swift", "import CCurl", "may not import CCurl"),
    ("Sources/BotHost/Session/Session.swift", "import GRDB", "GRDB is imported in"),
    ("Sources/BotHost/Session/Session.swift", "import LocalConnect", "may not import LocalConnect"),
    ("Sources/ConnectWire/Item.swift", "import NIOCore", "toolchain only"),
    ("Sources/ActionKit/Action.swift", "@preconcurrency import struct Logging.Logger", "toolchain only"),
    ("Sources/attache/Run.swift", "import FoundationNetworking", "imported nowhere"),
    ("Sources/BotHost/Session/Session.swift", "public struct Session {}", "belong to ActionKit"),
    ("Sources/BotHost/Session/Session.swift", "    public import Transport", "belong to ActionKit"),
    ("Plugins/Shout/Shout.swift", "import Transport", "imports ActionKit"),
]

ACCEPTED = [
    ("Sources/Transport/HTTP/Client.swift", "import CCurl\nimport FoundationEssentials\nimport NIOCore"),
    ("Sources/BotHost/Store/Store.swift", "import GRDB\nimport ConnectWire\nimport Transport"),
    ("Sources/ActionKit/Action.swift", "public import FoundationEssentials\npublic protocol Action {}"),
    ("Sources/BotHost/Session/Session.swift", '// public\n/* import GRDB */\nlet text = "//"; let word = #"public "#'),
    ("Sources/attache/Run.swift", "import Foundation\nimport BotHost\nimport ActionKit"),
    ("Tests/BotHostTests/StoreTests.swift", "@testable import BotHost\nimport GRDB"),
]


@pytest.mark.parametrize(("path", "code", "problem"), REFUSED)
def test_an_arrow_against_the_design_is_reported_with_its_place(path, code, problem):
    [violation] = check(path, code)
    assert violation.startswith(f"{path}:1: ")
    assert problem in violation


@pytest.mark.parametrize(("path", "code"), ACCEPTED)
def test_what_the_design_allows_is_not_reported(path, code):
    assert check(path, code) == []
