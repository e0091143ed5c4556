"""What an exporter makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exported:
    """A profile's text in another format; `lost` says what the format cannot carry, one sentence each."""

    text: str
    lost: tuple[str, ...] = ()
