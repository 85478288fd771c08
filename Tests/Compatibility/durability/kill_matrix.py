"""script/kill-matrix"""

import argparse
import asyncio
import sys
from itertools import chain

from durability.kills import every_point, random_kills
from durability.matrix import Outcome
from durability.options import add_common_options, folder_for, parsed
from durability.report import closing_line, findings, table
from durability.services import SERVICES
from durability.stage import SUBJECTS, kill_matrix


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/kill-matrix",
        description="Kills a bot's host with SIGKILL, again and again, in the middle of conversations, and counts by the service's own "
        "transcript what was lost, came twice or differs. Exit code 1 if anything did.",
    )
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="(default: %(default)s)")
    parser.add_argument("--service", choices=SERVICES, default="strict", help="(default: %(default)s)")
    parser.add_argument("--subject", choices=SUBJECTS, default="attache", help="who hosts the bot (default: %(default)s)")
    parser.add_argument("--receive", choices=["websocket", "poll"], default="websocket", help="how attache hears (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=8, metavar="N", help="conversations at a time (default: %(default)s)")
    add_common_options(parser)
    options = parsed(parser)

    heading = f"{options.subject} on the {options.service} service, seed {options.seed}"
    print(f"kill matrix: {heading}, {options.kills} kills", file=sys.stderr)
    outcome = asyncio.run(_run(options))
    print(table(outcome, heading))
    if not outcome.is_good:
        print(findings(outcome), file=sys.stderr)
    print(closing_line(outcome, options.seed))
    return 0 if outcome.is_good else 1


async def _run(options: argparse.Namespace) -> Outcome:
    with folder_for(options) as folder:
        async with kill_matrix(
            options.binary, folder, options.seed, options.service, options.subject, options.at_once, options.receive
        ) as matrix:
            has_points = matrix.host.has_crash_points
            points = list(every_point())[: options.kills] if has_points else []
            rest = random_kills(options.kills - len(points), matrix.dice, has_points, has_calls=options.service != "local")
            return await matrix.run(chain(points, rest))


if __name__ == "__main__":
    sys.exit(main())
