"""The result of an export."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exported:
    """A profile's text in another format; `lost` has one sentence for each part that the format cannot express."""

    text: str
    lost: tuple[str, ...] = ()
