"""`workshop profile explain`: a decision in prose."""

import argparse

from runner.cli.profile.options import add_json
from runner.cli.profile.simulate import add_call, decision_json, one_call, read_simulation
from runner.errors import ExitCode


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `explain`."""
    parser = commands.add_parser(
        "explain",
        description="Say in prose what a call is for, what decides on it, what the program sees, and which calls do "
        "nearly the same. Example: workshop profile explain default chmod /tmp 0777",
    )
    add_call(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the explanation."""
    from runner.profile.views.explain import explain

    simulation = read_simulation(arguments)
    call = one_call(arguments, simulation)
    explanation = explain(simulation, call)
    if not arguments.json:
        print("\n".join(explanation.lines))
        return ExitCode.OK
    import json

    print(
        json.dumps(
            {
                **decision_json(call, explanation.decision, file=simulation.file),
                "purpose": explanation.purpose,
                "neighbours": [
                    {"name": near.name, "action": near.decision.action, "errno": near.decision.errno}
                    for near in explanation.neighbours
                ],
                "text": list(explanation.lines),
            },
            indent=2,
        )
    )
    return ExitCode.OK
