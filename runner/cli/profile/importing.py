"""`workshop profile import`: make a profile from a list, a log, or another tool's format."""

import argparse
import sys

from runner.cli.profile.given.options import add_arch, add_json, add_output
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.profile.importers import Imported
    from runner.profile.model import Profile

_SOURCES = "a file, - for standard input, or a built-in profile's name"
_FORMS = (
    *("auto", "names", "lxc", "evidence", "strace", "strace-count", "audit", "perf-trace"),
    *("sysdig", "tracepoint", "trace", "oci", "podman"),
    *("operator", "held", "systemd"),
)


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import`."""
    parser = commands.add_parser(
        "import",
        description="Make a profile in Docker's format from a list of names, an LXC policy, strace's logs and tables, "
        "audit records, an OCI configuration, a profile of Podman or the Security Profiles Operator, systemd's "
        "settings, or a file that holds a profile (compose, docker inspect, kubectl get). Several files, such as "
        "those of strace -ff, are taken together. The format that was read, and lines not used, are reported on "
        "standard error.",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="FILE",
        help=_SOURCES,
    )
    parser.add_argument(
        "--from",
        dest="form",
        choices=_FORMS,
        default="auto",
        help="its format (default: detected); evidence is all logs, records and tables of calls",
    )
    parser.add_argument("--name", default="", help="which profile, where a file holds several")
    add_arch(parser)
    parser.add_argument(
        "--for",
        dest="runtime",
        metavar="RUNTIME",
        help="also allow the calls that the runtime itself makes in the container: runc, or runc=1.1.5 for one version",
    )
    add_output(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the profile; report unreadable ones among several files, and then return exit code USAGE."""
    from runner.cli.output import check_target, write_told
    from runner.cli.profile.given.inputs import check_stdin, spoken
    from runner.errors import WorkshopError
    from runner.profile.merge import union
    from runner.profile.source.writer import profile_json, write_profile

    check_stdin(*arguments.sources)
    check_target(arguments.output)
    several = len(arguments.sources) > 1
    found: list[tuple[str, Imported]] = []
    failed: list[str] = []
    for source in arguments.sources:
        try:
            found.append((spoken(source) if several else "", _read(source, arguments)))
        except WorkshopError as error:
            if not several:
                raise
            failed.append(str(error))
    if not found:
        raise UsageError(
            f"none of the files could be read; {'; '.join(failed)}",
            remedy="give one file alone, and it is said what would help with it",
        )
    profile = found[0][1].profile
    for _, more in found[1:]:
        profile = union(profile, more.profile)
    profile, needs = _for_runtime(profile, found, arguments.runtime)
    if arguments.json:
        import json

        report = {"profile": profile_json(profile), **_report(found, needs), "failed": failed}
        write_told(arguments.output, f"{json.dumps(report, indent=2)}\n")
    else:
        write_told(arguments.output, write_profile(profile))
        _say(found, needs)
        _print_each("error", failed)
    return ExitCode.USAGE if failed else ExitCode.OK


def _read(source: str, arguments: argparse.Namespace) -> "Imported":
    from runner.cli.profile.given.inputs import DEFAULT_OF, read_blocks, spoken
    from runner.cli.profile.given.source import file_of, picked
    from runner.profile.errors import ProfileError
    from runner.profile.evidence.reader import BLOCK

    try:
        file, name = picked(file_of(source))
        imported = _from_blocks(
            file, read_blocks(file, BLOCK, accepts=_SOURCES), arguments, arguments.name or name
        )
        return _called_default(imported, file) if file.startswith(DEFAULT_OF) else imported
    except ProfileError as error:
        raise error.in_file(error.file or spoken(source)) from None


def _called_default(imported: "Imported", name: str) -> "Imported":
    from dataclasses import replace

    from runner.profile.history.defaults import default_of
    from runner.profile.version import Version

    engine = name.partition("@")[2]
    since = default_of(Version.of(engine)).since
    return replace(
        imported, read_as=f"the default profile of Docker Engine {engine}, which came with {since}"
    )


def _from_blocks(
    source: str, blocks: "Iterator[bytes]", arguments: argparse.Namespace, name: str
) -> "Imported":
    """Import from pieces: evidence is read as a stream of any length, all else as a text, which has a limit."""
    from runner.cli.profile.given.options import read_arch
    from runner.profile.calls.syscalls import arch
    from runner.profile.errors import ProfileError
    from runner.profile.importers import HEAD, KINDS, EvidenceImporter, detect, import_profile
    from runner.profile.importers.imported import MAX_CHARACTERS
    from runner.profile.source.encoding import text_of

    head = b""
    while len(head) < HEAD and (block := next(blocks, b"")):
        head += block
    form = detect(head.decode("utf-8", "replace")) if arguments.form == "auto" else arguments.form
    if form in KINDS:
        importer = EvidenceImporter(arch(read_arch(arguments.arch)), form)
        importer.feed(head)
        for block in blocks:
            importer.feed(block)
        return importer.close()
    data = head
    while len(data) <= MAX_CHARACTERS and (block := next(blocks, b"")):
        data += block
    # A comment may be in another encoding.
    text = text_of(data)
    if arguments.form == "auto":
        form = detect(text)
    if form == "held":
        return _held(source, text, name)
    try:
        return import_profile(text, form, name=name)
    except ProfileError:
        if arguments.form == "auto" and form == "podman" and _holds_several(text):
            return _held(source, text, name)
        raise


def _holds_several(text: str) -> bool:
    """True if a text that is not a single JSON value holds several values with profiles among them."""
    from runner.profile.errors import ProfileError
    from runner.profile.holders import find_profiles

    try:
        return len(find_profiles(text).profiles) > 1
    except ProfileError:
        return False


def _held(source: str, text: str, name: str) -> "Imported":
    from dataclasses import replace

    from runner.cli.profile.given.within import named_file
    from runner.profile.holders import find_profiles
    from runner.profile.importers import import_profile
    from runner.profile.importers.held import import_one, picked
    from runner.profile.source.encoding import text_of

    held = picked(find_profiles(text, source), name)
    if not held.file:
        return import_one(held)
    file, content = named_file(source, held)
    imported = import_profile(text_of(content), "podman")
    return replace(imported, read_as=f"{imported.read_as}: {file}, which {held.where} names")


def _for_runtime(
    profile: "Profile", found: "Sequence[tuple[str, Imported]]", runtime: str | None
) -> "tuple[Profile, dict[str, list[str]]]":
    """The profile with the runtime's calls, if asked for, and the calls that were added, or that are still missing."""
    from runner.cli.profile.given.calls import runtime_calls
    from runner.profile.edit import allow
    from runner.profile.filter.runtime_start import missing

    if runtime is not None:
        calls = runtime_calls(runtime)
        added = missing(profile, calls)
        return allow(profile, added), {"added": list(added)}
    if not any(imported.observed for _, imported in found):
        return profile, {}
    return profile, {"missing": list(missing(profile, runtime_calls("runc", least=True)))}


def _report(found: "Sequence[tuple[str, Imported]]", needs: "dict[str, list[str]]") -> "dict[str, object]":
    return {
        "readAs": [imported.read_as for _, imported in found],
        "notes": _notes(found, needs),
        "unused": [
            {
                **({"file": name} if name else {}),
                "line": unused.line,
                "reason": unused.reason,
                "text": unused.text,
            }
            for name, imported in found
            for unused in imported.unused
        ],
        "unusedLines": sum(imported.unused_lines for _, imported in found),
        "runtime": needs,
    }


def _notes(found: "Sequence[tuple[str, Imported]]", needs: "dict[str, list[str]]") -> list[str]:
    notes = [f"{name}: {note}" if name else note for name, imported in found for note in imported.notes]
    if needs.get("added"):
        notes.append(f"added for the runtime: {' '.join(needs['added'])}")
    if needs.get("missing"):
        notes.append(
            "the evidence lacks the calls that runc itself makes in the container, before the program starts; these "
            f"are missing: {' '.join(needs['missing'])}; add them with --for runc, or edit --allow @runc"
        )
    return notes


def _say(found: "Sequence[tuple[str, Imported]]", needs: "dict[str, list[str]]") -> None:
    for name, imported in found:
        print(f"read{f' {name}' if name else ''} as: {imported.read_as}", file=sys.stderr)
    _print_each("note", _notes(found, needs))
    for name, imported in found:
        _say_unused(name, imported)


def _say_unused(name: str, imported: "Imported") -> None:
    """Print each reason once, with all its lines."""
    by_reason: dict[str, list[int]] = {}
    for unused in imported.unused:
        by_reason.setdefault(unused.reason, []).append(unused.line)
    texts = {unused.reason: unused.text for unused in reversed(imported.unused)}
    for reason, lines in by_reason.items():
        where = ", ".join(map(str, lines))
        print(
            f"unused: {f'{name}: ' if name else ''}{reason}: line{'s' if len(lines) > 1 else ''} {where} "
            f"(the first: {texts[reason][:_SHOWN_TEXT]})",
            file=sys.stderr,
        )
    rest = imported.unused_lines - len(imported.unused)
    if rest:
        print(f"unused: {rest} more lines like these", file=sys.stderr)


_SHOWN_TEXT = 100


def _print_each(kind: str, sentences: "Sequence[str]") -> None:
    for sentence in sentences:
        print(f"{kind}: {sentence}", file=sys.stderr)
