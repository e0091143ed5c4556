"""The environment of a served session: only the variables that it needs, and nothing else of the server's."""

from collections.abc import Mapping
from pathlib import Path

import runner
from runner.folders import STATE_OVERRIDE as STATE
from runner.folders import cache_home, home, state_home

_KEPT = (
    *("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "NO_COLOR"),
    *("XDG_RUNTIME_DIR", "WORKSHOP_ENGINE_DIR"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"),
)
_TEXTUAL = {
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
}


def session_environment(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables of a session whose home and progress are in `folder`, which is created if it is missing.

    The engine's data and the built image stay in the server user's folders, so that sessions share them.
    """
    own = {name: folder / name for name in ("home", "state")}
    for path in own.values():
        path.mkdir(mode=0o700, exist_ok=True)
    return {
        **{name: environ[name] for name in _KEPT if name in environ},
        **_TEXTUAL,
        "HOME": str(own["home"]),
        STATE: str(own["state"]),
        "XDG_STATE_HOME": str(state_home(environ)),
        "XDG_CACHE_HOME": str(cache_home(environ)),
        # Python finds our package here, installed or not.
        "PYTHONPATH": str(Path(runner.__file__).parent.parent),
        # The contexts that name engines are here.
        "DOCKER_CONFIG": environ.get("DOCKER_CONFIG") or str(home(environ) / ".docker"),
    }
