"""A summary of the commands that a workshop runs, to read before trusting it."""

from collections.abc import Iterator

from runner.lab.model.check import CommandMutant, HostProbe, container_of, containers_of, variations
from runner.lab.model.container import ContainerSpec
from runner.lab.model.images import images
from runner.lab.model.workshop import HOST, Lab, Workshop


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
    specs = [spec for lab in workshop.labs for spec in _containers(lab)]
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


def _containers(lab: Lab) -> Iterator[ContainerSpec]:
    """Every container that a lab starts, those of its mutants among them."""
    launched = [block for step in lab.steps for block in step.containers]
    yield from (block.spec for block in launched)
    for check in lab.checks:
        yield from containers_of(check)
        looked_at = [block for block in launched if block.name == container_of(check.probe)]
        yield from (block.spec.overridden(one.changes) for block in looked_at for one in variations(check))
