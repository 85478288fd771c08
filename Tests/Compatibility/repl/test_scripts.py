"""`attache repl` without a terminal: exit codes, --json, and recordings."""

import json
import subprocess

import pytest

CHATS = {
    "echo": ["hello", 'what is "this" \\ and /that/?', "at 10:15 on 2026-01-31"],
    "receipts": ["receipt 1001", "yes", "transcript", "receipt 7", "what?", "bye"],
    "survey": ["Excellent", "20", "joan@example.org", "the coffee"],
    "concierge": ["\\choose \"Opening hours\"", "transcript", "is there a human here?", "A lost key"],
}


@pytest.mark.parametrize("bot", CHATS)
def test_a_recording_of_a_chat_passes_attache_test(bot, feed, place, attache_binary, environment):
    said = "\n".join(f"{line}\n\\wait 400ms" for line in CHATS[bot])
    done = feed(f"\\start {bot} --as Ada\n\\wait 300ms\n\\record {bot}.chat\n{said}\n\\sessions\n\\record off\n")
    assert done.returncode == 0, done.stderr
    recording = (place / f"{bot}.chat").read_text()
    for line in CHATS[bot]:
        assert line in recording
    assert recording.count("\\expect") >= len(CHATS[bot])
    assert "\\advance" not in recording
    test = subprocess.run([str(attache_binary), "test", f"{bot}.chat"], cwd=place, env=environment, capture_output=True, text=True, timeout=50)
    assert test.returncode == 0, test.stdout + recording


def test_who_is_forgotten_is_in_no_recording_either(feed, place, attache_binary, environment, tmp_path):
    feed("\\start echo --as Ada\n\\record kept.chat\nhello\n\\expect \"You said\"\n")
    contact = json.loads((tmp_path / "state/attache/recordings.jsonl").read_text().splitlines()[0])["contact"]
    feed("\\start echo --as Grace\n\\record other.chat\nhello\n\\expect \"You said\"\n")

    def forget() -> subprocess.CompletedProcess:
        return subprocess.run([attache_binary, "forget", contact], env=environment, cwd=place, capture_output=True, text=True, timeout=20)

    forgotten = forget()
    assert (forgotten.returncode, forgotten.stdout) == (0, f"removed the recording {place}/kept.chat\n"), forgotten.stderr
    assert not (place / "kept.chat").exists()
    assert (place / "other.chat").exists()
    assert forget().returncode == 1


@pytest.mark.parametrize(
    "lines, status",
    [
        ("", 0),
        ("# nothing\n\n", 0),
        ("\\nonsense\n", 2),
        ("\\start\n", 2),
        ("\\start nobody\n", 1),
        ("\\start echo\n\\expect \"never\" within 10ms\n", 4),
        ("\\save 5\n", 1),
    ],
)
def test_the_first_error_ends_it_with_its_exit_code(feed, lines, status):
    done = feed(lines + "\\sessions\n" if status else lines)
    assert done.returncode == status, done.stderr
    assert done.stdout == "" or status == 4


def test_a_service_that_is_not_there_is_a_connection_error(feed):
    done = feed("\\start echo\n", "--endpoint", "http://127.0.0.1:9")
    assert done.returncode == 3, done.stderr


def test_a_wrong_option_or_bot_file_is_a_usage_error(feed, place):
    (place / "wrong.yaml").write_text("bot: x\nbehaviours:\n  - when: joined\n    do: [ shout: hi ]\n")
    for options in (["--nonsense"], ["wrong.yaml"], ["-f", "none.chat"], ["--local", "--region", "eu-west-2"], ["-c", "a", "-f", "b"]):
        assert feed("", *options).returncode == 2, options


def test_a_file_is_done_from_its_own_folder(feed, place):
    (place / "sub").mkdir()
    (place / "sub/own.yaml").write_text('bot: own\nbehaviours:\n  - when: joined\n    do: [ say: "from sub" ]\n')
    (place / "sub/note.txt").write_text("hello")
    (place / "sub/a.chat").write_text("\\start own\n\\expect \"from sub\"\n\\attach note.txt\n")
    done = feed("", "-f", "sub/a.chat")
    assert done.returncode == 0, done.stderr
    assert "note.txt: approved" in done.stderr


