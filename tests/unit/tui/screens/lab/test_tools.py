"""The files that a step's commands name tell what it is about."""

from runner.content import LABS
from runner.lab.model.named_files import named_files
from runner.lab.read.workshop import read_workshop
from runner.tui.screens.lab.tools import file_of


def test_the_editor_opens_the_file_that_the_task_is_about_though_the_step_has_none_of_its_own():
    workshop = read_workshop(LABS / "seccomp").workshop
    (step, *_) = next(lab for lab in workshop.labs if lab.id == "deny").steps
    assert not step.files
    assert named_files(step) == ("profiles/allow.json", "profiles/deny.json")
    assert file_of(step) == "profiles/deny.json"
