"""The rules for a workshop's files, by the ids that reports and scripts use."""

from enum import StrEnum


class Rule(StrEnum):
    """The kinds of problem in a workshop; the guide for lab authors explains each."""

    # Files
    NOT_READABLE = "not-readable"
    TOO_LARGE = "too-large"
    NOT_TEXT = "not-text"
    BAD_TOML = "bad-toml"
    BAD_YAML = "bad-yaml"
    FORMAT_VERSION = "format-version"
    MISSING_LAB = "missing-lab"
    UNLISTED_LAB = "unlisted-lab"
    FRONT_MATTER = "front-matter"
    # Keys and values
    UNKNOWN_KEY = "unknown-key"
    DUPLICATE_KEY = "duplicate-key"
    MISSING_KEY = "missing-key"
    WRONG_TYPE = "wrong-type"
    BAD_VALUE = "bad-value"
    BAD_NAME = "bad-name"
    BAD_REGEX = "bad-regex"
    DUPLICATE_ID = "duplicate-id"
    EMPTY_TEXT = "empty-text"
    # Fences
    UNCLOSED_FENCE = "unclosed-fence"
    NESTED_FENCE = "nested-fence"
    UNKNOWN_FENCE = "unknown-fence"
    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    OUTSIDE_STEP = "outside-step"
    EMPTY_HEADING = "empty-heading"
    # Prose
    UNKNOWN_TERM = "unknown-term"
    UNUSED_TERM = "unused-term"
    SOURCES = "sources"
    # Translations
    MISSING_TRANSLATION = "missing-translation"
    STALE_TRANSLATION = "stale-translation"
    BAD_TRANSLATION = "bad-translation"
    # Transcripts
    TRANSCRIPT = "transcript"
    BAD_GLOB = "bad-glob"
    # Checks and quizzes
    PROBE = "probe"
    EXPECTATION = "expectation"
    NO_MUTANT = "no-mutant"
    BAD_MUTANT = "bad-mutant"
    VAGUE_CHECK = "vague-check"
    NO_CONTROL = "no-control"
    NO_SOLUTION = "no-solution"
    QUIZ = "quiz"
    # Containers, files and profiles
    HOST_ACCESS = "host-access"
    UNKNOWN_CONTAINER = "unknown-container"
    OTHER_IMAGE = "other-image"
    MISSING_FILE = "missing-file"
    BAD_PROFILE = "bad-profile"
    START_HAZARD = "start-hazard"
