"""All texts of a workshop that a learner reads, by id, so that they can be translated.

Commands, files, probes and expectations are not texts: they are the same in every language.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from runner.lab.model.check import Check
from runner.lab.model.glossary import Term
from runner.lab.model.prose import Prose
from runner.lab.model.track import LearningPath, Track
from runner.lab.model.workshop import Block, CheckBlock, HintBlock, Lab, QuizBlock, Step, Workshop

_Way = TypeVar("_Way", Track, LearningPath)
Put = Callable[[str, str], str]
"""Maps a text's id and original to its replacement."""


def lab_with(lab: Lab, put: Put) -> Lab:
    """The lab with its texts replaced; text ids are unique in a lab."""
    return replace(
        lab,
        title=put("title", lab.title),
        objectives=tuple(put(f"objective/{number}", text) for number, text in enumerate(lab.objectives, 1)),
        introduction=tuple(
            _prose(prose, f"introduction/{number}", put) for number, prose in enumerate(lab.introduction, 1)
        ),
        steps=tuple(_step(step, put) for step in lab.steps),
    )


def manifest_with(workshop: Workshop, put: Put) -> Workshop:
    """The workshop with the texts of its manifest replaced."""
    return replace(
        workshop,
        title=put("title", workshop.title),
        summary=_maybe("summary", workshop.summary, put),
        tracks=tuple(_way(track, "track", put) for track in workshop.tracks),
        paths=tuple(_way(path, "path", put) for path in workshop.paths),
    )


def glossary_with(terms: tuple[Term, ...], put: Put) -> tuple[Term, ...]:
    """The terms with their forms, separated by commas, and explanations replaced."""
    found = []
    for term in terms:
        forms = tuple(filter(None, map(str.strip, put(f"{term.id}/forms", ", ".join(term.forms)).split(","))))
        found.append(term._replace(forms=forms or term.forms, prose=_prose(term.prose, term.id, put)))
    return tuple(found)


def _way(way: _Way, kind: str, put: Put) -> _Way:
    title = put(f"{kind}/{way.id}/title", way.title)
    return way._replace(title=title, summary=_maybe(f"{kind}/{way.id}/summary", way.summary, put))


def _maybe(identity: str, text: str, put: Put) -> str:
    return put(identity, text) if text.strip() else text


def _prose(prose: Prose, identity: str, put: Put) -> Prose:
    text = put(identity, prose.text)
    return prose if text == prose.text else Prose(text, prose.span)


def _step(step: Step, put: Put) -> Step:
    title = put(f"step/{step.id}/title", step.title)
    counts = {Prose: 0, HintBlock: 0}
    blocks: list[Block] = []
    for block in step.blocks:
        match block:
            case Prose():
                counts[Prose] += 1
                blocks.append(_prose(block, f"step/{step.id}/{counts[Prose]}", put))
            case HintBlock(text):
                counts[HintBlock] += 1
                blocks.append(replace(block, text=put(f"step/{step.id}/hint/{counts[HintBlock]}", text)))
            case CheckBlock(check):
                blocks.append(replace(block, check=_check(check, put)))
            case QuizBlock():
                blocks.append(_quiz(block, put))
            case _:
                blocks.append(block)
    return replace(step, title=title, blocks=tuple(blocks))


def _check(check: Check, put: Put) -> Check:
    where = f"check/{check.id}"
    hints = tuple(
        hint._replace(say=put(f"{where}/say/{number}", hint.say))
        for number, hint in enumerate(check.hints, 1)
    )
    return replace(
        check,
        describe=put(f"{where}/describe", check.describe),
        explain=put(f"{where}/explain", check.explain),
        hints=hints,
        precheck_passes=_maybe(f"{where}/precheck", check.precheck_passes, put),
    )


def _quiz(quiz: QuizBlock, put: Put) -> QuizBlock:
    where = f"quiz/{quiz.id}"
    options = tuple(
        option._replace(
            text=put(f"{where}/option/{number}", option.text), why=put(f"{where}/why/{number}", option.why)
        )
        for number, option in enumerate(quiz.options, 1)
    )
    return replace(quiz, question=put(f"{where}/question", quiz.question), options=options)
