"""What the browser shows besides the workshop itself."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
"""The files that a session's page is made of."""


def message(title: str, text: str, *, onward: str = "", script: str = "") -> str:
    """A plain page that says something; the browser goes on to `onward` at once, or runs the file `script`."""
    head = f'<meta http-equiv="refresh" content="0; url={escape(onward)}" />' if onward else ""
    head += f'<script src="{escape(script)}" defer></script>' if script else ""
    return _template("message").substitute(title=escape(title), text=escape(text), head=head)


def session(title: str, *, socket: str, font_size: int) -> str:
    """The page with the terminal, which connects to the address `socket`."""
    return _template("session").substitute(title=escape(title), socket=escape(socket), size=font_size)


def _template(name: str) -> Template:
    return Template((FOLDER / f"{name}.html").read_text(encoding="utf-8"))


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
