"""The pages that show a terminal or a message, and the files that they load."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from aiohttp import web

from runner.language import in_use, tr

_FOLDER = Path(__file__).parent / "page"


def assets(folder: str) -> list[web.AbstractRouteDef]:
    """Routes for the files of the terminal's page, for an application whose page is in `folder`, such as "/"."""
    return [
        # Textual's own, which textual-serve brings along.
        web.static(f"{folder}static", str(files("textual_serve") / "static")),
        web.static(f"{folder}page", _FOLDER),
    ]


def message(status: int, title: str, text: str, *, onward: str = "", script: str = "") -> web.Response:
    """A plain page with a message; the browser goes on to `onward` at once, or runs the file `script`."""
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

    It shows `starting` until the first output, and `ended` after the connection. Below the terminal it has `foot`,
    which is HTML. Its `scripts` get the event `session-ended`, and prevent its default if they handle it.
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
    """The same for a session that outlives its connection: the page reconnects."""
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
    """A response with an HTML page."""
    return web.Response(status=status, text=page, content_type="text/html")


def template(file: Path) -> Template:
    """A page with placeholders."""
    return Template(file.read_text(encoding="utf-8"))


def set_security_headers(response: web.StreamResponse, *, socket: str) -> None:
    """Set headers that let the browser load nothing from other origins, and connect only to the address `socket`."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; connect-src 'self' {socket}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    # Without a referrer, browsers also don't name the page that a form was sent from.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
