"""The decisions of an imported profile."""

from runner.profile.calls.call import parse_call
from runner.profile.filter.simulate import compile_filter
from runner.profile.model import Action, Profile, Target
from runner.profile.resolve import resolve


def verdict(profile: Profile, *words: str, arch: str = "amd64") -> str:
    oci = resolve(profile, Target(arch=arch))
    assert oci is not None
    decision = compile_filter(oci, arch).decide(parse_call(words, arch))
    return decision.errno or decision.action


def allowed(profile: Profile) -> set[str]:
    return {name for rule in profile.rules if rule.action is Action.ALLOW for name in rule.names}
