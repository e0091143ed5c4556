"""Errors for profiles that cannot be used, and for simulations without an answer."""

from runner.errors import ExitCode, UsageError, WorkshopError
from runner.language import tr
from runner.profile.model import Location

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.source.json_text import Document


class ProfileError(UsageError):
    """A profile that Docker or the runtime would refuse.

    `reason` is the fault without the place, `at` the place in the text or None, and `file` what the user called the
    profile. `document` is the text, if it is JSON and may have more faults; `meant` is the correct spelling of a
    misspelt word, if there is no doubt about it.
    """

    def __init__(self, reason: str, *, at: Location | None = None, remedy: str = "", file: str = "") -> None:
        self.reason = reason
        self.at = at
        self.file = file
        self.document: Document | None = None
        self.meant = ""
        super().__init__(": ".join(part for part in (_place(file, at), reason) if part), remedy=remedy)

    def in_file(self, file: str) -> "ProfileError":
        """The same error, naming the file that the text came from."""
        named = type(self)(self.reason, at=self.at, remedy=self.remedy, file=file)
        named.document, named.meant = self.document, self.meant
        return named


class NotJsonError(ProfileError):
    """The text is not JSON."""


class NamesNoProfileError(ProfileError):
    """The file describes containers, and names no profile for them: it is as good as it was meant."""


class NamesNothingError(NamesNoProfileError):
    """The file describes containers that nothing confines, unless the machine is configured to."""


class TurnsOffError(ProfileError):
    """What is named turns seccomp off, and holds no profile."""


class TemplateError(ProfileError):
    """The text is a template, of which a program makes the file."""


class CutOffError(ProfileError):
    """The text is a part of another, and ends where a profile is not whole."""


class SimulationError(WorkshopError):
    """The compiled filter and the rules contradict each other, so there is no reliable answer.

    This is a fault of the simulator or of libseccomp, never of the profile.
    """

    exit_code = ExitCode.ENGINE

    def __init__(self, message: str) -> None:
        super().__init__(
            tr("no answer can be given: {message}", message=message),
            remedy=tr("report this with the profile, the call and the version of libseccomp"),
        )


def _place(file: str, at: Location | None) -> str:
    if at is None:
        return file
    position = (
        f"{file}:{at.line}:{at.column}"
        if file
        else tr("line {line}, column {column}", line=at.line, column=at.column)
    )
    return f"{position} ({at.path})" if at.path else position
