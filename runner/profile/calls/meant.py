"""The call that is meant by a name that no call has: a function's, another spelling, or a slip."""

from runner.profile.calls.c_library import CALLS
from runner.profile.calls.groups import KNOWN
from runner.suggest import nearest


def meant(name: str, *, cutoff: float = 0.6) -> str:
    """The likeliest call; "" if none is near."""
    plain = name.strip().lower()
    wide, old = f"{plain}64", plain.removesuffix("64")
    exact = (*CALLS.get(plain, ()), wide, old, plain.removeprefix("new"))
    return next((call for call in exact if call in KNOWN), "") or nearest(plain, KNOWN, cutoff=cutoff)


def did_you_mean_call(name: str) -> str:
    """` (did you mean …?)` with the likeliest call, to end a message with; "" if none is near."""
    call = meant(name)
    return f" (did you mean {call}?)" if call else ""
