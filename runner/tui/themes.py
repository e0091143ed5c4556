"""The workshop's themes, a dark and a light one."""

from textual.theme import Theme

DARK = Theme(
    name="workshop-dark",
    primary="#6cb6eb",
    secondary="#8aa4c8",
    accent="#e0af68",
    foreground="#d5d9e0",
    background="#14171c",
    surface="#1b1f26",
    panel="#252b34",
    success="#8bc48a",
    warning="#e0af68",
    error="#e8837f",
    dark=True,
    variables={
        "border-blurred": "#3a424f",
        "scrollbar": "#3a424f",
        "scrollbar-hover": "#55606f",
        "scrollbar-active": "#6cb6eb",
        "scrollbar-background": "#14171c",
        "scrollbar-background-hover": "#14171c",
        "scrollbar-background-active": "#14171c",
        "scrollbar-corner-color": "#14171c",
        "footer-key-foreground": "#e0af68",
        "block-cursor-text-style": "none",
        "button-focus-text-style": "bold underline",
    },
)
LIGHT = Theme(
    name="workshop-light",
    primary="#1f6fad",
    secondary="#4f6d92",
    accent="#8f5f00",
    foreground="#22272e",
    background="#fcfcfa",
    surface="#f4f3ef",
    panel="#e7e5df",
    success="#2f7d32",
    warning="#8f5f00",
    error="#b3312c",
    dark=False,
    variables={
        "border-blurred": "#c9c6bd",
        "scrollbar": "#c9c6bd",
        "scrollbar-hover": "#a9a59a",
        "scrollbar-active": "#1f6fad",
        "scrollbar-background": "#fcfcfa",
        "scrollbar-background-hover": "#fcfcfa",
        "scrollbar-background-active": "#fcfcfa",
        "scrollbar-corner-color": "#fcfcfa",
        "footer-key-foreground": "#8f5f00",
        "block-cursor-text-style": "none",
        "button-focus-text-style": "bold underline",
    },
)
THEMES = (DARK, LIGHT)
