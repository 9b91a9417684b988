"""Where the work of a verb is done: the options `--jobs`, on this machine, and `--scheduler`, elsewhere."""

from __future__ import annotations

import argparse


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add ``--jobs``: 0, where nobody says how many, lets the machine decide."""
    parser.add_argument("--jobs", type=_count, default=0, metavar="N")


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add ``--jobs`` and the address of a cluster."""
    add_jobs(parser)
    parser.add_argument("--scheduler", default="", metavar="tcp://HOST:PORT")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        message = f"{text} is below 1"
        raise argparse.ArgumentTypeError(message)
    return number
