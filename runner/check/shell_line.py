"""The commands in a typed line, each with its exit status as far as it is known."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.check.program import program_of
from runner.check.shell_syntax import Chain, Group, Pipeline, Simple, StructureError, read_line
from runner.check.shell_words import UnreadableLineError, tokens
from runner.language import tr

_SHELL = re.compile(r"(?:/\S*/)?(?:ba|da|a|z|k)?sh")
_MOST_NESTED = 5
"""The number of scripts within each other that are read."""
_SAID_STATUS = re.compile(r"(?:^|\D)([0-9]{1,3})\s*\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A simple command of a line; `status` is None if the shell did not report it, and `why` is the reason."""

    text: str
    status: int | None
    why: str = ""


def parts(
    text: str, status: int, output: str, pipeline: Sequence[int] = (), *, nesting: int = 0
) -> tuple[Part, ...]:
    """Return the simple commands of a line that ended with `status` and printed `output`, in the order of the text.

    `pipeline` has the exit statuses of the line's last pipeline, if the shell reported them. A line whose last command
    is `echo $?` has printed the status of the command before. The scripts of `eval` and `sh -c` are read too, if the
    `nesting` is not too deep.
    """
    try:
        group = read_line(text)
    except UnreadableLineError:
        return (Part(text, status),)
    except StructureError as error:
        why = tr("within {structure} the shell tells only how the whole of it ended", structure=error)
        return (Part(text, status), *(Part(found, None, why) for found in _inner_commands(text)))
    found = _of_group(group, status, output, tuple(pipeline))
    return tuple(inner for part in found for inner in (part, *_of_script(part, output, nesting)))


def _of_script(part: Part, output: str, nesting: int) -> tuple[Part, ...]:
    script = _script(part.text) if part.status is not None and nesting < _MOST_NESTED else ""
    if not script or part.status is None or any(token.substitutes for token in tokens(part.text)):
        return ()
    return parts(script, part.status, output, nesting=nesting + 1)


def _of_group(group: Group, status: int | None, output: str, pipeline: tuple[int, ...]) -> Iterator[Part]:
    chains = list(group.chains)
    said = _said(chains, status, output)
    if said is not None:
        chains.pop()
    for number, chain in enumerate(chains):
        last = number == len(chains) - 1
        if chain.background:
            why = tr("it runs in the background, and nothing has told how it ends")
            yield from _of_chain(chain, None, why)
        elif last and said is not None:
            yield from _of_chain(chain, said, output=output)
        elif last:
            yield from _of_chain(chain, status, output=output, pipeline=pipeline)
        else:
            why = tr("the shell tells only how {last} ended, behind it", last=_shown(chains[-1]))
            yield from _of_chain(chain, None, why)


def _said(chains: Sequence[Chain], status: int | None, output: str) -> int | None:
    """The status that a last `echo $?` printed; None if there is none."""
    if len(chains) < 2 or status != 0:
        return None
    text = _shown(chains[-1]).strip("`")
    found = _SAID_STATUS.search(output)
    if re.fullmatch(r"echo\s+([^$;&|]*\$\?\"?|\$\{\?\})", text) and found and not chains[-2].background:
        return int(found[1])
    return None


def _of_chain(
    chain: Chain, status: int | None, why: str = "", *, output: str = "", pipeline: tuple[int, ...] = ()
) -> Iterator[Part]:
    """The parts of a chain with a known `status`; those of `pipeline` are its last executed pipeline's."""
    known, ran_last = _statuses(chain, status, why, output, pipeline)
    for number, (found, (its_status, reason)) in enumerate(zip(chain.pipelines, known, strict=True)):
        yield from _of_pipeline(found, its_status, reason, output, pipeline if number == ran_last else ())


def _statuses(
    chain: Chain, status: int | None, why: str, output: str, members: tuple[int, ...]
) -> tuple[list[tuple[int | None, str]], int | None]:
    """The status of each pipeline, or why it is unknown, and the number of the one that ran last, if that is certain.

    From the end on: the one that ran last ended with the status of the whole. Where `&&` led to it, all before it ended
    with 0; where `||` did, they failed in a way that nothing tells.
    """
    both = tr("joined by && or ||, either of the two may have ended so")
    skipped = tr("it did not run, since `&&` goes on only after success, and `||` only after failure")
    known: list[tuple[int | None, str]] = [(None, why or both)] * len(chain.pipelines)
    ran_last = None
    rest = len(chain.pipelines)
    while rest and status is not None:
        ran = _last_that_ran(chain.pipelines[:rest], chain.operators[: rest - 1], status, output, members)
        if ran is None:
            break
        ran_last = ran if ran_last is None else ran_last
        known[ran] = status, ""
        known[ran + 1 : rest] = [(None, skipped)] * (rest - ran - 1)
        status = 0 if ran and chain.operators[ran - 1] == "&&" else None
        rest, members = ran, ()
    return known, ran_last


