"""Files without a usable profile: the reasons as findings, beside those of other files."""

from collections.abc import Iterable, Iterator

from runner.profile.errors import NotJsonError, ProfileError, TurnsOffError
from runner.profile.finding import Finding, Severity
from runner.profile.lint.holding import UNCONFINED
from runner.profile.lint.replacing import DENIES_NOTHING
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Location
from runner.profile.source.reader import Reading, read_faulty

NOT_JSON = "not-json"
NOT_A_PROFILE = "not-a-profile"
UNREADABLE = "unreadable"


def findings_of(error: ProfileError) -> tuple[list[Finding], Reading | None]:
    """The faults that make a profile unreadable, and the profile with misspelt words corrected.

    The profile is None if a correction is uncertain; the findings then include those that the text alone shows.
    """
    if error.document is None:
        return [finding_of(error)], None
    faults, reading = read_faulty(error.document)
    findings = [finding_of(fault) for fault in faults]
    if all(fault.meant for fault in faults):
        return findings, reading
    return [*findings, *reading.findings], None


def independent(findings: Iterable[Finding], faults: Iterable[Finding]) -> list[Finding]:
    """The findings that do not follow from the words which were put in place of misspelt ones."""
    guessed = {fault.at.path for fault in faults}
    of_action = any(path.lower().endswith("action") for path in guessed)
    return [
        finding
        for finding in findings
        if finding.at.path not in guessed and not (of_action and finding.rule == DENIES_NOTHING)
    ]


def finding_of(error: ProfileError) -> Finding:
    """A finding for a profile that could not be read."""
    identifier = UNREADABLE if error.at is None else NOT_A_PROFILE
    if isinstance(error, TurnsOffError):
        identifier = UNCONFINED
    if isinstance(error, NotJsonError):
        identifier = NOT_JSON
    remedy = f"; {error.remedy}" if error.remedy else ""
    return Finding(identifier, Severity.ERROR, f"{error.reason}{remedy}", error.at or Location(1, 1, ""))


def _found_by_reader(_: Subject) -> Iterator[Hit]:
    return iter(())


RULES = (
    LintRule(
        NOT_JSON,
        Severity.ERROR,
        _found_by_reader,
        "The file is no JSON, so Docker refuses it, and the container does not start. The usual reasons are a byte "
        "order mark, a comment, a comma after the last item, and a bracket that is not closed; what is missing is "
        "reported where it is missing.",
    ),
    LintRule(
        NOT_A_PROFILE,
        Severity.ERROR,
        _found_by_reader,
        "The file is JSON, and a value in it is none that a profile can have there: an action, an operator or a "
        "kernel's version that does not exist, a number below 0, a text where a list must be. Docker refuses it, and "
        "the container does not start.",
    ),
    LintRule(
        UNREADABLE,
        Severity.ERROR,
        _found_by_reader,
        "There is no such file, it may not be read, it names a profile that is out of reach, or it holds no profile. "
        "The other files of the same run are checked all the same; the exit code is 2.",
    ),
)
