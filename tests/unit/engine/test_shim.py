"""The `docker` and `workshop` of a learner's shell."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from runner.engine.api import SESSION_LABEL
from runner.engine.shim import host_environment, rename
from tests.fakes import INFO, FakeEngine


@pytest.fixture
def shim(tmp_path: Path):
    """Runs the shim in front of a `docker` that prints its arguments, one a line."""
    real = tmp_path / "real"
    real.mkdir()
    (real / "docker").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (real / "docker").chmod(0o755)
    path = f"{real}:/usr/bin:/bin"

    def run(*words: str, engine: FakeEngine | None = None, shells: dict[str, str] | None = None) -> list[str]:
        environment = host_environment(
            engine or FakeEngine(session="me"), tmp_path / "host", shells=shells, environ={"PATH": path}
        )
        done = subprocess.run(["docker", *words], env=environment, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    return run


@pytest.mark.parametrize(
    "words", [("run",), ("create",), ("container", "run"), ("--log-level", "error", "run")]
)
def test_containers_are_labelled_bounded_and_offline(shim, words: tuple[str, ...]) -> None:
    seen = shim(*words, "-it", "lab", "sh")
    added = seen[len(words) : -3]
    assert seen[: len(words)] == list(words)
    assert seen[-3:] == ["-it", "lab", "sh"]
    assert f"{SESSION_LABEL}=me" in added
    assert "--pids-limit=256" in added
    assert "--memory=268435456" in added
    assert added[-2:] == ["--network", "none"]


def test_without_a_default_network_the_shim_names_none(shim) -> None:
    seen = shim("run", "lab", engine=FakeEngine(info=replace(INFO, default_network=False)))
    assert "--network" not in seen


@pytest.mark.parametrize("option", [("--network", "host"), ("--network=host",), ("--net", "host")])
def test_a_network_of_the_learner_replaces_ours(shim, option: tuple[str, ...]) -> None:
    assert "none" not in shim("run", *option, "lab")


def test_arguments_keep_their_spaces_quotes_and_dollars(shim) -> None:
    words = ["lab", "sh", "-c", "echo 'a  b' \"$HOME\" `id` \\ *", ""]
    assert shim("run", *words)[-5:] == words


def test_networks_and_volumes_are_labelled(shim) -> None:
    assert f"{SESSION_LABEL}=me" in shim("volume", "create", "v")
    assert f"{SESSION_LABEL}=me" in shim("network", "create", "n")


@pytest.mark.parametrize(
    "words", [("ps", "-a"), ("exec", "box", "run"), ("image", "ls"), ("volume", "ls"), ("--version",)]
)
def test_other_commands_are_passed_on_as_they_are(shim, words: tuple[str, ...]) -> None:
    assert shim(*words) == list(words)


def test_an_engine_without_cgroups_gets_a_ulimit_instead(shim) -> None:
    seen = shim("run", "lab", engine=FakeEngine(info=replace(INFO, bounded=False)))
    assert [word for word in seen if "ulimit" in word] == ["--ulimit=nproc=1280", "--ulimit=data=268435456"]
    assert not [word for word in seen if word.startswith(("--memory", "--pids-limit"))]


def test_the_console_is_led_to_our_engine(tmp_path: Path) -> None:
    environment = host_environment(FakeEngine(), tmp_path, environ={"PATH": "/nowhere"})
    assert environment["DOCKER_HOST"] == INFO.endpoint
    assert environment["PATH"] == f"{tmp_path}/bin{os.pathsep}/nowhere"
    assert Path(environment["DOCKER_CONFIG"], "config.json").exists()
    assert not (tmp_path / "bin/docker").exists()


def test_the_learner_s_settings_for_tls_are_for_another_engine(tmp_path: Path) -> None:
    """docker's own command would follow them to our socket, and find no certificates in its folder."""
    stale = {"PATH": "/nowhere", "DOCKER_TLS": "1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/gone"}
    seen = stale | host_environment(FakeEngine(), tmp_path, environ=stale)
    assert [seen[name] for name in stale if name.startswith("DOCKER")] == ["", "", ""]
    own = FakeEngine(info=replace(INFO, connection={"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/mine"}))
    assert (stale | host_environment(own, tmp_path, environ=stale))["DOCKER_CERT_PATH"] == "/mine"


