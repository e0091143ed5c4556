"""Seccomp's BPF programs: decode, verify, run, and specialise them for one system call.

Only what libseccomp and runc emit is accepted: absolute loads, AND, jumps and constant returns. Anything else
is refused when the program is decoded, so that no decision is made on an instruction not handled here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from runner.profile.calls.syscalls import WORD_MASK
from runner.profile.filter.limits import MAX_INSTRUCTIONS

LOAD = 0x20
AND = 0x54
JUMP = 0x05
JEQ = 0x15
JGT = 0x25
JGE = 0x35
JSET = 0x45
RETURN = 0x06
WORDS = 16
"""The words in a `seccomp_data`: number, architecture, instruction pointer (2), six arguments (12)."""

_BRANCHES = (JEQ, JGT, JGE, JSET)
_KNOWN = frozenset((LOAD, AND, JUMP, RETURN, *_BRANCHES))
INSTRUCTION_BYTES = 8

Data = Sequence[int]
"""A call as 16 words of 32 bits, in the order in which `seccomp_data` lies in memory."""


class BadProgramError(ValueError):
    """The program is not one that the kernel would load, or that libseccomp would write."""


class Instruction(NamedTuple):
    """One instruction: `jt` and `jf` count the instructions to skip, as in `struct sock_filter`."""

    code: int
    jt: int
    jf: int
    k: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A test that remains once the number and architecture are known: compare a masked word, then go on.

    Equal by identity, so that comparing two of them never walks the graph beneath.
    """

    word: int
    mask: int
    code: int
    k: int
    yes: "int | Question"
    no: "int | Question"


def decode(code: bytes, *, big_endian: bool = False) -> tuple[Instruction, ...]:
    """Decode what `seccomp_export_bpf` writes and check it as the kernel's verifier does."""
    if not code or len(code) % INSTRUCTION_BYTES:
        raise BadProgramError(f"{len(code)} bytes are not a whole number of instructions")
    layout = struct.Struct((">" if big_endian else "<") + "HBBI")
    program = tuple(Instruction(*fields) for fields in layout.iter_unpack(code))
    verify(program)
    return program


def encode(program: Sequence[Instruction], *, big_endian: bool = False) -> bytes:
    """The program as the array of `struct sock_filter` that the kernel loads."""
    layout = struct.Struct((">" if big_endian else "<") + "HBBI")
    return b"".join(layout.pack(*instruction) for instruction in program)


def verify(program: Sequence[Instruction]) -> None:
    """Raise BadProgramError unless every path stays inside the program and ends in a return."""
    if not 0 < len(program) <= MAX_INSTRUCTIONS:
        raise BadProgramError(f"{len(program)} instructions: the kernel takes 1 to {MAX_INSTRUCTIONS}")
    if program[-1].code != RETURN:
        raise BadProgramError("the last instruction does not return")
    for at, (code, jt, jf, k) in enumerate(program):
        if code not in _KNOWN:
            raise BadProgramError(f"instruction {at}: code {code:#x} is not one that libseccomp emits")
        if code == LOAD and (k % 4 or k >= WORDS * 4):
            raise BadProgramError(f"instruction {at}: loads from offset {k}, outside the call's data")
        furthest = k if code == JUMP else max(jt, jf) if code in _BRANCHES else 0
        if at + 1 + furthest >= len(program) and code != RETURN:
            raise BadProgramError(f"instruction {at}: jumps past the end")


def run(program: Sequence[Instruction], data: Data) -> int:
    """Run the program, one instruction after the other, and return its result."""
    accumulator = 0
    at = 0
    while True:
        code, jt, jf, k = program[at]
        at += 1
        if code == LOAD:
            accumulator = data[k >> 2]
        elif code == AND:
            accumulator &= k
        elif code == JUMP:
            at += k
        elif code == RETURN:
            return k
        else:
            at += jt if compare(code, accumulator, k) else jf


def compare(code: int, left: int, right: int) -> bool:
    """True if a conditional jump is taken; all values are unsigned 32-bit words."""
    if code == JEQ:
        return left == right
    if code == JGT:
        return left > right
    if code == JGE:
        return left >= right
    return bool(left & right)


def specialise(program: Sequence[Instruction], known: dict[int, int]) -> int | Question:
    """Simplify the program for `known` words: return its result, or the tests on the other words.

    For most system calls the result is a constant; for the rest, a few tests on their arguments.
    """
    # A position and the accumulator's content determine all that follows. The walk keeps its own stack: a
    # program may be 4,096 instructions deep.
    done: dict[_State, int | Question] = {}
    stack = [_State(0, 0, None)]
    while stack:
        state = stack[-1]
        end = _advance(program, state, known)
        if isinstance(end, int):
            done[state] = end
        else:
            missing = [branch for branch in (end.yes, end.no) if branch not in done]
            if missing:
                stack.extend(missing)
                continue
            yes, no = done[end.yes], done[end.no]
            done[state] = yes if yes == no else Question(end.word, end.mask, end.code, end.k, yes, no)
        stack.pop()
    return done[_State(0, 0, None)]


def decide(residue: int | Question, data: Data) -> int:
    """The result of a specialised program for a call."""
    while not isinstance(residue, int):
        residue = (
            residue.yes if compare(residue.code, data[residue.word] & residue.mask, residue.k) else residue.no
        )
    return residue


def words(question: Question) -> set[int]:
    """The words of a call's data that a specialised program still tests."""
    seen: set[int] = set()
    found: set[int] = set()
    stack: list[int | Question] = [question]
    while stack:
        each = stack.pop()
        if isinstance(each, Question) and id(each) not in seen:
            seen.add(id(each))
            found.add(each.word)
            stack += (each.yes, each.no)
    return found


class _State(NamedTuple):
    """A position in a walk: `value` is a mask on word `word`, or a constant if `word` is None."""

    at: int
    value: int
    word: int | None


class _Branch(NamedTuple):
    word: int
    mask: int
    code: int
    k: int
    yes: _State
    no: _State


def _advance(program: Sequence[Instruction], state: _State, known: dict[int, int]) -> int | _Branch:
    """Follow the program from a state to the first test that depends on an unknown word, or to its return."""
    at, value, word = state
    while True:
        code, jt, jf, k = program[at]
        at += 1
        if code == LOAD:
            word = None if k >> 2 in known else k >> 2
            value = known.get(k >> 2, WORD_MASK)
        elif code == AND:
            value &= k
        elif code == JUMP:
            at += k
        elif code == RETURN:
            return k
        elif word is None:
            at += jt if compare(code, value, k) else jf
        else:
            return _Branch(word, value, code, k, _State(at + jt, value, word), _State(at + jf, value, word))
