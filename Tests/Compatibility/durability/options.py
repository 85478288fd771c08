"""What the commands have in common."""

import argparse
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]


def add_common_options(parser: argparse.ArgumentParser) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, metavar="N", help="(default: a random one; it is printed)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="an empty folder, where the store and the logs are left")
    add_binary_option(parser)


def add_binary_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--binary", type=Path, metavar="FILE", help="(default: ATTACHE_BINARY, else .build/debug/attache)")


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    options = parser.parse_args()
    check_binary(parser, options)
    if options.keep and any(options.keep.iterdir()):
        parser.error(f"{options.keep} is not empty")
    return options


def check_binary(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    options.binary = options.binary or Path(os.environ.get("ATTACHE_BINARY") or ROOT / ".build/debug/attache")
    if not options.binary.is_file():
        parser.error(f"there is no {options.binary}: run `swift build`, or name one with --binary")


@contextmanager
def folder_for(options: argparse.Namespace) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="attache-") as temporary:
        yield options.keep or Path(temporary)