def test_a_container_with_a_terminal_marks_its_commands(shim) -> None:
    shells = {"PS1": "\x1b]133;A\x07# "}
    seen = shim("run", "-it", "lab", "bash", shells=shells)
    assert Path(seen[seen.index("--env-file") + 1]).read_text() == "PS1=\x1b]133;A\x07# \n"
    assert "--env-file" not in shim("run", "lab", "ls", "-t", shells=shells)


def test_a_container_that_has_another_name_answers_to_its_own(shim, tmp_path: Path) -> None:
    words = ["exec", "-it", "box", "sh", "-c", "echo 'a  b' \"$HOME\""]
    assert shim(*words) == words
    rename(tmp_path / "host", {"box": "box-1f", "other": "other-2e"})
    assert shim(*words) == ["exec", "-it", "box-1f", *words[3:]]
    assert shim("inspect", "other", "boxes") == ["inspect", "other-2e", "boxes"]
    rename(tmp_path / "host", {})
    assert shim("rm", "box") == ["rm", "box"]


@pytest.mark.parametrize(
    "words",
    [
        # `<box>` stands for the container that the lab calls `box`.
        "exec <box> grep box f",
        "exec -u box -w /box -it <box> box",
        "exec -itu box --env box --detach-keys=box <box> box",
        "exec -- <box> box",
        "--log-level debug -H box exec <box> box",
        "container exec <box> box",
        "top <box> -o box",
        "cp <box>:/box box",
        "cp -a box <box>:/box",
        "cp - <box>:/",
        "cp ./box:x <box>:/box:x",
        "logs --tail 3 -f <box>",
        "logs <box> --since box",
        "commit -m box <box> box",
        "rename <box> box",
        "port <box> 80",
        "rm -f <box> boxes <other>",
        "stop -t 5 -s box <box> <other>",
        "start -ai <box>",
        "update --memory 1g <box>",
        "stats --no-stream <box>",
        "inspect -f box <box>",
        "inspect --type container <box>",
        "inspect --type image box",
        "image inspect box",
        "volume inspect box",
        "volume rm box",
        "network connect --alias box box <box>",
        "network connect --link <box>:box box <other>",
        "network disconnect -f box <box>",
        "ps -f name=<box>",
        "ps -a --filter name=^<box>$ --format box",
        "ps --filter=name=<box>",
        "ps -qfname=<box>",
        "ps -f since=<box> -f ancestor=box -f name=boxes",
        "container ls --filter before=<box>",
        "events -f container=<box>",
        "system events --filter container=<box>",
        "build --network container:<box> -t box box",
        "pull box",
        "attach /<box>",
    ],
)
def test_containers_are_renamed_where_docker_takes_them(shim, tmp_path: Path, words: str) -> None:
    rename(tmp_path / "host", {"box": "box-1f", "other": "other-2e"})
    given = words.replace("<box>", "box").replace("<other>", "other").split()
    expected = (
        words.replace("/<box>", "box-1f").replace("<box>", "box-1f").replace("<other>", "other-2e").split()
    )
    assert shim(*given) == expected
    rename(tmp_path / "host", {})
    assert shim(*given) == given


@pytest.mark.parametrize(
    "words",
    [
        "run --network container:<box> box box",
        "run --net=container:<box> box box",
        "create --pid container:<box> --ipc=container:<box> --network none box",
        "run --volumes-from <box> --network=none box",
        "run --volumes-from=<box>:ro --network=none box cp box:/f .",
        "run --link <box>:box --network box box",
        "run --name <box> --hostname box --network box box",
        "container run -e box -v box:/box --rm --network box box --name box",
        "run --network=box -- box --network container:box",
    ],
)
def test_containers_in_options_are_renamed(shim, tmp_path: Path, words: str) -> None:
    rename(tmp_path / "host", {"box": "box-1f"})
    seen = shim(*words.replace("<box>", "box").split())
    expected = words.replace("<box>", "box-1f").split()
    head = 2 if expected[0] == "container" else 1
    assert seen[:head] == expected[:head]
    assert seen[-len(expected[head:]) :] == expected[head:]


