"""Pages generated from the code, so that they cannot contradict it."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.cli.main import whole_parser
from runner.content import LABS
from runner.lab.model.workshop import Lab
from runner.lab.read.workshop import read_workshop
from runner.profile.finding import Severity
from runner.profile.lint import RULES
from runner.profile.lint.rule import LintRule

_MEANING = {
    Severity.ERROR: "the container does not start, or starts without the profile",
    Severity.HIGH: "something gets past what the profile seems to deny",
    Severity.MEDIUM: "a surprise on some machine, architecture or version",
    Severity.INFO: "untidy, without an effect",
}


def write_pages(folder: Path) -> None:
    """Write every generated page below `folder`; unchanged files are left alone."""
    pages = {"commands.md": commands_page(), "labs.md": labs_page(), "rules/index.md": rules_page()}
    pages |= {f"rules/{rule.id}.md": rule_page(rule) for rule in RULES.values()}
    for name, text in pages.items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        if not page.is_file() or page.read_text() != text:
            page.write_text(text)


def rules_page() -> str:
    """All lint rules, the worst first."""
    lines = [
        "# Lint rules",
        "",
        "What `workshop profile lint` looks for. The same texts come from `--explain RULE`.",
        "",
    ]
    for severity in Severity:
        rules = sorted(rule.id for rule in RULES.values() if rule.severity is severity)
        lines += [f"## {severity.value}", "", f"{_MEANING[severity].capitalize()}.", ""]
        lines += [*(f"- [{identifier}]({identifier}.md)" for identifier in rules), ""]
    names = "\n".join(sorted(RULES))
    return "\n".join(lines) + f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"


def rule_page(rule: LintRule) -> str:
    """The output of `--explain` on a rule."""
    return (
        f"# {rule.id}\n\n*{rule.severity.value}*: {_MEANING[rule.severity]}.\n\n{rule.explanation}\n\n"
        f"To leave it out of a run: `workshop profile lint --ignore {rule.id} FILE`.\n"
    )


def labs_page() -> str:
    """The shipped workshop's labs by track, with the skills that each teaches, and its paths."""
    workshop = read_workshop(LABS / "seccomp").workshop
    assert workshop is not None
    lines = [f"# {workshop.title}", "", workshop.summary, ""]
    for track, labs in workshop.parts:
        if track is not None:
            lines += [f"## {track.title}", "", f"{track.summary}. {_minutes(labs)} minutes.", ""]
        for lab in labs:
            lines += [f"### `{lab.id}`: {lab.title}", "", f"{lab.minutes} minutes. You will:", ""]
            lines += [*(f"- {objective}" for objective in lab.objectives), ""]
    lines += ["## Paths", "", "`workshop run --path ID` shows the labs of one alone.", ""]
    for path in workshop.paths:
        labs = workshop.labs_of(path)
        names = ", ".join(f"`{lab.id}`" for lab in labs)
        lines += [f"- `{path.id}`: {path.title}, {_minutes(labs)} minutes of labs. {path.summary}. {names}"]
    return "\n".join(lines) + "\n"


def _minutes(labs: Iterable[Lab]) -> int:
    return sum(lab.minutes for lab in labs)


def commands_page() -> str:
    """Every command's help, as the command line prints it."""
    parser = whole_parser()
    lines = ["# Commands", "", parser.description or "", "", parser.epilog or "", ""]
    for name, command in _commands(parser):
        text = command.format_help().strip()
        lines += [f"## {name}", "", "```text", text, "```", ""]
    return "\n".join(lines)


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command.prog, command
                yield from _commands(command)
