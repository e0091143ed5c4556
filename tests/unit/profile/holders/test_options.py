"""`runner.profile.holders.options`: what else a container's settings say about seccomp."""

import pytest

from runner.profile.holders import find_profiles


def compose(*options: str, privileged: str = "false") -> str:
    listed = "".join(f'      - "{option}"\n' for option in options)
    return f"services:\n  app:\n    image: x\n    privileged: {privileged}\n    security_opt:\n{listed}"


@pytest.mark.parametrize(
    ("options", "before"),
    [
        (("label=disable",), ""),
        (("seccomp=unconfined",), ""),
        (("seccomp=my.json",), "27"),
        (("seccomp=my.json", "seccomp=unconfined"), ""),
        (("seccomp=unconfined", "seccomp=my.json"), "27"),
    ],
)
def test_a_privileged_container_is_told(options: tuple[str, ...], before: str) -> None:
    assert "privileged" not in str(find_profiles(compose(*options)).off)
    off = find_profiles(compose(*options, privileged="true")).off[0]
    assert (str(off), off.line, off.before) == ("app has privileged: true", 4, before)


def test_kubernetes_heeds_no_profile_of_a_privileged_container() -> None:
    text = """\
kind: Pod
spec:
  containers:
    - name: app
      securityContext:
        privileged: true
        seccompProfile: {type: Localhost, localhostProfile: my.json}
"""
    (off,) = find_profiles(text).off
    assert (str(off), off.before) == ("app has privileged: true", "")


@pytest.mark.parametrize(
    "member",
    ["build: {context: ., privileged: true}", "post_start: [{command: x, privileged: true}]"],
)
def test_a_privileged_build_or_hook_is_no_privileged_container(member: str) -> None:
    assert find_profiles(f"services:\n  app:\n    image: x\n    {member}\n").off == ()


@pytest.mark.parametrize(
    ("options", "files", "off"),
    [
        (("seccomp=a.json", "seccomp=b.json"), ["b.json"], []),
        (("seccomp=a.json", "no-new-privileges", "seccomp=unconfined"), [], ["app has seccomp=unconfined"]),
        (("seccomp=unconfined", "seccomp=b.json", "label=disable"), ["b.json"], []),
    ],
)
def test_of_several_options_the_last_counts(
    options: tuple[str, ...], files: list[str], off: list[str]
) -> None:
    holding = find_profiles(compose(*options))
    assert [held.file for held in holding.profiles] == files
    assert [str(place) for place in holding.off] == off


def test_each_wrong_option_is_told() -> None:
    one, two = find_profiles(compose("secomp=a.json", "seccomp= b.json")).profiles
    assert "secomp" in str(one.fault)
    assert "for its spaces" in str(two.fault)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("secomp=my.json", "no security option 'secomp' (did you mean seccomp?)"),
        ("seccomp = my.json", "Docker refuses 'seccomp = my.json' for its spaces"),
        ("seccomp= my.json", "Docker refuses"),
    ],
)
def test_an_option_that_does_nothing_is_named(option: str, said: str) -> None:
    (held,) = find_profiles(compose(option)).profiles
    assert held.fault is not None
    assert held.fault.reason.startswith("services.app.security_opt[0]: ")
    assert said in held.fault.reason


def test_an_option_without_a_profile_is_told() -> None:
    (held,) = find_profiles(compose("seccomp")).profiles
    assert held.fault is not None
    assert held.fault.reason == "services.app.security_opt[0] names no profile: Docker refuses it"


@pytest.mark.parametrize(
    "option", ["label:disable", "apparmor=secomp", "no-new-privileges", "systempaths=unconfined"]
)
def test_other_options_are_no_slips(option: str) -> None:
    assert find_profiles(compose(option)).profiles == ()


def test_the_engine_s_own_profile_is_none_of_the_file_s() -> None:
    holding = find_profiles(compose("seccomp=builtin"))
    assert holding.profiles == ()
    assert "seccomp=builtin, the engine's own" in holding.none().reason


@pytest.mark.parametrize("option", ["seccomp={{ .Values.profile }}", "seccomp=/etc/{{ profile }}.json"])
def test_a_placeholder_is_no_profile_and_hides_no_other(option: str) -> None:
    filled_in, other = find_profiles(compose(option, "seccomp=my.json")).profiles
    assert filled_in.fault is not None
    assert filled_in.fault.reason == "services.app.security_opt[0] has a placeholder for its profile"
    assert "helm template" in filled_in.fault.remedy
    assert other.file == "my.json"


def test_json_with_braces_in_it_is_a_profile() -> None:
    text = compose('seccomp={\\"defaultAction\\": \\"SCMP_ACT_ALLOW\\", \\"comment\\": \\"{{x}}\\"}')
    (held,) = find_profiles(text).profiles
    assert held.part is not None
    assert held.fault is None


ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"kind: Pod\nmetadata: {{name: web, annotations: {{{ANNOTATION}: unconfined}}}}\n",
            f"web has {ANNOTATION}: unconfined, which Kubernetes ignores from 1.27 on (line 2)",
        ),
        (
            "kind: Pod\nspec:\n  containers:\n    - {name: app, securityContext: {privileged: true}}\n",
            "app has privileged: true (line 4)",
        ),
        (
            "kind: Pod\nmetadata: {name: web}\nspec: {securityContext: {seccompProfile: {type: Unconfined}}}\n",
            "web has type: Unconfined (line 3)",
        ),
    ],
    ids=["an annotation", "privileged", "a type"],
)
def test_kubernetes_confines_nothing_unless_the_manifest_says_so(text: str, said: str) -> None:
    """Its default is no filter, so leaving out what turns seccomp off helps nobody."""
    error = find_profiles(text).none()
    assert error.reason == f"turns seccomp off: {said}"
    assert "`type: RuntimeDefault`" in error.remedy
    assert "the engine's own" not in error.remedy


def test_a_place_that_turns_seccomp_off_is_told_with_the_container_it_is_about() -> None:
    named = '[{"Name": "/web", "HostConfig": {"SecurityOpt": ["seccomp=unconfined"]}}]'
    assert find_profiles(named).none().reason == "turns seccomp off: web has seccomp=unconfined (line 1)"
    nameless = '{"HostConfig": {"Privileged": true}}'
    error = find_profiles(nameless).none()
    assert error.reason == "turns seccomp off: Privileged: true (line 1)"
    assert error.remedy == "take that out, and the engine's own profile is in force, which is `default` here"


def test_an_option_that_is_a_mapping_is_refused() -> None:
    (held,) = find_profiles("services:\n  a:\n    security_opt:\n      - seccomp: p.json\n").profiles
    assert held.fault is not None
    assert held.fault.reason == "services.a.security_opt[0] is a mapping, and must be a text"
    assert held.fault.remedy == "write seccomp=p.json"


@pytest.mark.parametrize("key", ["seccomp_profile_path", "seccompProfilePath"])
def test_a_container_of_the_container_runtime_interface_names_a_file(key: str) -> None:
    text = '{"linux": {"security_context": {"%s": "%s"}}}'
    assert find_profiles(text % (key, "localhost//etc/p.json")).profiles[0].file == "/etc/p.json"
    assert len(find_profiles(text % (key, "unconfined")).off) == 1
    assert len(find_profiles(text % (key, "runtime/default")).default) == 1
