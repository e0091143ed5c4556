"""Key names as printed on keyboards."""

from runner.language import tr

_NAMES = {
    "shift": "Shift",
    "space": "Space",
    "enter": "Enter",
    "home": "Home",
    "end": "End",
    "question_mark": "?",
    "dollar_sign": "$",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "plus": "+",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
}


def key_name(key: str) -> str:
    """A key's name in the learner's language: `ctrl+s` is Ctrl+S, `question_mark` is ?."""
    *modifiers, base = key.split("+") if key != "+" else [key]
    if base in _NAMES:
        name = tr(_NAMES[base])
    elif len(base) > 1:
        name = base.title()
    else:
        name = base.upper() if modifiers else base
    return "+".join([*(tr(_NAMES.get(modifier, modifier.title())) for modifier in modifiers), name])
