"""The environment of a learner's shell in which typed `docker run …` lines reach our engine, labelled and limited."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from runner.engine.api import Engine
from runner.engine.command_line import SHORT_SWITCHES, SWITCHES
from runner.engine.owner import label_options
from runner.files import replace_text
from runner.lab.model.container import ContainerSpec

DETACH_KEYS = "ctrl-^,ctrl-^"
"""Docker's own keys begin with Ctrl-P, which shells and editors need."""

_NAMES = "docker/names"
_SHIM = Path(__file__).with_name("shim.sh")
# Without -P, a folder `runner` in the workspace would be imported instead of the one here. The container that
# --attach names may have another name on the engine, as with docker.
_WORKSHOP = """\
#!/bin/sh
{folders}count=$# attach=
while [ -s {names} ] && [ "$count" -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  while read -r name other; do
    case $attach$word in
      --attach="$name") word=${{attach:+$other}} word=${{word:---attach=$other}} ;;
    esac
  done <{names}
  attach=
  if [ "$word" = --attach ]; then attach=--attach=; fi
  set -- "$@" "$word"
done
exec {python} -P -m runner "$@"
"""
_FOLDERS = (
    *("WORKSHOP_ENGINE_DIR", "TMPDIR", "XDG_RUNTIME_DIR"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
)
"""Variables for the workshop's own folders, so that its command in the learner's shell finds the same ones."""


def host_environment(
    engine: Engine,
    folder: Path,
    *,
    shells: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables for a host console: our engine, a `docker` that labels and bounds, its own configuration, and this
    very `workshop`, also where it is not on PATH.

    `shells` is the environment of containers run with a terminal. Writes `bin` and other files below `folder`. Without
    a docker client on PATH there is no shim.
    """
    environ = os.environ if environ is None else environ
    programs = folder / "bin"
    configuration = folder / "docker"
    for path in (programs, configuration):
        path.mkdir(parents=True, exist_ok=True)
    (configuration / "config.json").write_text(json.dumps({"detachKeys": DETACH_KEYS}))
    search = environ.get("PATH") or os.defpath
    folders = "".join(
        f"export {name}={shlex.quote(value)}\n" for name in _FOLDERS if (value := environ.get(name))
    )
    names = shlex.quote(str(folder / _NAMES))
    script = _WORKSHOP.format(folders=folders, python=shlex.quote(sys.executable), names=names)
    _write_program(programs / "workshop", script)
    if docker := shutil.which("docker", path=search):
        variables = programs.parent / "docker/shell.env"
        variables.write_text("".join(f"{name}={value}\n" for name, value in (shells or {}).items()))
        script = shim_script(docker, engine, folder, variables if shells else None)
        _write_program(programs / "docker", script)
    return {
        **engine.info.docker_variables,
        "DOCKER_CONFIG": str(configuration),
        "DOCKER_CLI_HINTS": "false",
        "PATH": f"{programs}{os.pathsep}{search}",
    }


def _write_program(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def rename(folder: Path, names: Mapping[str, str]) -> None:
    """Have the shim below `folder` replace each name by the container's name on the engine."""
    (folder / _NAMES).parent.mkdir(parents=True, exist_ok=True)
    replace_text(folder / _NAMES, "".join(f"{name} {other}\n" for name, other in names.items()))


def shim_script(docker: str, engine: Engine, folder: Path, variables: Path | None) -> str:
    """The script that runs `docker` with this session's labels and the default limits of a container definition.

    Containers with a terminal get the environment in the file `variables`.
    """
    labels = label_options(engine.labels)
    default = ContainerSpec()
    bounds = [f"--pids-limit={default.pids_limit}", f"--memory={default.mem_limit}"]
    if not engine.info.bounded:
        bounds = [f"--ulimit=nproc={default.shared_pids_limit}", f"--ulimit=data={default.mem_limit}"]
    settings = {
        "docker": docker,
        "names": str(folder / _NAMES),
        # If containers have no network anyway, the option would cost the engine a third of the container's
        # start time.
        "network": "none" if engine.info.default_network else "",
        "shell": shlex.join(["--env-file", str(variables)]) if variables else "",
        "labels": shlex.join(labels),
        "limits": shlex.join(bounds),
        "switches": f" {' '.join((*sorted(SWITCHES), *SHORT_SWITCHES))} ",
    }
    lines = "".join(f"_{name}={shlex.quote(value)}\n" for name, value in settings.items())
    return f"#!/bin/sh\n{lines}{_SHIM.read_text()}"
