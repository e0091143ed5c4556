"""The texts around the table: the class, its place in the plan, and the chosen learner."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from runner.instructor.marks import NEEDS
from runner.language import tr, trn
from runner.teaching.control import ClassStatus
from runner.teaching.needs import NeedKind
from runner.teaching.plan import PlannedStep
from runner.teaching.standing import Seat, Standing

_MOST_PLACES = 12
_BAR = "▇"
_DOORS = {"browser": "by browser", "ssh": "by ssh", "join": "on their own machine"}


def headline(status: ClassStatus, standing: Standing) -> Content:
    """The class in a line: people, open needs, and settings."""
    here = sum(person.connected for person in status.people)
    parts: list[str | tuple[str, str]] = [
        (tr("{here} of {seats} here", here=here, seats=status.seats), "bold")
    ]
    if standing.needing:
        needing = trn("{number} needs help", "{number} need help", standing.needing)
        parts.append((f"  {needing}", "$error bold"))
    labs = status.pace.labs
    if labs is None:
        pace = tr("all labs open")
    elif status.pace.waiting:
        pace = tr("open up to lab {lab}, waiting for all", lab=labs)
    else:
        pace = tr("open up to lab {lab}", lab=labs)
    parts.append(f"  {pace}")
    if status.pause.on:
        parts.append((f"  {tr('‖ PAUSED')}", "$warning bold"))
    if status.demo:
        parts.append((f"  {tr('▶ DEMO')}", "$accent bold"))
    if status.watching:
        watching = tr("◉ watching {name}", name=status.watching)
        parts.append((f"  {watching}", "$accent bold"))
    if status.trouble:
        parts.append((f"  ! {status.trouble}", "$error bold"))
    parts.append((f"  {status.title}", "$text-muted"))
    return Content.assemble(*parts)


def whereabouts(standing: Standing) -> Content:
    """The class's place: the number of learners at each step, with the step marked that half of them have reached."""
    places = standing.places
    at = [step for step in standing.plan if places.get(step.place)]
    middle = standing.middle
    if not at or middle is None:
        return Content.styled(tr("nobody has opened a lab yet"), "$text-muted")
    parts: list[str | tuple[str, str]] = [(f"{tr('learners at step')}  ", "$text-muted")]
    for step in _around(at, middle):
        count = places[step.place]
        text = f"{step.label} {_BAR * min(count, 10)}{count}"
        parts += [(f"[{text}]", "bold") if step == middle else text, "  "]
    return Content.assemble(*parts)


def _around(at: list[PlannedStep], middle: PlannedStep) -> list[PlannedStep]:
    if len(at) <= _MOST_PLACES:
        return at
    place = at.index(middle)
    first = max(0, min(place - _MOST_PLACES // 2, len(at) - _MOST_PLACES))
    return at[first : first + _MOST_PLACES]


def details(seat: Seat | None, standing: Standing, note: str, joining: Sequence[str] = ()) -> Content:
    """The chosen learner: step, time there, last try, and the instructor's note; before any learner has come,
    how to join."""
    if seat is None:
        return Content("\n").join(_nobody(joining))
    return Content("\n").join(_details(seat, standing, note))


def _nobody(joining: Sequence[str]) -> Iterator[Content]:
    """The instructions for the time before the first learner has come."""
    yield Content.styled(tr("nobody is here yet"), "$text-muted")
    yield from map(Content, joining[:1])
    if len(joining) > 1:
        yield Content.styled(tr("i shows all that people need to join"), "$text-muted")


def _details(seat: Seat, standing: Standing, note: str) -> Iterator[Content]:
    mark = NEEDS[seat.need.kind]
    person = seat.person
    state = tr(_DOORS.get(person.door, person.door))
    mirror = tr("may be watched") if person.mirror else tr("has not agreed to be watched")
    words = [word for word in (state, "" if person.connected else tr("not connected"), mirror) if word]
    yield Content.assemble((seat.name, "bold"), f"  {' · '.join(words)}  ", (tr(mark.symbol), mark.colour))
    step = seat.step
    if step is None:
        yield Content.styled(tr("has opened no lab yet"), "$text-muted")
    else:
        visit = seat.way.steps[step.place]
        figures = tr(
            "{minutes} min, failed tries: {tries}, hints: {hints} of {all_hints}, steps done: {done} of {steps}",
            minutes=int(seat.seconds) // 60,
            tries=visit.tries,
            hints=visit.hints,
            all_hints=step.hints,
            done=seat.done,
            steps=len(standing.plan),
        )
        yield Content(f"{step.label} {step.title}  ·  {figures}")
        if visit.last_try is not None:
            yield Content.assemble(
                ("✗ ", "$error"),
                (visit.last_try.check, "bold"),
                f"  {' '.join(visit.last_try.observed.split())}",
            )
    if seat.need.kind in {NeedKind.HELP, NeedKind.TROUBLE}:
        yield Content.styled(seat.need.why, mark.colour)
    if note:
        yield Content.assemble((f"{tr('note')}  ", "$text-muted"), " ".join(note.split()))
