"""`python -m tools.soak`: a number of verifications, kills and runs of the app's tests, and the figures."""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial

from runner.folders import cache_folder
from tools.soak.kills import Kill, kill
from tools.soak.load import busy
from tools.soak.place import Place, new_place
from tools.soak.runs import suite, verification
from tools.soak.tally import Tally

Run = Callable[[Place], tuple[float, str]]


def main() -> None:
    """Run the soak; the exit status is 1 if anything failed or was left."""
    parser = argparse.ArgumentParser(prog="tools.soak", description=__doc__)
    parser.add_argument("--verifications", type=int, default=100, metavar="N")
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--suites", type=int, default=50, metavar="N")
    parser.add_argument("--minutes", type=float, default=float("inf"), metavar="M", help="begin none after M")
    parser.add_argument("--seed", type=int, help="choose the same kills as a run before (default: at random)")
    parser.add_argument("--idle", action="store_true", help="don't keep the processors busy")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else int.from_bytes(os.urandom(4), "big")
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    print(f"seed {seed}", flush=True)
    until = time.monotonic() + chosen.minutes * 60
    tallies = []
    with new_place(cache_folder()) as place, busy(wanted=not chosen.idle):
        for name, count, run in (
            ("verification", chosen.verifications, lambda: verification),
            ("kill", chosen.kills, lambda: partial(kill, plan=Kill.chosen(chance))),
            ("suite", chosen.suites, lambda: suite),
        ):
            tallies.append(_soak(place, name, count, run, until))
    print(*tallies, sep="\n", flush=True)
    sys.exit(not all(tally.clean for tally in tallies))


def _soak(place: Place, name: str, count: int, next_run: Callable[[], Run], until: float) -> Tally:
    tally = Tally(name)
    for _ in range(count):
        if time.monotonic() > until:
            break
        seconds, trouble = next_run()(place)
        tally.note(seconds, trouble, place.settled())
    return tally


if __name__ == "__main__":
    main()
