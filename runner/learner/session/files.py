"""The files of a lab in the learner's workspace, which may be removed at any time."""

from runner.lab.model.named_files import named_files
from runner.lab.model.workshop import FileBlock, Lab, Step
from runner.learner.session.launches import needed
from runner.learner.session.tries import file_of
from runner.stage.persistent import PersistentWorkspace


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

    def bring_back(self, step: Step) -> None:
        """Restore those files of the workshop that `step` uses: for its containers, in its commands and in its checks.

        Those that the lesson has the learner write, here or in an earlier step, stay.

        Raises:
            WorkshopError: a file cannot be written.
            OSError: a file of the workshop cannot be read.
        """
        earlier = self._lab.before(step)
        known = {block.name: block for each in (*earlier, step) for block in each.containers}
        used = {block.name for block in step.containers} | needed(step)
        profiles = {known[name].spec.seccomp for name in used & known.keys()}
        profiles |= {*named_files(step), *map(file_of, step.checks)}
        actions = (action.block for each in earlier for action in each.actions)
        written = {block.name for block in (*actions, *step.files) if isinstance(block, FileBlock)}
        self._workspace.bring_back(sorted(profiles - written))

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
