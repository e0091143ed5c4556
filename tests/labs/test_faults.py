"""Faults in a lab give the right outcome in time, and leave nothing behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from runner.content import PROFILES
from runner.engine.api import SESSION_LABEL
from runner.engine.private.places import OVERRIDE
from runner.pace import MACHINE

pytestmark = pytest.mark.engine

MUTANT = "mutants: [{run: 'true', in: host}]"


def verify(workshop, folder, *options, **changes):
    done = workshop("verify", folder, "--json", folder / "out.json", *options, **changes)
    found = json.loads((folder / "out.json").read_text()) if (folder / "out.json").exists() else None
    return done, found


def only_lab(found):
    return found["workshops"][0]["labs"][0]


@pytest.fixture(autouse=True)
def nothing_left(our_containers, tmp_path):
    yield
    assert our_containers() == set()
    assert list((tmp_path / "tmp").glob("seccomp-workshop-*/*")) == []


def console(command, expected="", timeout=3):
    return f"## Step\n\nDo it.\n\n```console timeout={timeout}\n$ {command}\n{expected}```\n"


def test_a_transcript_that_differs_shows_the_place_and_both_texts(workshop, make_workshop):
    done, found = verify(workshop, make_workshop(lab=console("echo one; echo two", "one\n2\n")))
    assert done.returncode == 1
    assert only_lab(found)["outcome"] == "failed"
    assert "lab.md:17" in done.stdout
    assert "the line '2'" in done.stdout
    assert "> two" in done.stdout


@pytest.mark.parametrize("command", ["yes", "sleep 1000", "trap '' INT QUIT; sleep 1000", "cat"])
def test_a_command_that_never_returns_fails_in_time_with_what_it_printed(workshop, make_workshop, command):
    began = time.monotonic()
    done, found = verify(workshop, make_workshop(lab=console(f"echo begun; {command}")))
    assert done.returncode == 1
    limit = re.search(r"ends within (\d+) s$", only_lab(found)["problems"][0]["expected"])
    assert limit, "the limit of the fence, or as much longer as this machine is slower"
    assert float(limit[1]) % 3 == 0
    assert "begun" in only_lab(found)["problems"][0]["transcript"]
    assert time.monotonic() - began < float(limit[1]) + MACHINE.stretched(30)


def test_a_fork_bomb_is_bounded_and_removed(workshop, make_workshop):
    bomb = "docker run --rm lab bash -c 'bomb() { bomb | bomb & }; bomb; sleep 600'"
    done, found = verify(workshop, make_workshop(lab=console(bomb)))
    assert done.returncode == 1
    assert only_lab(found)["outcome"] == "failed"


def test_a_profile_that_would_hang_the_runtime_is_refused_before_it_is_tried(workshop, make_workshop):
    lab = (
        '## Step\n\nWrite.\n\n```json file=kill.json\n{"defaultAction": "SCMP_ACT_KILL"}\n```\n\n'
        "```container\nname: box\nsecurity_opt: [seccomp=kill.json]\n```\n"
    )
    done = workshop("verify", make_workshop(lab=lab))
    assert done.returncode == 2
    assert "hang" in done.stderr


def test_a_missing_image_is_an_engine_error_with_a_remedy(workshop, make_workshop):
    lab = "## Step\n\nRun.\n\n```container\nname: box\nimage: no-such-image-anywhere\n```\n"
    done = workshop("verify", make_workshop(lab=lab))
    assert done.returncode == 3
    assert "no-such-image-anywhere" in done.stderr


def test_a_check_that_cannot_fail_fails_the_lab(workshop, make_workshop):
    check = (
        "## Step\n\nDo.\n\n```console\n$ true\n```\n\n```check\nid: never\ndescribe: It works\n"
        "probe: {host: ['true']}\nexpect: {exit: 0}\nexplain: So.\n" + MUTANT + "\n```\n"
    )
    done, found = verify(workshop, make_workshop(lab=check))
    assert done.returncode == 1
    proofs = only_lab(found)["checks"][0]["proofs"]
    assert (proofs["precheck"], proofs["solved"], proofs["mutants"]) == ("failed", "passed", "failed")


def test_labs_that_cannot_be_read_are_all_reported_before_anything_starts(workshop, make_workshop):
    folder = make_workshop(
        one="## Step\n\n```check\nid: [\n```\n", two="## Step\n\n```check\nprobbe: 1\n```\n"
    )
    done = workshop("verify", folder)
    assert done.returncode == 2
    assert "one.md" in done.stderr
    assert "two.md" in done.stderr
    assert "did you mean 'probe'" in done.stderr


def test_the_run_s_deadline_ends_labs_that_are_on_their_way(workshop, make_workshop):
    began = time.monotonic()
    done, found = verify(workshop, make_workshop(lab=console("sleep 1000", timeout=600)), "--deadline", "3")
    assert time.monotonic() - began < MACHINE.stretched(30)
    assert done.returncode == 1
    assert "deadline of 3 s" in only_lab(found)["problems"][0]["expected"]


def test_fail_fast_starts_no_further_lab(workshop, make_workshop):
    folder = make_workshop(one=console("false"), two=console("true"))
    done, found = verify(workshop, folder, "--fail-fast", "--jobs", "1")
    assert done.returncode == 1
    assert [lab["outcome"] for lab in found["workshops"][0]["labs"]] == ["failed", "skipped"]


def test_a_full_disk_is_said_to_be_full(environment, make_workshop, tmp_path):
    folder = make_workshop(files=(PROFILES,), lab=console("true"))
    full = tmp_path / "full"
    full.mkdir()
    script = 'mount -t tmpfs -o size=16k tmpfs "$1" && TMPDIR=$1 exec "$2" -m runner verify "$3"'
    unshare = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    done = subprocess.run(
        [*unshare, "sh", "-c", script, "sh", str(full), sys.executable, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=MACHINE.stretched(100),
        check=False,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert "no space left on device" in (done.stdout + done.stderr).casefold()
    assert "Traceback" not in done.stderr


def begun(environment, folder):
    """The command, once its lab's command runs; a marker file tells when."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "verify", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    marker = folder / "running"
    deadline = time.monotonic() + MACHINE.stretched(60)
    while not marker.exists():
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def interrupted(environment, folder, number):
    process = begun(environment, folder)
    process.send_signal(number)
    out, err = process.communicate(timeout=MACHINE.stretched(60))
    return process.returncode, out, err


