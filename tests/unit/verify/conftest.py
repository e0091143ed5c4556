"""The verification of a lab on a fake engine."""

import pytest

from runner.lab.read.workshop import read_workshop
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify.lab import verify_lab
from runner.verify.standard import Refusals
from tests.fakes import FakeEngine
from tests.unit.verify.proven import LAB, engine_refuses


@pytest.fixture
def verified(tmp_path):
    def verify(
        program, *, control="", extra="", text=LAB, open_console=lambda *_: pytest.fail("none is needed")
    ):
        folder = tmp_path / "w"
        folder.mkdir()
        (folder / "workshop.toml").write_text(
            'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = ["lab.md"]\n[defaults]\nimage = "lab"\n'
        )
        (folder / "lab.md").write_text(text.replace("CONTROL\n", control).replace("EXTRA\n", extra))
        reading = read_workshop(folder)
        assert reading.problems == ()
        engine = FakeEngine({"chmod": program, ".": engine_refuses})
        stage = Stage(
            engine=engine,
            workspace=Workspace.temporary(()),
            environment={},
            container_environment={},
            open_console=open_console,
        )
        result = verify_lab(reading.workshop.labs[0], stage, lambda _event: None, Refusals())
        stage.close()
        assert not stage.workspace.root.exists()
        assert engine.containers == {}
        return result

    return verify
