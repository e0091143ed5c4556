from runner.engine.docker.options import Limits, create_body
from runner.lab.model.container import ContainerSpec

ALL = Limits(pids=True, memory=True, swap=True)
NONE = Limits(pids=False, memory=False, swap=False)


def body(spec: ContainerSpec, *, seccomp: str = "", limits: Limits = ALL) -> dict:
    return create_body(spec, image=spec.image, seccomp=seccomp, labels={"a": "b"}, limits=limits)


def test_no_network_is_left_to_the_kernel() -> None:
    made = body(ContainerSpec())
    assert made["NetworkDisabled"] is True
    assert made["HostConfig"]["NetworkMode"] == "default"


def test_another_network_is_passed_on() -> None:
    made = body(ContainerSpec(network_mode="bridge"))
    assert made["NetworkDisabled"] is False
    assert made["HostConfig"]["NetworkMode"] == "bridge"


def test_the_path_of_a_profile_is_replaced_by_its_content() -> None:
    spec = ContainerSpec(
        security_opt=("seccomp=profiles/deny.json", "apparmor=unconfined", "no-new-privileges")
    )
    options = body(spec, seccomp="{}")["HostConfig"]["SecurityOpt"]
    assert options == ["apparmor=unconfined", "no-new-privileges", "seccomp={}"]


def test_the_default_profile_needs_no_option() -> None:
    assert body(ContainerSpec(security_opt=("seccomp=unconfined",)))["HostConfig"]["SecurityOpt"] == []


def test_limits_are_set_where_the_engine_can_enforce_them() -> None:
    host = body(ContainerSpec(pids_limit=7, mem_limit=2**25))["HostConfig"]
    assert (host["PidsLimit"], host["Memory"], host["MemorySwap"]) == (7, 2**25, 2**25)
    assert "Ulimits" not in host


def test_without_cgroups_ulimits_bound_the_number_of_processes_and_the_data_of_each() -> None:
    host = body(ContainerSpec(pids_limit=7, mem_limit=2**25), limits=NONE)["HostConfig"]
    assert host["Ulimits"] == [
        {"Name": "nproc", "Soft": 1031, "Hard": 1031},
        {"Name": "data", "Soft": 2**25, "Hard": 2**25},
    ]
    assert not {"PidsLimit", "Memory", "MemorySwap"} & host.keys()


def test_everything_else_reaches_the_engine() -> None:
    spec = ContainerSpec(
        image="busybox",
        command=("b", "c"),
        entrypoint=("a",),
        cap_add=("ALL",),
        cap_drop=("CHOWN",),
        user="1000",
        working_dir="/tmp",
        hostname="box",
        environment={"K": "v=w"},
        tmpfs=("/run:size=1m", "/x"),
        read_only=True,
        init=True,
        privileged=True,
        tty=True,
    )
    made = body(spec)
    host = made["HostConfig"]
    assert (made["Image"], made["Entrypoint"], made["Cmd"]) == ("busybox", ["a"], ["b", "c"])
    assert (made["User"], made["WorkingDir"], made["Hostname"]) == ("1000", "/tmp", "box")
    assert (made["Env"], made["Tty"], made["OpenStdin"]) == (["K=v=w"], True, True)
    assert made["Labels"] == {"a": "b"}
    assert (host["CapAdd"], host["CapDrop"]) == (["ALL"], ["CHOWN"])
    assert host["Tmpfs"] == {"/run": "size=1m", "/x": ""}
    assert (host["ReadonlyRootfs"], host["Init"], host["Privileged"]) == (True, True, True)


def test_nothing_of_the_host_is_mounted() -> None:
    assert not {"Binds", "Mounts", "VolumesFrom"} & body(ContainerSpec())["HostConfig"].keys()