def endless(make_workshop, tmp_path):
    marker = tmp_path / "workshop" / "running"
    run = f"docker run -d lab sleep 1000 >/dev/null; touch {marker}; sleep 1000"
    return make_workshop(lab=console(run, timeout=600))


def test_ctrl_c_leaves_nothing_behind_and_exits_130(environment, make_workshop, tmp_path):
    status, _, err = interrupted(environment, endless(make_workshop, tmp_path), signal.SIGINT)
    assert status == 130
    assert "Traceback" not in err


def test_what_a_killed_run_left_is_removed_by_the_next(
    environment, workshop, make_workshop, tmp_path, engine
):
    ours = {"label": SESSION_LABEL}
    folder = endless(make_workshop, tmp_path)
    status, _, _ = interrupted(environment, folder, signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert len(engine.client.containers(all=True, filters=ours)) == 1
    (folder / "lab.md").write_text((folder / "lab.md").read_text().split("## Step")[0] + console("true"))
    assert workshop("verify", folder).returncode == 0


def test_sigterm_cleans_up_as_an_interrupt_does(environment, make_workshop, tmp_path):
    status, _, err = interrupted(environment, endless(make_workshop, tmp_path), signal.SIGTERM)
    assert status == 130
    assert "Traceback" not in err


def test_an_engine_that_dies_is_not_a_failed_learner(environment, workshop, make_workshop, tmp_path):
    environment |= {"DOCKER_HOST": "", "DOCKER_CONTEXT": "", "DOCKER_CONFIG": str(tmp_path)}
    environment[OVERRIDE] = tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp")
    Path(environment[OVERRIDE]).chmod(0o711)
    try:
        marker = tmp_path / "workshop" / "running"
        lab = console(f"touch {marker}; sleep 4") + (
            "\n```container\nname: box\n```\n\n```console in=box\n$ true\n```\n"
        )
        process = begun(environment, make_workshop(lab=lab.replace("timeout=3", "timeout=30")))
        status = json.loads(workshop("engine", "status", "--json", **environment).stdout)
        os.kill(status["pid"], signal.SIGKILL)
        out, err = process.communicate(timeout=MACHINE.stretched(60))
        assert process.returncode == 3, out + err
        assert "ERROR" in out
        assert "Traceback" not in err
    finally:
        shutil.rmtree(environment[OVERRIDE], ignore_errors=True)


UNSTARTED = """## Step

Deny.

```json file=my.json edit
{"defaultAction": "SCMP_ACT_ALLOW"}
```

```check
id: refused
describe: Nothing starts
probe: {container: {security_opt: [seccomp=my.json], command: [whoami]}}
expect: {started: false}
explain: So.
mutants: [{security_opt: [seccomp=unconfined]}]
```

```solve file=my.json
SOLUTION
```
"""


def test_only_a_filter_counts_as_what_keeps_a_container_from_starting(workshop, make_workshop):
    denied = (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["capset"], "action": "SCMP_ACT_ERRNO"}]}'
    )
    folder = make_workshop(lab=UNSTARTED.replace("SOLUTION", denied))
    done, found = verify(workshop, folder)
    assert done.returncode == 0, done.stdout
    assert only_lab(found)["checks"][0]["proofs"]["mutants"] == "passed"
    (folder / "lab.md").write_text(
        (folder / "lab.md").read_text().replace(denied, "this is no profile, and nothing starts under it")
    )
    done, found = verify(workshop, folder)
    assert done.returncode == 1
    assert only_lab(found)["checks"][0]["proofs"]["solved"] == "failed"
    assert "cannot use the file as a profile" in done.stdout


def test_a_check_that_any_failure_of_docker_passes_is_found_before_it_runs(workshop, make_workshop):
    lab = console("docker run --rm lab no-such-program", "* (glob*)\n[!0]\n") + (
        "\n```check\nid: fails\ndescribe: It fails\nprobe: {transcript: {command: docker run}}\n"
        "expect: {exit: nonzero}\nexplain: So.\n```\n"
    )
    done = workshop("verify", make_workshop(lab=lab))
    assert done.returncode == 2
    assert "also passes where its program is missing" in done.stderr
