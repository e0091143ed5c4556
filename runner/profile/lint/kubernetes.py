"""Settings that Docker and CRI-O understand, and no runtime: containerd hands a profile to the runtime without them."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Selector


def conditions(subject: Subject) -> Iterator[Hit]:
    if not subject.target.reader:
        return
    for rule in subject.profile.rules:
        for key, selector in (("includes", rule.includes), ("excludes", rule.excludes)):
            if selector != Selector():
                names = ", ".join(rule.names)
                yield Hit(
                    tr(
                        "{reader} ignores {key}: the rule holds for every container, whatever its capabilities, "
                        "architecture and kernel ({names})",
                        reader=subject.target.reader,
                        key=key,
                        names=names,
                    ),
                    subject.at(f"{rule.at.path}.{key}"),
                )


def arch_map(subject: Subject) -> Iterator[Hit]:
    if subject.target.reader and subject.profile.arch_map:
        yield Hit(
            tr(
                "{reader} ignores archMap: programs of other architectures than the machine's own (32-bit ones) are "
                "killed; list them in architectures",
                reader=subject.target.reader,
            ),
            subject.at("archMap"),
        )


def single_name(subject: Subject) -> Iterator[Hit]:
    if not subject.target.reader:
        return
    for rule in subject.profile.rules:
        if rule.legacy_name:
            yield Hit(
                tr(
                    "{reader} ignores 'name': the rule on {call} does nothing; write 'names'",
                    reader=subject.target.reader,
                    call=rule.names[0],
                ),
                subject.at(f"{rule.at.path}.name"),
            )


RULES = (
    LintRule(
        "kubernetes-conditions",
        Severity.HIGH,
        conditions,
        "In Kubernetes, containerd reads a profile as the OCI object that Docker makes of one. It knows no 'includes' "
        "and 'excludes', so a rule that Docker applies to some containers holds for all: Docker's default profile "
        "allows mount there without CAP_SYS_ADMIN. (CRI-O applies them.) A runtime such as runc knows none either in "
        "the `config.json` that it reads. Resolve the profile for the containers that use it: `workshop profile export "
        "FILE --to kubernetes --caps SET`. Looked for in manifests, in a runtime's configuration, and with `--for "
        "kubernetes`.",
    ),
    LintRule(
        "kubernetes-archmap",
        Severity.MEDIUM,
        arch_map,
        "In Kubernetes, containerd knows no 'archMap', and a profile without 'architectures' is for the machine's own "
        "alone: libseccomp kills programs of any other, 32-bit ones among them. `workshop profile export FILE --to "
        "kubernetes` writes the list. (CRI-O knows it.) Looked for in manifests, a runtime's configuration, and with "
        "`--for kubernetes`.",
    ),
    LintRule(
        "kubernetes-name",
        Severity.HIGH,
        single_name,
        "In Kubernetes, containerd knows no 'name', the form of before Docker 1.13: a rule with one has no names and "
        "does nothing. (CRI-O knows it.) Write 'names'. Looked for in manifests, a runtime's configuration, and with "
        "`--for kubernetes`.",
    ),
)
