"""`runner.shell.prompt`: the environment of a shell."""

from runner.shell.prompt import container_environment, host_environment


def test_a_host_shell_inherits_harmless_variables():
    base = {
        "PATH": "/bin",
        "DOCKER_HOST": "unix:///x",
        "PS1": "mine",
        "LC_TIME": "de_DE",
        "BASH_FUNC_ls%%": "() { :; }",
    }
    made = host_environment(base, interactive=False)
    assert {name: made[name] for name in ("PATH", "DOCKER_HOST", "LC_ALL")} == {
        "PATH": "/bin",
        "DOCKER_HOST": "unix:///x",
        "LC_ALL": "C.UTF-8",
    }
    assert made["PS1"] != "mine"
    assert not {"LC_TIME", "BASH_FUNC_ls%%"} & set(made)


def test_colours_are_for_people_only():
    assert container_environment(True)["TERM"] == "xterm-256color"
    assert container_environment(False)["NO_COLOR"] == "1"
