"""Whatever a module does, its step fails in time and with a reason, and nobody else notices."""

import re

import pytest

from support.host import BotHost, assert_no_process_with, processes_with

from .bad.table import CASES, works
from .bad.trial import MARK, ORPHAN_MARK, new_mark, try_all, write_bots

# The first test waits for the trial of all.
pytestmark = pytest.mark.timeout(300)

MEMORY_LIMIT = 300 << 20
REPLY_LIMIT = 1100


@pytest.fixture(scope="module")
def trial(attache_binary, tmp_path_factory, local_service, tell):
    """All cases in one host, which is then stopped."""
    folder = tmp_path_factory.mktemp("bad")
    marks = {case.mode: new_mark() for case in CASES}
    host = BotHost(attache_binary, folder, local_service, write_bots(folder, CASES, marks))
    try:
        trial = try_all(host, CASES, marks)
        trial.exit_code = host.process.stop()
    finally:
        host.process.kill()
    tell(trial.summary())
    return trial


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_harms_its_own_step_and_nothing_else(trial, case):
    outcome = trial.outcomes[case.mode]
    assert not outcome.problem, outcome.problem
    assert re.search(case.reply, outcome.reply), "the step ends in time and says why"
    assert len(outcome.reply) <= REPLY_LIMIT, "a reason is short"
    assert "root:" not in outcome.reply, "nothing is read but its own spool"
    assert outcome.orphans == {}, "nothing that it has forked outlives it"
    assert outcome.resident_bytes < MEMORY_LIMIT
    assert_no_process_with(MARK, outcome.mark)


def test_other_sessions_get_every_reply_and_the_host_ends_well(trial):
    assert trial.watcher_problem == ""
    assert trial.exit_code == 0


class TestTheEndOfTheHost:
    """A module that ignores every signal and the end of its input, with a child and a daemon that do the same."""

    @pytest.fixture
    def mark(self) -> str:
        return new_mark()

    @pytest.fixture
    def host(self, attache_binary, tmp_path, local_service, mark):
        case = works("clings-to-life")
        host = BotHost(attache_binary, tmp_path, local_service, write_bots(tmp_path, [case], {case.mode: mark}))
        try:
            with host.chat(case.mode) as chat:
                assert "poked" in chat.ask("poke", seconds=20)[0]
            assert len(processes_with(ORPHAN_MARK, mark)) == 2
            yield host
        finally:
            host.process.kill()

    def test_killed_at_once_it_leaves_nothing_behind(self, host, mark):
        host.process.kill()
        assert_no_process_with(MARK, mark)

    def test_stopped_in_good_order_it_leaves_nothing_behind(self, host, mark):
        assert host.process.stop() == 0
        assert_no_process_with(MARK, mark, seconds=0)
