"""The instructor's screen as a separate program, which the dashboard of a Hub starts in a terminal.

Its argument is the instructor's name. The environment gives the place of the class's events and, optionally, a
workshop's folder.
"""

import os
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from runner import language
from runner.cli.workshops import load_workshops
from runner.errors import WorkshopError
from runner.folders import state_folder
from runner.language import tr


def main() -> None:
    """Show it until the instructor leaves."""
    from runner.hub.board_control import BoardControl
    from runner.hub.settings import WORKSHOP, HubSettings
    from runner.instructor.app import InstructorApp
    from runner.record.opening import open_board, open_store

    settings = HubSettings.of(os.environ)
    language.use(settings.language)
    named = os.environ.get(WORKSHOP, "")
    languages = tuple(filter(None, [settings.language]))
    workshop, _ = load_workshops([Path(named)] if named else [], linted=False, languages=languages)[0]
    # A name of the Hub may be anything; a folder's name has only a few letters.
    own = state_folder() / "instructors" / sha256(sys.argv[1].encode()).hexdigest()[:16]
    with (
        closing(open_store(settings.record)) as store,
        closing(open_board(settings.record, store)) as board,
    ):
        control = BoardControl(board, title=settings.title, joining=settings.public, instructor=sys.argv[1])
        app = InstructorApp(control=control, store=store, workshop=workshop, folder=own)
        with control.looking():
            app.run()
    said = (
        tr("{said}, on the machine of the dashboard.", said=app.written)
        if app.written
        else tr("The class goes on. Go on shows its screen again.")
    )
    print(said, flush=True)
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    try:
        main()
    except WorkshopError as error:
        print(error.in_full())
        sys.exit(2)
