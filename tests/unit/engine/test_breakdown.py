import pytest

from runner.engine.breakdown import tells_of_breakdown


@pytest.mark.parametrize(
    "text",
    [
        "failed to start shim: start failed: : signal: killed: unknown",
        "failed to create shim task: ttrpc: closed: unknown",
        "docker: Cannot connect to the Docker daemon at unix:///run/x.sock. Is the docker daemon running?",
        "error during connect: Get http://%2Frun%2Fx.sock/_ping: EOF",
        "transport: Error while dialing: dial unix /run/containerd.sock: connect: connection refused: unavailable",
        "failed to mount overlay: no space left on device",
    ],
)
def test_an_engine_that_broke_is_no_refusal(text: str) -> None:
    assert tells_of_breakdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container "
        "process: error during container init: unable to init seccomp: permission denied: unknown",
        "OCI runtime start failed: cannot start a stopped process: unknown",
        "chmod: changing permissions of '/tmp/x': Operation not permitted",
        "opening seccomp profile (x.json) failed: open x.json: no such file or directory",
        "",
    ],
)
def test_a_refusal_is_no_breakdown(text: str) -> None:
    assert not tells_of_breakdown(text)
