"""The instructor's screen as a program of its own, which `workshop classroom` starts.

Its arguments are the class's folder, its title, and perhaps the workshop's folder.
"""

import sys
from contextlib import closing
from pathlib import Path

from runner.cli.workshops import load_workshops

_WRITTEN = (
    "The report is written, as HTML and CSV. Once the class is over it is with your notes below {folder}."
)
_GOES_ON = "The class goes on. `workshop classroom --screen` shows it again; Ctrl-C where it began ends every session."


def main() -> None:
    """Show it until the instructor leaves."""
    from runner.classroom.control import SOCKET, RemoteClass
    from runner.classroom.host.past import INSTRUCTOR, PAST
    from runner.instructor.app import InstructorApp
    from runner.record.sqlite import SqliteStore

    folder, title, *named = sys.argv[1:]
    own = Path(folder)
    workshop, _ = load_workshops([Path(name) for name in named], linted=False)[0]
    control = RemoteClass(own / SOCKET, title=title)
    with closing(SqliteStore(own / "class.sqlite3")) as store:
        app = InstructorApp(control=control, store=store, workshop=workshop, folder=own / INSTRUCTOR)
        try:
            app.run()
        finally:
            control.close()
    print(_WRITTEN.format(folder=own.parent / PAST) if app.written else _GOES_ON, flush=True)
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
