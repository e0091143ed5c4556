"""The pages that show a terminal, or a message, and the files that they are made of."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web
from textual_serve.server import Server

from runner.language import in_use, tr

_FOLDER = Path(__file__).parent / "page"


def assets(folder: str) -> list[web.AbstractRouteDef]:
    """The files of the terminal's page, for an application whose page is in `folder`, such as "/"."""
    return [
        web.static(f"{folder}static", Server("").statics_path),
        web.static(f"{folder}page", _FOLDER),
    ]


def message(status: int, title: str, text: str, *, onward: str = "", script: str = "") -> web.Response:
    """A plain page that says something; the browser goes on to `onward` at once, or runs the file `script`."""
    head = f'<meta http-equiv="refresh" content="0; url={escape(onward)}" />' if onward else ""
    head += f'<script src="{escape(script)}" defer></script>' if script else ""
    page = template(_FOLDER / "message.html").substitute(
        language=in_use(), title=escape(title), text=escape(text), head=head
    )
    return html(page, status=status)


def terminal(
    title: str,
    *,
    socket: str,
    starting: str,
    ended: str,
    font_size: int = 16,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    foot: str = "",
) -> web.Response:
    """The page with the terminal, which connects to the address `socket`.

    It says `starting` until something is shown, and `ended` after the connection. It has `foot`, which is HTML, below
    the terminal. Its `scripts` hear the event `session-ended`, and prevent its default if they do what is to be done.
    """
    head = "".join(f'<link rel="stylesheet" href="{escape(path)}" />' for path in styles)
    head += "".join(f'<script src="{escape(path)}"></script>' for path in scripts)
    page = template(_FOLDER / "terminal.html").substitute(
        language=in_use(),
        title=escape(title),
        head=head,
        socket=escape(socket),
        size=font_size,
        starting=escape(starting),
        ended=escape(ended),
        go_on=escape(tr("Go on")),
        foot=foot,
    )
    return html(page)


def lasting(title: str, *, socket: str, starting: str, ended: str, foot: str) -> web.Response:
    """The same for a session that outlives its connection: the page comes back to it."""
    return terminal(
        title,
        socket=socket,
        starting=starting,
        ended=ended,
        styles=["page/lasting.css"],
        scripts=["page/lasting.js"],
        foot=foot,
    )


def html(page: str, *, status: int = 200) -> web.Response:
    """A page as an answer."""
    return web.Response(status=status, text=page, content_type="text/html")


def template(file: Path) -> Template:
    """A page with places to fill in."""
    return Template(file.read_text(encoding="utf-8"))


def harden(response: web.StreamResponse, *, socket: str) -> None:
    """Have the browser load nothing from anywhere else, and connect to the address `socket` alone."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; connect-src 'self' {socket}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    # With none at all, browsers don't say either from which page a form was sent.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
