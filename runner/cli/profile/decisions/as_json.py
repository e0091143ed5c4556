"""Decisions, verdicts, evidence and answers as JSON."""

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.calls.call import Call
    from runner.profile.evidence import Evidence
    from runner.profile.evidence.messages import Told
    from runner.profile.evidence.model import Message
    from runner.profile.filter.simulate import Decision
    from runner.profile.model import Json
    from runner.profile.simulation import Simulation
    from runner.profile.views.verdicts import Verdict
    from runner.trace.denial import Denial
    from runner.trace.own_seccomp import OwnRefusal
    from runner.trace.why import Answer


def decision_json(call: "Call", decision: "Decision", *, file: str) -> "Json":
    """A decision as JSON."""
    rule = decision.rule
    source = rule.source if rule else None
    return {
        "call": {
            "name": call.syscall.name,
            "number": call.syscall.number,
            "arch": call.arch.go,
            "args": list(call.args),
        },
        "action": decision.action,
        "errno": decision.errno,
        "errnoNumber": decision.errno_number,
        "executed": decision.executed,
        "cause": decision.cause.value,
        "rule": None
        if rule is None
        else {
            "index": decision.index,
            "path": source.at.path if source else f"syscalls[{decision.index}]",
            "file": file,
            "line": source.at.line if source else None,
        },
        "agrees": decision.agrees,
        "notes": list(decision.notes),
    }


def verdict_json(verdict: "Verdict", file: str) -> "Json":
    """A verdict as JSON."""
    seen = verdict.first
    return {
        **decision_json(verdict.call, verdict.decision, file=file),
        "certain": verdict.certain,
        "openArguments": list(verdict.open_args),
        "contradicted": verdict.contradicted,
        "count": verdict.count,
        "evidence": {
            "kind": seen.kind.value,
            "line": seen.line,
            "arguments": None if seen.args is None else list(seen.args),
            "result": seen.result,
            "errno": seen.errno,
            "action": seen.action,
            "pid": seen.pid,
            "thread": seen.thread,
        },
    }


def evidence_json(evidence: "Evidence") -> "Json":
    """The evidence that was read, and the lines that were not used, as JSON."""
    return {
        "readAs": evidence.titles,
        "lines": evidence.lines,
        "calls": sum(seen.times for seen in evidence.calls),
        "names": sorted({seen.name for seen in evidence.calls}),
        "notes": list(evidence.notes),
        "unused": [
            {"line": unused.line, "reason": unused.reason, "text": unused.text} for unused in evidence.unused
        ],
        "unusedLines": evidence.unused_lines,
    }


def answer_json(simulation: "Simulation", evidence: "Evidence", found: "Answer") -> "Json":
    """The answer as JSON, with the evidence that was read."""
    return {
        **evidence_json(evidence),
        "profile": simulation.file,
        "denied": [_denial_json(denial, simulation.file) for denial in found.denied],
        "notSeccomp": [verdict_json(verdict, simulation.file) for verdict in found.others],
        "ownFilter": found.own_filter,
        "own": [_own_json(refusal) for refusal in found.own],
        "logged": [verdict_json(verdict, simulation.file) for verdict in found.logged],
        "stoppedOtherwise": [verdict_json(verdict, simulation.file) for verdict in found.stopped],
        "messages": [
            {
                **message_json(reported.message, reported.told),
                "denied": [_denial_json(denial, simulation.file) for denial in reported.denied],
                "alsoDenied": [_denial_json(denial, simulation.file) for denial in reported.also],
            }
            for reported in found.reported
        ],
        "change": found.command,
        "stillDenied": list(found.left),
        "allowedWhole": list(found.widened),
        "log": list(found.log),
    }


def message_json(message: "Message", told: "Told") -> "Json":
    """A message, what it means, and the calls that it may be about, as JSON."""
    return {
        "line": message.line,
        "text": message.text,
        "meaning": told.meaning,
        "profileRefused": told.refused,
        "candidates": list(told.calls),
    }


def _denial_json(denial: "Denial", file: str) -> "Json":
    return {
        **verdict_json(denial.verdict, file),
        "reasons": list(denial.reasons),
        "allow": denial.allow,
        "proven": bool(denial.allow),
        "allowsMore": denial.wider,
        "byHand": denial.by_hand,
    }


def _own_json(refusal: "OwnRefusal") -> "Json":
    call = refusal.call
    return {
        "name": call.name,
        "line": call.line,
        "errno": call.errno,
        "count": refusal.times,
        "mode": refusal.own.name.lower(),
        "certain": refusal.certain,
    }
