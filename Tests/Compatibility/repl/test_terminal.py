"""The manners of `attache repl` at a terminal."""

import signal
import stat

import pytest

from support.process import AttacheProcess

TOKEN = "QVFJREFIZ0RXdW5JTk9YVjRzQ1hwbHBwUkZkQUh6TFZBSE0"


def test_items_appear_above_the_line_being_typed_which_stays(terminal):
    person = terminal()
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.enter("\\use Grace --role agent")
    person.sees("Grace> ")
    person.enter("\\source /dev/null")
    person.type("half a li")
    person.sees("half a li")
    # Grace's own chat goes on meanwhile: what Ada's file brings is drawn above.
    person.type("ne")
    person.sees("ne")
    person.press("C")
    person.enter("done")
    person.press("D")
    assert person.wait() == 0


def test_a_reply_that_comes_while_one_types_leaves_the_line_whole(terminal, place):
    (place / "slow.yaml").write_text("bot: slow\nbehaviours:\n  - when: message\n    do: [ wait: 400ms, say: \"late answer\" ]\n")
    person = terminal("--local", "slow.yaml")
    person.enter("\\start slow --as Ada")
    person.sees("Ada> ")
    person.enter("go")
    person.type("half a li")
    person.sees("late answer\n.*Ada> half a li")
    person.type("ne")
    person.press("A")
    person.type("a whole, no ")
    person.press("M")
    person.sees("late answer")
    person.enter("\\transcript")
    person.sees("Ada \\(customer\\): a whole, no half a line")


@pytest.mark.parametrize("command", ["\\wait 1h", "\\expect \"nothing of the kind\" within 1h", "\\source waits.chat"])
def test_ctrl_c_cancels_the_running_command_only(terminal, place, command):
    (place / "waits.chat").write_text("\\wait 1h\nnever said\n")
    person = terminal()
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.enter(command)
    person.sees("Ctrl-C stops it")
    person.type("typed meanwhile")
    person.press("C")
    person.sees("-- cancelled")
    person.press("M")
    person.sees("You said: typed meanwhile")
    person.enter("\\transcript")
    person.sees("Participants")
    assert "never said" not in person.drawn.split("Participants")[1]


def test_ctrl_c_without_a_command_drops_the_line(terminal):
    person = terminal()
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.type("not meant to be said")
    person.press("C")
    person.enter("but this")
    person.sees("You said: but this")


def test_ctrl_d_says_what_stays_open(terminal):
    person = terminal()
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.press("D")
    person.sees("The local service ends, and with it a chat: Ada with echo")
    assert person.wait() == 0


def test_the_terminal_is_as_it_was_afterwards(terminal):
    person = terminal()
    assert person.is_editing()
    person.press("D")
    assert person.wait() == 0
    assert person.bytes.count(b"\x1b[?2004h") == person.bytes.count(b"\x1b[?2004l") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_the_terminal_well(terminal, number):
    person = terminal()
    person.signal(number)
    assert person.wait() == 1
    assert b"\x1b[?2004l" in person.bytes


@pytest.fixture
def parrot(terminal, place):
    """A person who talks to a bot that takes any number of messages."""
    behaviours = "behaviours:\n  - when: joined\n    do: [ say: Hello ]\n  - when: message\n    do: [ say: \"You said: {{message.text}}\" ]\n"
    (place / "parrot.yaml").write_text("bot: parrot\nlimits: { messages_per_minute: off }\n" + behaviours)
    person = terminal("--local", "parrot.yaml")
    person.enter("\\start parrot --as Ada")
    person.sees("Hello")
    return person


def test_a_paste_of_500_lines_is_said_line_by_line(parrot):
    person = parrot
    person.paste("\n".join(f"this is line {number}" for number in range(1, 501)))
    person.sees("pasted 1: 500 lines")
    assert "You said" not in person.drawn
    person.press("M")
    person.sees("You said: this is line 500\n")
    said = [line.split("You said: ")[1].strip() for line in person.drawn.splitlines() if "You said: this" in line]
    assert said == [f"this is line {number}" for number in range(1, 501)]


def test_500_lines_from_a_terminal_that_marks_no_pastes(parrot):
    person = parrot
    person.type("".join(f"this is line {number}\r" for number in range(1, 501)))
    person.sees("You said: this is line 500\n")


def test_a_short_paste_is_one_message_and_one_with_commands_is_a_script(terminal):
    person = terminal()
    person.paste("\\start echo --as Ada\n\\expect \"Hello\"")
    person.press("M")
    person.sees("Hello")
    person.paste("first\nsecond")
    person.press("M")
    person.sees("You said: first\n    second")


def test_the_history_is_kept_without_secrets_and_duplicates(terminal, tmp_path):
    person = terminal()
    for line in ["\\sessions", "\\uploads", "\\sessions", f"token {TOKEN}", " \\modules"]:
        person.enter(line)
    person.press("D")
    person.wait()
    history = tmp_path / "state/attache/history"
    assert history.read_text() == "\\uploads\n\\sessions\n"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    again = terminal()
    again.type("\x1b[A\x1b[A")
    again.press("M")
    again.sees("no file was sent yet")


def test_tab_completes(terminal):
    person = terminal()
    person.type("\\sta\trece\t--as Ada\r")
    person.sees("Welcome to Acme")
    person.type("\\do doc\tta\t{\"col\t")
    person.sees('\\\\do documents.table {"columns":')
    person.press("C")
    person.type("\\fau\t\t")
    person.sees("add +clear +list")