def _last_that_ran(
    pipelines: Sequence[Pipeline],
    operators: Sequence[str],
    status: int,
    output: str,
    members: tuple[int, ...],
) -> int | None:
    """The number of the pipeline after which the chain was left with `status`; None if it may have been several.

    The shell's statuses of `members` are those of whatever ran last, so their number can tell.
    """
    stops = "&&" if status else "||"
    possible = [
        number for number in range(len(pipelines)) if all(joint == stops for joint in operators[number:])
    ]
    fitting = [number for number in possible if _may_have(pipelines[number], members)] or possible
    last = fitting[-1] if fitting else 0
    certain = len(fitting) == 1 or (status and _spoke(pipelines[last], pipelines[:last], output))
    return last if certain else None


def _may_have(found: Pipeline, members: tuple[int, ...]) -> bool:
    """True if a pipeline may be the one with the statuses of these `members`; () if none are known."""
    # Within braces, the shell tells of the last pipeline there.
    in_braces = len(found.items) == 1 and isinstance(found.items[0], Group)
    return not members or in_braces or len(found.items) == len(members)


def _spoke(found: Pipeline, earlier: Sequence[Pipeline], output: str) -> bool:
    """True if a message, which begins with its program's name, shows that this command failed."""
    *_, last = found.items
    others = {_program(item) for pipeline in earlier for item in pipeline.items}
    name = _program(last)
    speakers = {line.partition(":")[0] for line in output.splitlines()}
    return bool(name) and name in speakers and name not in others and not others & speakers


def _program(item: Simple | Group) -> str:
    return "" if isinstance(item, Group) else program_of(item.text)


def _of_pipeline(
    found: Pipeline, status: int | None, why: str, output: str, pipeline: tuple[int, ...]
) -> Iterator[Part]:
    if found.negated:
        why = why or tr("`!` turns its status round")
        status = 0 if status == 1 else None
    elif len(pipeline) == len(found.items) > 1:
        for item, its_status in zip(found.items, pipeline, strict=True):
            yield from _of_item(item, its_status, "", output)
        return
    *others, last = found.items
    for item in others:
        piped = tr("in a pipeline, the shell tells only how the last command ended")
        yield from _of_item(item, None, piped, output)
    yield from _of_item(last, status, why, output)


def _of_item(item: Simple | Group, status: int | None, why: str, output: str) -> Iterator[Part]:
    if isinstance(item, Group):
        yield from _of_group(item, status, output, ())
        return
    yield Part(item.text, status, "" if status is not None else why)
    if item.substitutes:
        why = tr(
            "it runs within `{outer}`, and the shell tells only how that ended", outer=_shortened(item.text)
        )
        yield from (Part(text, None, why) for text in _inner_commands(item.text))


def _script(text: str) -> str:
    """The text that a shell runs with `-c`; "" if the command is something else."""
    try:
        words = shlex.split(text)
    except ValueError:
        return ""
    if len(words) > 2 and _SHELL.fullmatch(words[0]) and re.fullmatch(r"-[a-z]*c", words[1]):
        return words[2]
    return " ".join(words[1:]) if words[:1] == ["eval"] else ""


def _inner_commands(text: str) -> Iterator[str]:
    """The text of command substitutions, and of the pieces of a loop or a condition."""
    for piece in re.split(r"\$\(|[`;\n()]|&&|\|\||\b(?:do|then|else|in)\b", text)[1:]:
        if piece.strip():
            yield piece.strip()


def _shown(chain: Chain) -> str:
    texts = [_shown_item(item) for pipeline in chain.pipelines for item in pipeline.items]
    return f"`{_shortened(texts[-1])}`"


def _shown_item(item: Simple | Group) -> str:
    return item.text if isinstance(item, Simple) else "( … )"


def _shortened(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
