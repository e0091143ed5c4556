"""Commands on containers that exist, which take no profile."""

import re

_VERBS = "exec|start|restart|attach|unpause"
_OPTIONS = rf"(?:\s+-[^\s]+(?:\s+(?!(?:{_VERBS}|compose|container)\s)[^\s-][^\s]*)?)*"
ENGINE_COMMANDS = (
    r"^\s*(?:[$#>]\s+)?(?:sudo\s+(?:-[^\s]+\s+)*)?(?:[^\s]*/)?"
    rf"(?:(?:docker|podman|nerdctl)(?:-compose)?{_OPTIONS}(?:\s+(?:container|compose){_OPTIONS})?"
    rf"|(?:kubectl|oc|crictl){_OPTIONS})\s+(?:{_VERBS})\s+[\w$\"'{{<-]"
)
"""A sign, in lower case, of such a command."""
_COMMAND = re.compile(ENGINE_COMMANDS)
_FAILED = re.compile(r"(?i)fail|error|denied|refused|not (?:permitted|implemented)|bad system call|: ")
"""A sign that the line says more than the command."""
_VERB = re.compile(rf"\s({_VERBS})\s")
_SAYS = {
    "exec": (
        "`exec` runs a program in a container that exists, under that container's profile: it takes none of its own, "
        "and --privileged gives it capabilities alone",
        "To run it under another profile, make a new container: docker run --security-opt seccomp=FILE; "
        "`docker inspect` tells the one in force",
    ),
    "start": (
        "`{verb}` runs a container under the profile that was fixed when it was created: what has changed in the "
        "profile's file since does not count",
        "Make a new container for another profile, or for the file as it is now: docker run --security-opt "
        "seccomp=FILE",
    ),
    "attach": (
        "`{verb}` starts no program: the one that runs keeps the profile under which it was started",
        "Make a new container for another profile: docker run --security-opt seccomp=FILE",
    ),
}
_LIKE = {"restart": "start", "unpause": "attach"}


def of_engine_command(text: str) -> tuple[str, str] | None:
    """What such a command has to do with a profile, and what follows; None for any other text."""
    command = None if _FAILED.search(text) else _COMMAND.match(text.lower())
    verb = _VERB.search(command[0]) if command else None
    if verb is None:
        return None
    meaning, step = _SAYS[_LIKE.get(verb[1], verb[1])]
    return meaning.format(verb=verb[1]), step