def test_a_file_with_mistakes_is_refused_whole(feed, place):
    (place / "a.chat").write_text("\\start echo\n\\oops\n\\wait soon\n")
    done = feed("", "-f", "a.chat")
    assert done.returncode == 2
    assert "a.chat:2:" in done.stderr and "a.chat:3:" in done.stderr
    assert done.stdout == ""


def test_lines_of_the_command_line(feed):
    done = feed("", "-c", "\\start echo", "-c", "hi\n\\expect \"You said: hi\"")
    assert done.returncode == 0, done.stderr
    assert "You said: hi" in done.stdout


def test_json_is_one_object_a_line_by_its_schema(feed, place):
    schema = json.loads(feed("", "--schema").stdout)
    (place / "note.txt").write_text("hello")
    lines = '\\start echo --as Ada\n\\attach note.txt\n\\timing on\n\\sessions\n\\leave\n\\wait 100ms\n\\faults add {"fault": "no-such"}\n'
    done = feed(lines, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {event["event"] for event in events} >= {"item", "upload", "answer", "done", "ended", "error"}
    assert done.stderr == ""
    for event in events:
        assert any(fits(event, kind) for kind in schema["anyOf"]), event
    assert [event["state"] for event in events if event["event"] == "upload"][-1] == "approved"


def fits(value, schema) -> bool:
    """The part of JSON Schema that the schema uses."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    kind = schema.get("type")
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if kind and not (isinstance(value, types[kind]) and (kind != "integer" or not isinstance(value, bool))):
        return False
    if kind == "array":
        return all(fits(element, schema.get("items", {})) for element in value)
    if kind != "object":
        return True
    properties = schema.get("properties", {})
    known = all(name in properties for name in value) or schema.get("additionalProperties") is not False
    return known and all(name in value for name in schema.get("required", [])) and all(
        fits(member, properties[name]) for name, member in value.items() if name in properties
    )


def test_a_program_may_answer_to_what_it_hears(attache_binary, place, environment):
    """A line is done before the next is read, and what happens is told at once."""
    process = subprocess.Popen(
        [str(attache_binary), "repl", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=place, env=environment
    )

    def until(**wanted) -> dict:
        for line in process.stdout:
            event = json.loads(line)
            if all(event.get(name) == value for name, value in wanted.items()):
                return event
        raise AssertionError(f"no {wanted}")

    with process:
        process.stdin.write("\\start echo --as Ada\n")
        process.stdin.flush()
        until(event="done")
        process.stdin.write("hello\n")
        process.stdin.flush()
        while until(event="item")["item"].get("Content") != "You said: hello":
            pass
        process.stdin.close()
    assert process.returncode == 0


def test_a_token_from_a_file_and_from_standard_input(feed, place, service):
    contact = service.start_contact()
    for options, lines in ((["token.txt"], ""), (["-"], "{token}\n")):
        agent = service.admin("POST", f"/contacts/{contact.id}/participants", {"role": "AGENT", "displayName": "Grace"}).json
        (place / "token.txt").write_text(agent["participantToken"] + "\n")
        (place / "token.txt").chmod(0o600)
        lines = lines.format(token=agent["participantToken"])
        done = feed(f"\\connect --token-file {options[0]} --role agent --as Grace\n{lines}hello\n\\transcript\n", "--endpoint", service.url)
        assert done.returncode == 0, done.stderr
        assert "Grace (agent): hello" in done.stdout
        assert agent["participantToken"] not in done.stdout + done.stderr


def test_a_token_that_cannot_be_one_is_not_shown(feed, place):
    (place / "token.txt").write_text("two words")
    (place / "token.txt").chmod(0o600)
    done = feed("\\connect --token-file token.txt\n")
    assert done.returncode == 2
    assert "two words" not in done.stderr
