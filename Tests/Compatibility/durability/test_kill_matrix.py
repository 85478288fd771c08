"""The kill matrix in its short form; the long one is script/kill-matrix."""

import random

import pytest

from durability.kills import POINTS, every_point, random_kills
from durability.report import closing_line, findings, table
from durability.stage import kill_matrix

pytestmark = pytest.mark.timeout(150)


@pytest.fixture(scope="session")
def seed() -> int:
    """A new one each time, so that the matrix grows; a failure prints it."""
    return random.SystemRandom().randrange(1_000_000)


async def test_nothing_is_lost_or_doubled_at_any_named_point(attache_binary, tmp_path, seed):
    async with kill_matrix(attache_binary, tmp_path, seed, "strict") as matrix:
        outcome = await matrix.run(every_point())
    assert_well(outcome, seed)
    assert set(POINTS) <= set(outcome.kills), f"never reached: {set(POINTS) - set(outcome.kills)} (seed {seed})"


@pytest.mark.parametrize("service", ["local", "lossy", "forgetful", "hostile"])
async def test_nothing_is_lost_or_doubled_at_random(attache_binary, tmp_path, seed, service):
    async with kill_matrix(attache_binary, tmp_path, seed, service) as matrix:
        kills = random_kills(15, matrix.dice, has_points=True, has_calls=service != "local")
        outcome = await matrix.run(kills)
    assert_well(outcome, seed)


def assert_well(outcome, seed: int) -> None:
    assert outcome.is_good, "\n".join([closing_line(outcome, seed), table(outcome, "what was counted"), findings(outcome)])
    assert outcome.counts.conversations > 0
