"""The files of a lab in the learner's workspace, which may be removed at any time."""

from collections.abc import Collection

from runner.lab.model.named_files import named_files
from runner.lab.model.workshop import FileBlock, Lab, Step
from runner.learner.session.launches import needed
from runner.learner.session.tries import file_of
from runner.stage.persistent import PersistentWorkspace


def inherited(lab: Lab, step: Step) -> frozenset[str]:
    """The files that `step` uses, and that the lesson has the learner write in earlier steps alone."""
    earlier = {block.name for each in lab.before(step) for block in _written(each)}
    return frozenset(_used(lab, step) & earlier - {block.name for block in step.files})


def _used(lab: Lab, step: Step) -> set[str]:
    """The files for the containers of `step`, in its commands and in its checks."""
    known = {block.name: block for each in (*lab.before(step), step) for block in each.containers}
    containers = {block.name for block in step.containers} | needed(step)
    profiles = {known[name].spec.seccomp for name in containers & known.keys()}
    return profiles | {*named_files(step), *map(file_of, step.checks)}


def _written(step: Step, *, solved: bool = True) -> list[FileBlock]:
    """The versions of files that a step gives, in order, those of its solution only if it is `solved`."""
    return [
        action.block
        for action in step.actions
        if isinstance(action.block, FileBlock) and (solved or not action.solves)
    ]


class LabFiles:
    """Puts the files of steps into the workspace, and all earlier ones into a recreated workspace."""

    def __init__(self, lab: Lab, workspace: PersistentWorkspace) -> None:
        self._lab = lab
        self._workspace = workspace
        self._made_anew = False

    def place(self, step: Step, *, fresh: bool) -> None:
        """Put the files of `step` in place: the lesson's versions if it is `fresh`, else the learner's stay.

        Raises:
            WorkshopError: a file cannot be written.
        """
        self._ensure(self._lab.before(step))
        self._place(step, fresh=fresh)

    def bring_back(self, step: Step, *, done: Collection[str]) -> None:
        """Restore those files that come with the workshop and that `step` uses, as they come.

        Those that the lesson has the learner write, here or in an earlier step, stay. One of an earlier step that is
        missing is as the lesson left it, with the solutions of the steps `done`.

        Raises:
            WorkshopError: a file cannot be written.
            OSError: a file of the workshop cannot be read.
        """
        kept = inherited(self._lab, step)
        self._workspace.bring_back(
            sorted(_used(self._lab, step) - kept - {block.name for block in step.files})
        )
        earlier = self._lab.before(step)
        blocks = [block for each in earlier for block in _written(each, solved=each.id in done)]
        for name, content in {block.name: block.content for block in blocks}.items():
            if name in kept and not self._workspace.path(name).exists():
                self._workspace.write(name, content)

    def restored(self, step: Step | None) -> bool:
        """Ensure the workspace with the files up to `step`; True if it was recreated since the last call.

        Raises:
            WorkshopError: the workspace cannot be created, or a file cannot be written.
        """
        self._ensure(() if step is None else (*self._lab.before(step), step))
        made_anew, self._made_anew = self._made_anew, False
        return made_anew

    def _ensure(self, steps: tuple[Step, ...]) -> None:
        if self._workspace.ensure():
            self._made_anew = True
            for step in steps:
                self._place(step, fresh=True)

    def _place(self, step: Step, *, fresh: bool) -> None:
        for block in step.files:
            if fresh or not self._workspace.path(block.name).exists():
                self._workspace.write(block.name, block.content)
