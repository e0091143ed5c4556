"""The profiles that the commands of a step name."""

import re

from runner.lab.model.workshop import Step

_PROFILE = re.compile(r"(?<![\w./@-])[\w-][\w./-]*\.json\b")


def named_files(step: Step) -> tuple[str, ...]:
    """The JSON files that the commands of the text and the solution name, in their order."""
    texts = (command.text for console in step.consoles for command in console.commands)
    return tuple(dict.fromkeys(name for text in texts for name in _PROFILE.findall(text)))
