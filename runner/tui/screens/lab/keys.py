"""The keys of a lab, and whether a step has a use for each."""

from textual.binding import Binding, BindingType

from runner.lab.model.workshop import ConsoleBlock, Step

BINDINGS: list[BindingType] = [
    Binding("space", "guide", "Go on", key_display="space"),
    Binding("l", "launch", "Launch"),
    Binding("r", "run", "Run"),
    Binding("c", "check", "Check"),
    Binding("a", "advice", "Advice", show=False),
    Binding("h", "hint", "Hint"),
    Binding("s", "solve", "Solve"),
    Binding("n", "next", "Next"),
    Binding("p", "previous", "Back", show=False),
    Binding("t", "terminal", "Terminal"),
    Binding("T", "next_terminal", "Next terminal"),
    Binding("A", "another_shell", "Another shell", show=False),
    Binding("f", "full", "Full", show=False),
    Binding("e", "edit", "Edit"),
    Binding("y", "explain", "Syscall", show=False),
    Binding("d", "define('')", "Glossary", show=False),
    Binding("slash", "app.search", "Search", key_display="/", show=False),
    Binding("w", "watch", "Watch"),
    Binding("W", "why", "Why?"),
    Binding("v", "copy", "Copy", show=False),
    Binding("N", "notes", "Notes", show=False),
    Binding("less_than_sign", "split(-1)", "Less room for the lesson", show=False),
    Binding("greater_than_sign", "split(1)", "More room for the lesson", show=False),
    Binding("equals_sign", "split(0)", "The usual room for the lesson", show=False),
    Binding("x", "reset_step", "Reset", show=False),
    Binding("X", "reset_lab", "Reset lab", show=False),
    Binding("S", "skip", "Skip", show=False),
    Binding("question_mark", "app.help", "Help", key_display="?"),
    Binding("q", "leave", "Labs"),
    Binding("q", "go_back", "Leave"),
    Binding("pageup", "read('up')", "Read back", show=False),
    Binding("pagedown", "read('down')", "Read on", show=False),
    Binding("home", "read('home')", "To the beginning of the lesson", show=False),
    Binding("end", "read('end')", "To the end of the lesson", show=False),
]


def useful(action: str, step: Step) -> bool:
    """True if a step has the content that an action of the lab needs."""
    match action:
        case "launch":
            return bool(step.containers)
        case "run":
            return any(isinstance(block, ConsoleBlock) for block in step.blocks)
        case "check":
            return bool(step.checks)
        case "hint":
            return bool(step.hints)
    return True
