"""Messages about a profile that was not put in force."""

import re

from runner.profile.evidence.messages.causes import known_cause
from runner.profile.evidence.messages.model import Told
from runner.profile.evidence.messages.profile_files import profile_file
from runner.profile.evidence.messages.runtimes import OF_RUNTIME

_REFUSED = (
    r"decoding seccomp profile",
    r"is not a valid (?:action|operator|arch(?:itecture)?) for seccomp",
    r"both '(?:name|architectures)' and '",
    r"'(?:name|architectures)' and '(?:names|archMap)' were specified",
    r"syscalls only have up to 6 arguments",
    r"empty string is not a valid syscall",
    r"invalid kernel version",
    r"listenerPath is not set",
    r"error adding (?:seccomp )?(?:filter )?rule|error (?:creating|setting|loading) .*seccomp|seccomp: config",
    r"\brule for syscall \w+: (?:permission|invalid|requested)",
    r"error (?:validating|adding|initializing) .*(?:seccomp|filter)",
    r"two checks on same syscall argument",
    r"(?:unable to validate|action in) seccomp|(?:action|operator), cannot use in rule",
    r"NOTIFY cannot be used (?:as default|for)|notify will require seccomp listener",
    r"neither a default action nor any syscalls",
    r"error patching (?:existing )?(?:seccomp )?filter",
    r"(?:load|decode) (?:seccomp|security) profile\b.*\bjson",
    r"seccomp notify unsupported|unable to fetch SECCOMP_FILTER_FLAG",
    # crun's words.
    r"seccomp get (?:action|operator)|seccomp misses the default action|errno value specified for action",
    r"invalid seccomp (?:action|index)|unknown seccomp (?:option|action)|seccomp (?:unknown|adding) architecture",
    r"get_seccomp_operator|seccomp_(?:rule_add|init\b|export_bpf|load)|seccomp \(SECCOMP_SET_MODE_FILTER\)",
    # youki's words.
    r"failed to (?:load seccomp context|create new seccomp filter|add (?:arch|rule) to seccomp)",
)
_FAULT = re.compile(
    r"(?:failed|error|unable|invalid|cannot)\b.{0,60}\bseccomp\b|\bseccomp\b.{0,40}\b(?:failed|invalid|unknown)\b",
    re.IGNORECASE,
)
"""A fault of a profile where a runtime says so; a program's own filter may fail with the same words."""
_OF_DOCKER = re.compile(r"daemon|\bdocker\b", re.IGNORECASE)
_NONE_HERE = re.compile(
    r"seccomp (?:support )?(?:is |profiles are )?not (?:enabled|supported|available)"
    r"(?!\s+(?:for|in|on)\s+(?:a|my|our|that|the|this|your)\s+(?:container|pod|process|program|service))"
    r"|(?:(?:does not|doesn't|do not|don't) support seccomp"
    r"|\b(?:without|no|lack(?:s|ing)?|missing) (?:support (?:for|of) seccomp|seccomp support)"
    r"|\b(?:kernel|system|engine|host|platform|machine|daemon|runtime|runc|crun|built|compiled|configured)\s+"
    r"(?:(?:has|have|had|is|was|comes|came|built|compiled|configured|with)\s+){0,3}"
    r"(?:without|no|lack(?:s|ing)?) seccomp)\b(?!\s*(?:profile|filter))",
    re.IGNORECASE,
)
"""What has no seccomp is named, or the support for it: a container may be said to run without seccomp as well."""


def refused_profile(text: str, named: tuple[str, ...]) -> Told | None:
    """What a message says of a profile that was not put in force."""
    if cause := known_cause(text, named):
        return cause
    if of_file := profile_file(text):
        return of_file
    if _NONE_HERE.search(text):
        docker = "`docker info` lists seccomp under Security Options where the engine has it"
        other = "/proc/self/status has a line `Seccomp` where the kernel has it; else the program was built without it"
        step = docker if _OF_DOCKER.search(text) else other
        meaning = "the engine, or its kernel, has no seccomp, and takes no profile"
        return Told((), meaning, runtime=True, refused=True, step=step)
    if any(re.search(pattern, text, re.IGNORECASE) for pattern in _REFUSED) or (
        OF_RUNTIME.search(text) and _FAULT.search(text)
    ):
        return Told(named, "the engine or the runtime refuses the profile itself", runtime=True, refused=True)
    return None
