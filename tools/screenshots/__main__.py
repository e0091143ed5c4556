"""Take the documentation's pictures: `python -m tools.screenshots [--record] [NAME…]`, or `make pictures`."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tools.screenshots.replay import save_recording
from tools.screenshots.scenes import SCENES, take

FOLDER = Path(__file__).parents[2] / "docs" / "images"


def main() -> None:
    """Write each picture that was named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument(
        "--record", action="store_true", help="first have the real engine do what is typed in them"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(SCENES)}")
    arguments = parser.parse_args()
    if arguments.record:
        from tools.screenshots.record import record  # noqa: PLC0415 (only this needs Docker)

        save_recording(record())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or SCENES:
        with tempfile.TemporaryDirectory() as state:
            picture = asyncio.run(take(name, Path(state)))
        (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
        print(f"docs/images/{name}.svg")


if __name__ == "__main__":
    main()
