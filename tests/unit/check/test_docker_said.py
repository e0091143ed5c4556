"""Explanations of docker's refusals, in the words of client 28.2.2 in a learner's terminal."""

import pytest

from runner.check.docker_said import docker_said, refused_by_docker
from runner.shell.recorder import CommandFinished

IMAGES = ("lab:latest", "nginx:1.27")
UNREACHABLE = (
    'docker: Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example on '
    "[::1]:53: dial udp [::1]:53: connect: cannot assign requested address\n"
)
_GONE = "no such file or directory"
_WORD = " for the name of a file, and there is no such file."


@pytest.fixture
def said(tmp_path):
    (tmp_path / "p/old").mkdir(parents=True)
    for name in ("deny.json", "default.json", "old/mine.json"):
        (tmp_path / "p" / name).write_text("{}")
    return lambda output: docker_said(
        f"{output}\r\n\r\nRun 'docker run --help'\r\n", tmp_path, lambda: IMAGES
    )


@pytest.mark.parametrize(
    ("word", "why", "meaning"),
    [
        ("/no/such.json", _GONE, "There is no file /no/such.json."),
        ("p/dney.json", _GONE, "There is no file p/dney.json. Did you mean p/deny.json?"),
        ("deny.json", _GONE, "There is no file deny.json. Did you mean p/deny.json?"),
        ("mine.json", _GONE, "There is no file mine.json. Did you mean p/old/mine.json?"),
        ("~/x.json", _GONE, "There is no file ~/x.json: the shell leaves ~ as it is there. Write $HOME."),
        (
            "./p",
            "is a directory",
            "./p is a folder, not a profile. In it are p/default.json, p/deny.json, p/old/mine.json.",
        ),
        ("/etc", "is a directory", "/etc is a folder, not a profile."),
        ("x.json/", "not a directory", "There is no file x.json/: a part of that path is no folder."),
        ("x.json", "permission denied", "You may not read the file x.json."),
        ("x.json", "no space", "Docker cannot read the file x.json: open x.json: no space."),
        ("unconfind", _GONE, f"Docker takes unconfind{_WORD} Did you mean unconfined?"),
        ("Unconfined", _GONE, f"Docker takes Unconfined{_WORD} Did you mean unconfined?"),
        ("none", _GONE, f"Docker takes none{_WORD} Is it the word that you mean?"),
        ('{"defaultAction":1}', _GONE, "seccomp= takes the name of a file here, not the profile's text."),
    ],
)
def test_a_profile_that_cannot_be_opened(said, word, why, meaning) -> None:
    assert said(f"docker: opening seccomp profile ({word}) failed: open {word}: {why}") == meaning


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        (
            "docker: compacting json for seccomp profile (p/bad.json) failed: unexpected end of JSON input",
            "The file p/bad.json is there, and it is no JSON: unexpected end of JSON input.",
        ),
        (
            'docker: Invalid --security-opt: "seccomp"',
            "--security-opt seccomp has no value: write seccomp=VALUE, without blanks.",
        ),
        (
            'docker: Invalid --security-opt: "seccomp="',
            "--security-opt seccomp has no value: write seccomp=VALUE, without blanks.",
        ),
        (
            'docker: Invalid --security-opt: "profiles/deny.json"',
            "--security-opt takes a name and a value: seccomp=profiles/deny.json.",
        ),
        (
            'docker: Invalid --security-opt: "no-new-privilege"',
            "--security-opt has no option no-new-privilege. Did you mean no-new-privileges?",
        ),
        (
            'docker: Error response from daemon: invalid --security-opt 2: "seccompp=p.json"',
            "--security-opt has no option seccompp. Did you mean seccomp?",
        ),
        (
            "docker: Error response from daemon: Decoding seccomp profile failed: invalid character 'b' looking for "
            "beginning of value",
            "This engine is too old for seccomp=builtin: its own profile is in force without any option.",
        ),
        (
            "unknown flag: --security-op\r\n\r\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]",
            "docker run has no option --security-op. Did you mean --security-opt?",
        ),
    ],
)
def test_an_option_that_docker_refuses(said, output, meaning) -> None:
    assert said(output) == meaning


