"""`workshop profile explain`: explain a decision in prose."""

import argparse

from runner.cli.profile.decisions.asked import add_call, calls_in, given_words, read_simulation
from runner.cli.profile.given.options import add_json, read_abi, refuse_abi
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.cli.profile.decisions.judging import Meanings
    from runner.profile.calls.call import Call
    from runner.profile.model import Json
    from runner.profile.simulation import Simulation
    from runner.profile.views.explain import Explanation
    from runner.profile.views.verdicts import Verdict


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `explain`."""
    parser = commands.add_parser(
        "explain",
        description="Say in prose what a call is for, what decides on it, what the program sees, and which calls do "
        "nearly the same. In place of a call it takes a line of strace, an audit record or a runtime's error message. "
        "Example: workshop profile explain default chmod /tmp 0777",
    )
    add_call(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the explanation; for a pasted line with several calls, one for each."""
    from runner.cli.profile.decisions.judging import is_line

    words = given_words(arguments)
    line = " ".join(words)
    simulation = read_simulation(arguments, line.encode())
    asked = calls_in(words)
    if len(asked) == 1 and is_line(words):
        refuse_abi(arguments)
        return _explain_line(arguments, simulation, line)
    calls = [simulation.call(each, read_abi(arguments)) for each in asked]
    explained = [(call, *_explained(simulation, call)) for call in calls]
    if arguments.json:
        from runner.cli.profile.decisions.as_json import decision_json

        _print_objects(
            [
                {**decision_json(call, explanation.decision, file=simulation.file), **text}
                for call, text, explanation in explained
            ]
        )
    else:
        print("\n\n".join("\n".join(text["text"]) for _, text, _ in explained))
    return ExitCode.OK


def _explain_line(arguments: argparse.Namespace, simulation: "Simulation", line: str) -> ExitCode:
    from runner.cli.profile.decisions.judging import Meanings, judge_text

    verdicts = judge_text(line, simulation)
    if isinstance(verdicts, Meanings):
        _print_meanings(verdicts, as_json=arguments.json)
        return ExitCode.OK
    # A message may be about several calls: the denied ones are likelier.
    verdicts.sort(key=lambda verdict: not verdict.denied)
    found = []
    for verdict in verdicts:
        text, _ = _explained(simulation, verdict.call)
        text["text"] = [verdict.headline, *text["text"][1:], *_on_evidence(verdict)]
        found.append((verdict, text))
    if arguments.json:
        from runner.cli.profile.decisions.as_json import verdict_json

        _print_objects([{**verdict_json(verdict, simulation.file), **text} for verdict, text in found])
    else:
        print("\n\n".join("\n".join(text["text"]) for _, text in found))
    return ExitCode.OK


def _print_objects(calls: "list[Json]") -> None:
    """Print the object of one call, or one with those of several."""
    import json

    print(json.dumps(calls[0] if len(calls) == 1 else {"calls": calls}, indent=2))


def _print_meanings(meanings: "Meanings", *, as_json: bool) -> None:
    """Print what a line means that is about no call in particular."""
    from runner.cli.profile.decisions.answering import meaning_sentence
    from runner.cli.profile.decisions.judging import HOW_TO_NAME_IT

    lines = []
    for _, told in meanings.said:
        step = told.step or HOW_TO_NAME_IT
        lines += [meaning_sentence(told), f"{step[:1].upper()}{step[1:]}."]
    if as_json:
        import json

        from runner.cli.profile.decisions.as_json import message_json

        messages = [message_json(message, told) for message, told in meanings.said]
        print(json.dumps({"messages": messages, "text": lines}, indent=2))
    else:
        print("\n".join(lines))


def _on_evidence(verdict: "Verdict") -> list[str]:
    """Notes from the line itself, beside the profile."""
    from runner.cli.profile.decisions.in_words import LOGGED, open_arguments

    seen = verdict.first
    lines = [f"Note: {LOGGED[:1].lower()}{LOGGED[1:]}."] if verdict.logged else []
    if verdict.open_args:
        listed = open_arguments(verdict)
        lines.append(f"Note: the line does not show {listed}, which the decision depends on.")
    if verdict.contradicted and (verdict.denied or not verdict.logged):
        lines.append("Note: the line shows another outcome; it may come from another profile or engine.")
    elif not verdict.denied and seen.errno in ("EPERM", "EACCES", "ENOSYS"):
        lines.append(
            f"The line shows {seen.errno}, and this profile lets the call through: it is not seccomp that refused it, "
            "but the kernel's own checks (capabilities, permissions) or another security module."
        )
    return lines


def _explained(simulation: "Simulation", call: "Call") -> "tuple[Json, Explanation]":
    from runner.cli.profile.decisions.kernel_log import actions_logged
    from runner.profile.views.explain import explain
    from runner.profile.views.kernel_log import log_lines

    explanation = explain(simulation, call)
    flags = simulation.profile.flags
    dropped = bool(flags) and not (simulation.oci and simulation.oci.flags)
    log = log_lines(explanation.decision.action, flags, actions_logged(), engine_drops_flags=dropped)
    neighbours = [
        {"name": near.name, "action": decision.action, "errno": decision.errno}
        for near in explanation.neighbours
        for decision in near.decisions
    ]
    text = {
        "purpose": explanation.purpose,
        "neighbours": neighbours,
        "log": list(log),
        "text": [*explanation.lines, *log],
    }
    return text, explanation
