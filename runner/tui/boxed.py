"""The look of a box in the middle of the screen, over what was there."""

_CSS = """
{screen} {{
    align: center middle;
    {container} {{
        width: {width};
        max-width: 98%;
        height: auto;
        max-height: 95%;
        padding: 0 1;
        background: $surface;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
    }}
    OptionList, OptionList:focus {{ height: auto; max-height: 20; border: none; background: $surface; }}
}}
"""


def boxed(screen: str, container: str, width: int) -> str:
    """The style sheet of a screen, by its class's name, whose one container of that class is such a box."""
    return _CSS.format(screen=screen, container=container, width=width)
