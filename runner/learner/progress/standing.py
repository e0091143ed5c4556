"""A learner's progress in a whole workshop."""

from dataclasses import dataclass

from runner.lab.model.track import Track
from runner.lab.model.workshop import Lab, Workshop
from runner.learner.progress.state import LabState, Progress


@dataclass(frozen=True, slots=True)
class LabStanding:
    """A lab, and the learner's state in it."""

    lab: Lab
    state: LabState

    @property
    def checks(self) -> int:
        """The number of checks."""
        return len(list(self.lab.checks))

    @property
    def passed(self) -> int:
        """The number of checks that have passed; none in a lab that was only looked into, whatever held there."""
        return sum(check.id in self.state.passed for check in self.lab.checks) if self.state.begun else 0

    @property
    def done(self) -> bool:
        """True if the lab was finished."""
        return self.state.finished

    @property
    def helped(self) -> tuple[str, ...]:
        """The titles of the steps that were solved for the learner."""
        states = [(step, self.state.of(step.id)) for step in self.lab.steps]
        return tuple(step.title for step, state in states if state.solved or state.skipped)


@dataclass(frozen=True, slots=True)
class WorkshopStanding:
    """A workshop's labs, in their order."""

    workshop: Workshop
    labs: tuple[LabStanding, ...]

    @classmethod
    def of(cls, workshop: Workshop, progress: Progress) -> "WorkshopStanding":
        """The learner's standing, from `progress`."""
        labs = (LabStanding(lab, progress.lab(workshop.id, lab.id)) for lab in workshop.labs)
        return cls(workshop, tuple(labs))

    @property
    def parts(self) -> tuple[tuple[Track | None, tuple[LabStanding, ...]], ...]:
        """The tracks with their labs; without tracks, all labs as one part."""
        standings = {one.lab.id: one for one in self.labs}
        return tuple((track, tuple(standings[lab.id] for lab in labs)) for track, labs in self.workshop.parts)

    @property
    def done(self) -> int:
        """The number of labs done."""
        return sum(lab.done for lab in self.labs)

    @property
    def complete(self) -> bool:
        """True if all labs are done."""
        return self.done == len(self.labs)

    @property
    def checks(self) -> int:
        """The number of checks."""
        return sum(lab.checks for lab in self.labs)

    @property
    def passed(self) -> int:
        """The number of checks that have passed."""
        return sum(lab.passed for lab in self.labs)

    @property
    def seconds(self) -> float:
        """The seconds spent."""
        return sum(lab.state.seconds for lab in self.labs)

    @property
    def hints(self) -> int:
        """The number of hints shown."""
        return sum(lab.state.hints for lab in self.labs)

    @property
    def helped(self) -> int:
        """The number of steps that were solved for the learner."""
        return sum(len(lab.helped) for lab in self.labs)
