"""The instructor's screen as a separate program, which `workshop classroom` starts.

Its arguments are the class's folder, its title, and optionally the workshop's folder; `--lang` is the class's language.
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.workshops import load_workshops

_WRITTEN = (
    "The report is written, as HTML and CSV. Once the class is over it is with your notes below {folder}."
)
_OVER = "The class is over. Its report, as HTML and CSV, is with your notes below {folder}."
_GOES_ON = "The class goes on. `workshop classroom --screen` shows it again; Ctrl-C where it began ends every session."


def main() -> None:
    """Show it until the instructor leaves."""
    from runner.classroom.control import SOCKET, RemoteClass
    from runner.classroom.host.past import INSTRUCTOR, PAST
    from runner.instructor.app import InstructorApp
    from runner.record.sqlite.store import SqliteStore

    parser = argparse.ArgumentParser()
    add_language_option(parser)
    parser.add_argument("own", type=Path)
    parser.add_argument("title")
    parser.add_argument("named", type=Path, nargs="*")
    arguments = parser.parse_args()
    own, title = arguments.own, arguments.title
    languages = chosen_languages(arguments, arguments.named)
    workshop, _ = load_workshops(arguments.named, linted=False, languages=languages)[0]
    control = RemoteClass(own / SOCKET, title=title)
    with closing(SqliteStore(own / "class.sqlite3")) as store:
        app = InstructorApp(control=control, store=store, workshop=workshop, folder=own / INSTRUCTOR)
        try:
            app.run()
        finally:
            control.close()
    said = _WRITTEN if app.written else _OVER if control.status().over else _GOES_ON
    print(said.format(folder=own.parent / PAST), flush=True)
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
