"""The files of a lab in the learner's workspace, which may be removed at any time."""

from runner.lab.model.workshop import Lab, Step
from runner.stage.persistent import PersistentWorkspace


class LabFiles:
    """Puts the files of steps into the workspace, and all so far into one that was made anew."""

    def __init__(self, lab: Lab, workspace: PersistentWorkspace) -> None:
        self._lab = lab
        self._workspace = workspace
        self._made_anew = False

    def place(self, step: Step, *, fresh: bool) -> None:
        """Put the files of `step` in place: of a `fresh` one as the lesson has them, else the learner's stay.

        Raises:
            WorkshopError: one cannot be written.
        """
        self._ensure(self._lab.before(step))
        self._place(step, fresh=fresh)

    def restored(self, step: Step | None) -> bool:
        """Ensure the workspace with the files up to `step`; returns whether it was made anew since the last call.

        Raises:
            WorkshopError: it cannot be made, or a file cannot be written.
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
