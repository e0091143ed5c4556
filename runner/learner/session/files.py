"""The files of a lab in the learner's workspace, which may be removed at any time."""

from runner.lab.model.workshop import Lab, Step
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
