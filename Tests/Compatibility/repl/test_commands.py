"""Every command, typed at a terminal and read from standard input."""

import pytest

START = "\\start echo --as Ada\n\\expect \"Hello\"\n"
RECEIPT = "\\start receipts --as Ada\n\\expect \"Welcome\"\nreceipt 1001\n\\expect \"Anything else?\"\n"

# Name of the command, the lines, and what is told because of them, in this order.
COMMANDS = {
    "say": (START + "hello there", ["You said: hello there"]),
    "say what begins with a backslash": (START + "\\\\start", ["You said: \\\\start"]),
    "say several lines": (START + "one\\\ntwo", ["You said: one\\s+two"]),
    "start": ("\\start echo --as \"Ada L\" --attributes {\"plan\": \"gold\"}", ["echo \\(bot\\): Hello"]),
    "start, a bot that there is not": ("\\start ecko", ["error: there is no bot 'ecko'\\. Did you mean 'echo'\\?"]),
    "use": (START + "\\use Grace --role agent\n\\use Ada\nstill here\n\\use Eve", ["Grace \\(agent\\) joined", "nobody called 'Eve' here: Ada, Grace"]),
    "sessions": (START + "\\sessions", ["\\* Ada +customer +with echo +connected"]),
    "sessions, none": ("\\sessions", ["no chat yet; \\\\start BOT begins one"]),
    "participants": (START + "\\participants", ["Ada +customer +there", "echo +custom_bot +there"]),
    "leave": (START + "\\leave\n\\wait 200ms", ["-- Ada: "]),
    "attach": (START + "\\attach note.txt", ["note.txt: approved, 5 bytes"]),
    "attach, a file that there is not": (START + "\\attach none.txt", ["error: there is no file 'none.txt'"]),
    "typing": (START + "\\use Grace --role agent\n\\typing\n\\wait 200ms", ["Grace \\(agent\\) is typing"]),
    "read": (
        START + "hi\n\\expect \"You said\"\n\\use Grace --role agent\n\\read\n\\wait 200ms",
        ["Grace \\(agent\\) joined", "has read #\\d+"],
    ),
    "read, nothing": ("\\read", ["error: there is no chat yet; begin with \\\\start BOT"]),
    "delivered": (START + "hi\n\\use Grace --role agent\n\\delivered\n\\wait 200ms", ["has received #\\d+"]),
    "choose": (
        "\\start concierge --as Ada\n\\expect choice \"Opening hours\"\n\\choose \"Opening hours\"\n\\expect \"Pool\"",
        ["\\[Opening hours \\| ", "Our hours\\."],
    ),
    "transcript": (START + "\\transcript", ["Participants: ", "echo \\(bot\\): Hello"]),
    "transcript, csv into a file": (START + "\\transcript > chat.csv", ["-- the transcript is in chat.csv"]),
    "transcript, json": (START + "\\transcript --format json", ['"ContentType":"text/plain"']),
    "save": (RECEIPT + "\\save receipt-1001.txt", ["-- receipt-1001.txt is in receipt-1001.txt, 3\\d\\d bytes"]),
    "save, no such item": (START + "\\save 99", ["error: there is no item '99'"]),
    "uploads": (START + "\\attach note.txt\n\\uploads", ["  Ada: note.txt: approved, 5 bytes"]),
    "retry": (
        START + "\\faults add {\"fault\": \"reject-scan\"}\n\\attach note.txt\n\\retry\n\\uploads",
        ["note.txt: rejected", "note.txt: approved", "  Ada: note.txt: approved"],
    ),
    "retry, nothing": (START + "\\retry", ["error: there is no file that was not accepted"]),
    "do": (
        START + "\\do documents.table {\"columns\": [\"Day\"], \"rows\": [[\"Monday\"]]}\n\\attach table.txt",
        ["made table.txt, text/plain, \\d+ bytes", "table.txt: approved"],
    ),
    "do, an action that there is not": (START + "\\do documents.tabel", ["no action 'documents.tabel'; did you mean 'documents.table'\\?"]),
    "do, wrong parameters": (START + "\\do documents.table {\"columns\": 5}", ["error: .*columns"]),
    "modules": ("\\modules", ["documents +ready", "documents.receipt"]),
    "raw": (START + "\\raw GetTranscript {\"MaxResults\": 1}", ["POST /participant/transcript", "200 \\{"]),
    "raw, with a token in the answer": (START + "\\raw CreateParticipantConnection {\"Type\": [\"CONNECTION_CREDENTIALS\"]}", ['"ConnectionToken":"<redacted>"']),
    "raw, refused": (START + "\\raw SendMessage {}", ["400 \\{", "error: the service answered 400"]),
    "raw, an operation that there is not": ("\\raw GetTranskript", ["no operation 'GetTranskript'\\. Did you mean GetTranscript\\?"]),
    "why": (
        START + "hi\n\\expect \"You said\"\n\\why last",
        ['because +Ada said "hi"', "behaviour +when: message +bots/echo.yaml:8", "step +say +bots/echo.yaml:10", "API call +SendMessage 200 in"],
    ),
    "faults": (
        START + "\\faults add {\"operation\": \"SendMessage\", \"status\": 400}\n\\faults list\n\\faults clear\n\\faults list",
        ["SendMessage", "nothing is set to go wrong"],
    ),
    "expect": (START + "\\expect \"nonsense\" within 50ms", ['error: expected "nonsense" within .*; nothing came']),
    "wait": ("\\timing\n\\wait 30ms", ["-- 3\\d\\.\\d ms"]),
    "advance": ("\\advance 1m", ["error: \\\\advance needs the virtual clock of 'attache test'"]),
    "record": (START + "\\record it.chat\nhi\n\\expect \"You said\"\n\\record off", ["-- recording into it.chat, 2 lines so far", "-- the recording is in it.chat"]),
    "replay": ("\\replay bots/echo.chat", ["ok +bots/echo.chat"]),
    "replay, one that fails": ("\\replay wrong.chat", ["error: wrong.chat:2: expected \"Goodbye\""]),
    "source": ("\\source lines.chat", ["> \\\\start echo", "Hello"]),
    "source, a file that there is not": ("\\source none.chat", ["error: none.chat: there is no such file"]),
    "set": ("\\set times off\n\\set", ["times +off"]),
    "timing": ("\\timing on\n\\wait 1ms", ["-- \\d+\\.\\d ms"]),
    "watch": ("\\watch current\n\\set", ["watch +current"]),
    "json": ("\\json on\n\\sessions", ['"command":"sessions"']),
    "error": ("\\error", ["-- there was no error"]),
    "help": ("\\help", ["Plain text speaks", "\\\\start +start a chat with a bot"]),
    "help on a command": ("\\help expect", ["wait for an item by others that fits", 'Example: \\\\expect "Anything else\\?" within 30s']),
    "an unknown command": ("\\strat echo", ["error: there is no command '\\\\strat'\\. Did you mean '\\\\start'\\?"]),
    "quit": ("\\quit", [""]),
}


@pytest.fixture
def files(place):
    (place / "note.txt").write_text("hello")
    (place / "lines.chat").write_text("\\start echo\n\\expect \"Hello\"\n")
    (place / "wrong.chat").write_text("\\start echo\n\\expect \"Goodbye\"\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_through_standard_input(name, feed, files):
    lines, told = COMMANDS[name]
    done = feed(lines + "\n")
    fails = told[-1].startswith("error") or "no action" in told[-1] or "nobody" in told[-1] or "no operation" in told[-1]
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    for pattern in told:
        assert_told(pattern, done.stdout + done.stderr)


def assert_told(pattern: str, text: str) -> None:
    import re

    assert re.search(pattern, text), f"nothing like {pattern!r} in:\n{text}"


@pytest.mark.parametrize("name", COMMANDS)
def test_at_a_terminal(name, terminal, files):
    lines, told = COMMANDS[name]
    person = terminal()
    for line in lines.split("\n"):
        person.enter(line)
    for pattern in told:
        person.sees(pattern)
    if name != "quit":
        person.press("D")
    assert person.wait() == 0