@pytest.mark.parametrize(
    ("image", "meaning"),
    [
        ("lba:latest", "The engine has no image lba. Did you mean lab?"),
        ("lab:lates", "The engine has no image lab:lates. Did you mean lab?"),
        ("docker.io/me/lab:latest", "The engine has no image docker.io/me/lab. Did you mean lab?"),
        ("nginx:latest", "The engine has no image nginx. Did you mean nginx:1.27?"),
        ("postgres:16", "The engine has no image postgres:16. There are: lab, nginx:1.27."),
    ],
)
def test_a_missing_image(said, image, meaning) -> None:
    assert said(f"Unable to find image '{image}' locally\r\n{UNREACHABLE}") == meaning
    assert said(f"docker: Error response from daemon: No such image: {image}") == meaning


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        (
            f"Unable to find image 'alpine:latest' locally\r\n{UNREACHABLE}",
            "The workshop's own engine has no image alpine, and no network to pull it. There are: lab, nginx:1.27.",
        ),
        (
            f"Using default tag: latest\r\n{UNREACHABLE.removeprefix('docker: ')}",
            "The workshop's own engine has no network: nothing can be pulled, pushed or searched. "
            "There are: lab, nginx:1.27.",
        ),
        (
            "ERROR: failed to build: failed to solve: alpine: failed to resolve source metadata for alpine:latest",
            "The workshop's own engine has no network: nothing can be pulled, pushed or searched. "
            "There are: lab, nginx:1.27.",
        ),
    ],
)
def test_an_engine_without_a_network_says_so(tmp_path, output, meaning) -> None:
    assert docker_said(output, tmp_path, lambda: IMAGES, pulls=False) == meaning


@pytest.mark.parametrize(
    ("command", "status", "refused"),
    [
        ("docker pull alpine", 1, True),
        ("sudo docker pull alpine", 1, True),
        ("docker pull alpine | cat; true", 0, True),
        ("docker pull alpine", 0, False),
        ("curl registry.example", 6, False),
        ("docker run --rm lab wget registry.example", 1, False),
    ],
)
def test_commands_that_reach_no_registry_are_dockers_refusals(command, status, refused) -> None:
    finished = CommandFinished(command, UNREACHABLE, status, 0.0, 0.0)
    assert refused_by_docker(finished) is refused


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        (
            'invalid CapAdd: unknown capability: "CAP_SYS_ADMN"',
            "There is no capability SYS_ADMN. Did you mean SYS_ADMIN?",
        ),
        (
            'invalid CapDrop: unknown capability: "sys_ptrac"',
            "There is no capability sys_ptrac. Did you mean SYS_PTRACE?",
        ),
        ('invalid CapAdd: unknown capability: "CAP_QQQ"', "There is no capability QQQ."),
    ],
)
def test_a_capability_that_there_is_not(said, output, meaning) -> None:
    assert said(f"docker: Error response from daemon: {output}") == meaning


_BEHIND = "for the program to start, since it stands behind the image's name. Options go before it."


@pytest.mark.parametrize(
    "word", ["--security-opt", "-c", "--cap-add=ALL", "seccomp=unconfined", "seccomp:x.json"]
)
@pytest.mark.parametrize(
    "runtime",
    ['exec: "{}": executable file not found in $PATH: unknown', "executable file `{}` not found: unknown"],
)
def test_an_option_behind_the_image(said, runtime, word) -> None:
    output = f"docker: Error response from daemon: OCI runtime create failed: {runtime.format(word)}\n"
    assert said(output) == f"Docker takes {word} {_BEHIND}"
    finished = CommandFinished(f"docker run lab {word}", output, 127, 0.0, 0.0)
    assert refused_by_docker(finished)


def test_a_program_that_an_image_lacks_is_no_option(said) -> None:
    assert said('docker: Error response from daemon: exec: "whoam": executable file not found in $PATH') == ""


def test_a_name_in_capitals_is_an_image_too(said) -> None:
    refused = "docker: invalid reference format: repository name (library/Lab) must be lowercase"
    assert said(refused) == "The engine has no image Lab. Did you mean lab?"


def test_an_engine_without_images_has_nothing_to_offer(tmp_path) -> None:
    assert (
        docker_said("Unable to find image 'a:latest' locally", tmp_path, tuple)
        == "The engine has no image a."
    )


def test_other_words_mean_nothing_of_this(said) -> None:
    assert (
        said("docker: Error response from daemon: failed to create shim task: OCI runtime create failed")
        == ""
    )
    assert said("Seccomp:\t2") == ""


def test_of_two_refusals_the_first_is_explained(said):
    refused = "docker: opening seccomp profile ({0}) failed: open {0}: no such file or directory\n"
    output = (
        refused.format("a.json")
        + "\nRun 'docker run --help' for more information\n"
        + refused.format("b.json")
    )
    assert said(output) == "There is no file a.json."