def test_a_token_is_asked_for_and_not_shown(terminal, service):
    contact = service.start_contact()
    agent = service.admin("POST", f"/contacts/{contact.id}/participants", {"role": "AGENT", "displayName": "Grace"}).json
    person = terminal("--endpoint", service.url)
    person.enter("\\connect --token-file - --role agent --as Grace")
    person.sees("participant token \\(not shown\\): ")
    person.enter(agent["participantToken"])
    person.sees("Grace> ")
    person.enter("here I am")
    person.enter("\\transcript")
    person.sees("Grace \\(agent\\): here I am")
    person.press("D")
    person.sees("A chat goes on without you at http")
    person.wait()
    assert agent["participantToken"] not in person.drawn


def test_only_what_can_be_in_a_secret_is_taken_for_it(terminal, service):
    contact = service.start_contact()
    agent = service.admin("POST", f"/contacts/{contact.id}/participants", {"role": "AGENT", "displayName": "Grace"}).json
    person = terminal("--endpoint", service.url)
    person.enter("\\connect --token-file - --role agent --as Grace")
    person.sees("participant token \\(not shown\\): ")
    person.type("a slip of the fingers")
    person.press("U")
    person.press("Z")
    person.enter(agent["participantToken"])
    person.sees("Grace> ")
    person.enter("\\sessions")
    person.sees("\\* Grace +agent +connected")


def test_whoever_is_not_let_in_is_not_whom_one_goes_on_as(terminal):
    person = terminal()
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.enter("\\connect --token-file - --as Eve")
    person.sees("not shown")
    person.enter("no-token-of-this-service")
    person.sees("error: the service refused")
    person.enter("still Ada")
    person.sees("You said: still Ada")


def test_ctrl_z_stops_it_and_fg_brings_the_typed_line_back(terminal_of_a_shell):
    person = terminal_of_a_shell
    person.sees("attache> ")
    person.type("half a li")
    person.sees("half a li")
    person.press("Z")
    person.sees("Stopped|suspended")
    person.enter("echo $((40 + 2)) is the answer; fg")
    person.sees("42 is the answer\n[^\n]*repl\n.*attache> half a li")
    person.type("ne")
    person.press("A")
    person.type("\\use ")
    person.press("M")
    person.sees("error: 'a' is not an option")
    person.press("D")
    person.sees("\\$ ")


@pytest.mark.parametrize("columns", [20, 80, 200])
def test_any_width_will_do(terminal, columns):
    person = terminal(columns=columns)
    person.enter("\\start echo --as Ada")
    person.sees("say\\s*it\\s*back")
    person.resize(columns + 13, 30)
    person.enter("a message that is longer than twenty columns")
    person.sees("You\\s*said")


@pytest.mark.parametrize("columns, rows_above", [(120, 3), (60, 6), (40, 7)])
def test_a_wrapped_line_is_drawn_anew_where_it_was(terminal, columns, rows_above):
    """Four rows of 80 columns that end with line breaks: a terminal leaves them where they fit, and breaks each again where they do not."""
    person = terminal(columns=80)
    person.type("x" * 287 + "y")
    person.sees("x{71}\n(x{80}\n){2}x{56}y")
    person.resize(columns, 40)
    person.sees("attache> x+\n")
    assert f"\r\x1b[{rows_above}A\x1b[J".encode() in person.bytes


def test_colours_only_where_they_are_wanted(terminal):
    def colours(**variables: str) -> bool:
        person = terminal(**variables)
        person.enter("\\nonsense")
        person.sees("there is no command")
        return b"\x1b[31m" in person.bytes

    assert not colours(NO_COLOR="1")
    assert not colours(NO_COLOR="", TERM="dumb")
    assert colours(NO_COLOR="")


def test_the_c_locale_shows_everything_in_ascii(terminal):
    person = terminal(LANG="C", LC_ALL="C")
    person.enter("\\start echo --as Ada")
    person.sees("Hello")
    person.enter("caf\u00e9")
    person.sees("You said: caf\\\\u\\{e9\\}")


def test_what_somebody_says_cannot_steer_the_terminal(terminal, place):
    (place / "evil.yaml").write_text('bot: evil\nbehaviours:\n  - when: joined\n    do: [ say: "\\e[2J\\e]0;title\\a gone" ]\n')
    person = terminal("--local", "evil.yaml")
    person.enter("\\start evil")
    person.sees("gone")
    assert b"\x1b]0;" not in person.bytes


def test_a_start_file_is_done_first(terminal, tmp_path):
    (tmp_path / "config/attache").mkdir(parents=True)
    (tmp_path / "config/attache/replrc").write_text("\\set times off\n")
    person = terminal()
    person.enter("\\set")
    person.sees("times +off")
    person = terminal("--no-rc")
    person.enter("\\set")
    person.sees("times +on")


def test_a_service_that_dies_and_returns(terminal, attache_binary, tmp_path):
    def start(port: int) -> AttacheProcess:
        options = ["local", "--port", str(port), "--data", str(tmp_path / "data"), "--quotas", "off"]
        return AttacheProcess(attache_binary, options, tmp_path / "local.log")

    service = start(0)
    try:
        url = service.url()
        person = terminal("--endpoint", url)
        person.enter("\\start nobody --as Ada")
        person.sees("Ada \\(customer\\) joined")
        service.kill()
        person.sees("-- Ada: ")
        person.enter("are you there?")
        service = start(int(url.rsplit(":", 1)[1]))
        service.url()
        person.enter("\\transcript")
        person.sees("Ada \\(customer\\): are you there\\?")
        person.press("D")
        assert person.wait() == 0
    finally:
        service.kill()