@pytest.mark.parametrize("words", ["lab curl --network x", "-e --network lab", "--name --net lab sh"])
def test_words_that_are_no_options_of_docker_do_not_give_a_network(shim, words: str) -> None:
    seen = shim("run", *words.split())
    assert seen[-len(words.split()) - 2 :] == ["--network", "none", *words.split()]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("-it lab", True),
        ("-dti lab", True),
        ("-i --tty lab", True),
        ("lab ls -it", False),
        ("-e -it lab", False),
    ],
)
def test_only_dockers_own_options_make_a_terminal(shim, words: str, *, marked: bool) -> None:
    assert ("--env-file" in shim("run", *words.split(), shells={"PS1": "#"})) is marked


def test_options_go_behind_the_command_and_not_behind_a_word_like_it(shim) -> None:
    assert shim("--context", "run", "run", "run")[:3] == ["--context", "run", "run"]
    assert shim("--context", "run", "run", "run")[3] == "--label"


def test_the_learners_variables_stay_as_they_are(tmp_path: Path) -> None:
    """They may be handed to a container."""
    (tmp_path / "docker").write_text(
        '#!/bin/sh\nprintf "%s\n" "$word $network $command $name $value $count"\n'
    )
    (tmp_path / "docker").chmod(0o755)
    names = ("word", "network", "command", "name", "value", "count")
    environment = host_environment(
        FakeEngine(), tmp_path / "host", environ={"PATH": f"{tmp_path}:/usr/bin:/bin"}
    )
    environment |= dict.fromkeys(names, "mine")
    done = subprocess.run(
        ["docker", "run", "-it", "--name", "x", "lab"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["mine"] * 6


def test_the_learners_shell_has_this_workshop(tmp_path: Path) -> None:
    """Also where it is not on PATH, whatever is in the folder where they are, and with its own engine and caches."""
    variables = {"PATH": "/usr/bin:/bin", "WORKSHOP_ENGINE_DIR": "/dev/null/engine's"}
    environment = host_environment(FakeEngine(), tmp_path / "host", environ=variables)
    (tmp_path / "runner").mkdir()
    (tmp_path / "runner/__main__.py").write_text("raise SystemExit(9)")
    words = ["workshop", "profile", "simulate", "deny", "mkdir", "--json"]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "EPERM" in done.stdout
    words = ["workshop", "engine", "run", "true"]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "/dev/null/engine's" in done.stderr


@pytest.fixture
def program(tmp_path, monkeypatch):
    """The learner's `workshop`, with a Python that prints its arguments."""
    echo = tmp_path / "python"
    echo.write_text('#!/bin/sh\nshift 3\nprintf "%s|" "$@"\n')
    echo.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(echo))
    engine = FakeEngine()
    host_environment(engine, tmp_path, environ={"PATH": str(tmp_path / "empty")})
    return tmp_path / "bin/workshop"


def _given(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    return done.stdout.split("|")[:-1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--attach", "box"], ["--attach", "box-1f"]),
        (["--attach=box", "--for", "2s"], ["--attach=box-1f", "--for", "2s"]),
        (["--attach", "two", "box"], ["--attach", "two", "box"]),
        (["--attach", "a b", ""], ["--attach", "a b", ""]),
        (["box", "box"], ["box", "box"]),
    ],
)
def test_attach_takes_the_name_that_the_lab_shows(program, words, expected):
    assert _given(program, "profile", "trace", *words) == ["profile", "trace", *words]
    rename(program.parent.parent, {"box": "box-1f", "other": "other-2e"})
    assert _given(program, "profile", "trace", *words) == ["profile", "trace", *expected]
