"""Answer for a profile's text and a call: read, resolve, compile, decide."""

from collections.abc import Sequence

from runner.profile.calls.call import Call, parse_call
from runner.profile.calls.syscalls import Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter.simulate import Decision, Filter, compile_filter, off
from runner.profile.model import Profile, Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile


class Simulation:
    """A profile in force on a target, prepared for queries about calls.

    `file` is the user's name for the profile; `oci` and `filter` are None if the profile turns seccomp off. With
    `exact`, the filter's program is the runtime's; without, compiling is faster and the decisions are the same.

    Raises:
        ProfileError: the engine or the runtime would refuse the profile; the error names the file.
        LibseccompMissingError: this machine has no libseccomp.
    """

    def __init__(self, profile: Profile, target: Target, *, file: str = "", exact: bool = True) -> None:
        self.profile = profile
        self.target = target
        self.file = file
        self.arch = find_arch(target.arch)
        self._off = off()
        try:
            self.oci = oci = resolve(profile, target)
            self.filter: Filter | None = (
                None
                if oci is None
                else compile_filter(
                    oci,
                    self.arch,
                    runtime=target.runtime,
                    library=target.library,
                    kernel=target.kernel,
                    exact=exact,
                )
            )
        except ProfileError as error:
            raise error.in_file(error.file or file) from None

    @classmethod
    def of_text(cls, text: str | bytes, target: Target, *, file: str = "") -> "Simulation":
        """Simulate a profile from its JSON text."""
        try:
            profile = read_profile(text).profile
        except ProfileError as error:
            raise error.in_file(error.file or file) from None
        return cls(profile, target, file=file)

    def call(self, words: Sequence[str], abi: Arch | str | None = None) -> Call:
        """Read a call as a user writes it (`socket AF_INET`), made with the machine's ABI or another `abi`.

        Raises:
            UsageError: there is no such call, or an argument cannot be read.
        """
        return parse_call(words, abi or self.arch)

    def decide(self, call: Call) -> Decision:
        """Decide a call, with the reason."""
        return self._off if self.filter is None else self.filter.decide(call)


def decide(
    profile_text: str, syscall: str, args: Sequence[str] = (), *, target: Target | None = None
) -> Decision:
    """Decide a call by a profile's text; without a target, on a current machine with default capabilities."""
    simulation = Simulation.of_text(profile_text, target or Target(caps=DEFAULT_CAPABILITIES))
    return simulation.decide(simulation.call((syscall, *args)))
