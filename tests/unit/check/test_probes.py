"""The observations of probes, without an engine."""

import pytest

from runner.check.probes import observe
from runner.lab.model.check import ProfileProbe
from tests.fakes import FakeEngine

ENOSYS = """
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
"""


@pytest.mark.parametrize(
    ("engine", "errno"),
    [
        ("28.5", "ENOSYS"),
        ("20.10.9", "EPERM"),  # which drops errnoRet
        ("", "ENOSYS"),  # the engine in use
    ],
)
def test_a_profile_probe_asks_about_another_engine(make_context, tmp_path, engine: str, errno: str) -> None:
    (tmp_path / "p.json").write_text(ENOSYS)
    probe = ProfileProbe(file="p.json", syscall="clone3", args=(), engine=engine)
    assert observe(probe, make_context(FakeEngine()), 1).facts == {"action": ("errno",), "errno": (errno,)}
