"""Words of a profile's text, with the engine or runtime version that first understands them."""

from collections.abc import Iterator
from dataclasses import dataclass

from runner.profile.history import engine, runtime
from runner.profile.version import Version

IGNORED = "ignored"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Feature:
    """A word of a profile, the program that reads it, and the first version that does.

    Earlier versions ignore or refuse it; `effect` describes the result.
    """

    word: str
    reader: str
    since: Version
    before: str
    effect: str


def features() -> tuple[Feature, ...]:
    """Every word that is newer than the first engine and runtime with seccomp."""
    return (*_engine(), *_runtime())


def features_named(word: str) -> tuple[Feature, ...]:
    """The features that a word names: a key (`names`), an action, a flag or an architecture, or its last part."""
    wanted = word.lower()
    return tuple(
        feature
        for feature in features()
        if wanted == feature.word.lower() or feature.word.lower().endswith(f"_{wanted}")
    )


def _engine() -> Iterator[Feature]:
    reader = "Docker Engine"
    yield Feature(
        "names",
        reader,
        engine.NAMES_SINCE,
        REFUSED,
        "a rule without a 'name' keeps the container from starting",
    )
    for word in ("includes", "excludes", "archMap"):
        yield Feature(word, reader, engine.CONDITIONS_SINCE, IGNORED, "it has no effect")
    yield Feature("minKernel", reader, engine.MIN_KERNEL_SINCE, IGNORED, "the rule applies on every kernel")
    yield Feature("errnoRet", reader, engine.ERRNO_SINCE, IGNORED, "a denied call gets EPERM")
    yield Feature("defaultErrnoRet", reader, engine.FULL_FIELDS_SINCE, IGNORED, "a denied call gets EPERM")
    for word in ("flags", "listenerPath", "listenerMetadata"):
        yield Feature(word, reader, engine.FULL_FIELDS_SINCE, IGNORED, "it has no effect")


def _runtime() -> Iterator[Feature]:
    stops = "the container does not start"
    yield Feature("errnoRet", "runc", runtime.ERRNO_SINCE, IGNORED, "a denied call gets EPERM")
    yield Feature("defaultErrnoRet", "runc", runtime.DEFAULT_ERRNO_SINCE, IGNORED, "a denied call gets EPERM")
    yield Feature("flags", "runc", runtime.FLAGS_SINCE, REFUSED, stops)
    for action, since in runtime.ACTIONS_SINCE.items():
        yield Feature(action.value, "runc", since, REFUSED, stops)
    for flag, since in runtime.FLAGS.items():
        library = runtime.LIBRARY_FOR_FLAG.get(flag)
        yield Feature(flag, "runc", since, REFUSED, stops)
        if library:
            yield Feature(flag, "libseccomp", library, REFUSED, stops)
    for name, since in runtime.ARCHITECTURES.items():
        if since > Version.of("0"):
            yield Feature(name, "runc", since, REFUSED, stops)
