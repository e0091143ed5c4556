"""A summary of the commands that a workshop runs, to read before trusting it."""

from collections.abc import Iterator

from runner.lab.model.check import CommandMutant, HostProbe, containers_of
from runner.lab.model.images import images
from runner.lab.model.workshop import HOST, Workshop


def host_commands(workshop: Workshop) -> tuple[str, ...]:
    """The lines that its lessons, solutions, checks and mutants run outside of containers, each once, in order."""
    return tuple(dict.fromkeys(_host_commands(workshop)))


def _host_commands(workshop: Workshop) -> Iterator[str]:
    for lab in workshop.labs:
        for step in lab.steps:
            for console in step.consoles:
                if console.target == HOST:
                    yield from (command.text for command in console.commands)
        for check in lab.checks:
            if isinstance(check.probe, HostProbe):
                yield " ".join(check.probe.argv)
            for mutant in check.mutants:
                if isinstance(mutant, CommandMutant) and mutant.target == HOST:
                    yield mutant.text


def summary(workshop: Workshop) -> list[str]:
    """The lines of the summary: the workshop's size and the commands it runs."""
    checks = sum(len(list(lab.checks)) for lab in workshop.labs)
    specs = [block.spec for lab in workshop.labs for step in lab.steps for block in step.containers]
    specs += [spec for lab in workshop.labs for check in lab.checks for spec in containers_of(check)]
    used = ", ".join(images((workshop, lab) for lab in workshop.labs))
    lines = [
        f"{workshop.id}: {workshop.title}",
        f"  {len(workshop.labs)} labs, {checks} checks, {len(specs)} containers of: {used}",
    ]
    networks = sorted({spec.network_mode for spec in specs} - {"none", ""})
    if networks:
        lines.append(f"  ! containers with a network: {', '.join(networks)}")
    if privileged := sum(spec.privileged for spec in specs):
        lines.append(f"  ! privileged containers: {privileged}")
    return lines
