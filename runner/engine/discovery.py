"""Choosing the engine: the named one, a reachable isolated one, the private one, with consent a rootful one."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from runner.engine import unix_http
from runner.engine.api import EngineInfo, EngineUnavailable, Loss
from runner.engine.docker import podman
from runner.engine.docker.client import Client, engine_errors, unavailable
from runner.engine.docker.describe import Description, describe
from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.sweep import sweep_orphans
from runner.engine.endpoints import AUTOMATIC, PRIVATE, Endpoint, named, usual
from runner.engine.owner import Owner
from runner.engine.private import leases
from runner.engine.private.launch import obstacle, unbounded_notice
from runner.engine.private.places import Places
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE

_EXAMINE = "run `workshop doctor`, which shows what each of them lacks"
_ANOTHER = "use another engine, for example `--engine private`"
_ANSWER_SECONDS = 5.0
Progress = Callable[[str], None]


class ConsentNeededError(EngineError):
    """Only the engine at `endpoint` is left, which does not isolate; it is used once the user has consented."""

    def __init__(self, endpoint: str, why: str, remedy: str = "") -> None:
        super().__init__(
            tr(
                "the only usable engine, {endpoint}, runs containers as the machine's own root, and the labs take "
                "away what keeps them apart: a mistake in a container could harm this machine. {why}",
                endpoint=endpoint,
                why=why,
            ),
            remedy=tr("agree with `--yes`, or help the private engine: {way}", way=remedy or tr(_EXAMINE)),
        )
        self.endpoint = endpoint


class Suitability(StrEnum):
    """The result of examining a candidate."""

    USABLE = "usable"
    CONSENT = "usable with consent"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """The user's settings: `engine` is `auto`, `private`, a URL or a context; `consent` is to a rootful engine."""

    engine: str = AUTOMATIC
    consent: bool = False
    places: Places = field(default_factory=Places.default)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that was examined, its suitability and the reason; `description` is None if it was not reached.

    `remedy` describes how to make an unusable one usable, if known.
    """

    endpoint: Endpoint
    suitability: Suitability
    reason: str
    description: Description | None = None
    remedy: str = ""


def open_engine(choice: EngineChoice, session: str, progress: Progress = lambda _line: None) -> DockerEngine:
    """Open the first usable engine in order of preference; first remove what dead processes left on it.

    Raises:
        UsageError: the named engine does not exist.
        EngineUnavailable: the named engine cannot be reached, or there is none.
        ConsentNeededError: only an engine without isolation is left.
        EngineError: the private engine, asked for by name, cannot be started.
    """
    if endpoint := named(choice.engine, choice.environ):
        return _open(endpoint, session, choice.places, progress)
    against: list[str] = []
    remedy = ""
    for candidate in survey(choice):
        place = f"{candidate.endpoint.source}: {candidate.reason}"
        if candidate.suitability is Suitability.CONSENT and not choice.consent:
            raise ConsentNeededError(candidate.endpoint.url, "; ".join(against), remedy)
        if candidate.suitability is Suitability.UNUSABLE:
            against.append(place)
            remedy = candidate.remedy or remedy
            continue
        try:
            return open_candidate(choice, candidate, session, progress)
        except EngineError as error:
            if choice.engine == PRIVATE or candidate.endpoint.source != PRIVATE:
                raise
            against.append(f"{PRIVATE}: {error}")
            remedy = error.remedy
    raise EngineUnavailable(
        tr("no container engine can be used") + "".join(f"\n  {reason}" for reason in against),
        remedy=remedy or _EXAMINE,
    )


def open_candidate(
    choice: EngineChoice, candidate: Candidate, session: str, progress: Progress = lambda _line: None
) -> DockerEngine:
    """Open this engine, whatever others exist; start the private one if it does not run.

    Raises:
        EngineError: it cannot be reached or started.
    """
    if candidate.endpoint.source == PRIVATE:
        return _open_private(choice.places, session, progress)
    return _open(candidate.endpoint, session, choice.places, progress)


def survey(choice: EngineChoice) -> Iterator[Candidate]:
    """The available engines, in order of preference; each is examined only when the iterator reaches it.

    Raises:
        UsageError: the named engine does not exist.
    """
    if endpoint := named(choice.engine, choice.environ):
        yield _look(endpoint, choice.places, asked_for=True)
        return
    without_isolation: list[Candidate] = []
    if choice.engine != PRIVATE:
        for endpoint in usual(choice.environ, uid=os.geteuid()):
            candidate = _look(endpoint, choice.places, asked_for=False)
            if candidate.suitability is Suitability.CONSENT:
                without_isolation.append(candidate)
            else:
                yield candidate
    yield _look_private(choice.places)
    yield from without_isolation


def _look(endpoint: Endpoint, places: Places, *, asked_for: bool) -> Candidate:
    try:
        with _client(endpoint) as client:
            description = describe(client, ours=endpoint.url == places.endpoint)
    except EngineError as error:
        return Candidate(endpoint, Suitability.UNUSABLE, str(error), remedy=error.remedy)
    suitability, reason = judge(description.info, asked_for=asked_for)
    return Candidate(endpoint, suitability, reason, description)


def judge(info: EngineInfo, *, asked_for: bool) -> tuple[Suitability, str]:
    """The suitability of an engine that answers, and the reason; `asked_for` is true if the user named it."""
    if not info.seccomp:
        return Suitability.UNUSABLE, tr("it runs containers without seccomp")
    if why := podman.objection(info):
        return Suitability.UNUSABLE, why
    if info.name == podman.NAME and not asked_for:
        return Suitability.UNUSABLE, tr("Podman is used only when named: --engine {url}", url=info.endpoint)
    remark = f"; {podman.REMARK}" if info.name == podman.NAME else ""
    if info.isolation != "none":
        return Suitability.USABLE, f"isolated ({info.isolation}){remark}"
    if asked_for:
        reason = "named by you; it does not isolate containers from the machine's root"
        return Suitability.USABLE, reason + remark
    return Suitability.CONSENT, "it does not isolate containers from the machine's root"


def _look_private(places: Places) -> Candidate:
    endpoint = Endpoint(PRIVATE, places.endpoint)
    try:
        running = leases.status(places)
    except EngineError as error:
        return Candidate(endpoint, Suitability.UNUSABLE, str(error), remedy=error.remedy)
    if running is not None:
        return Candidate(endpoint, Suitability.USABLE, f"runs already, {running.users} using it")
    if (why := obstacle(places)) is not None:
        return Candidate(endpoint, Suitability.UNUSABLE, str(why), remedy=why.remedy)
    return Candidate(endpoint, Suitability.USABLE, "is started on demand, isolated in a user namespace")


def _open_private(places: Places, session: str, progress: Progress) -> DockerEngine:
    lease = leases.acquire(places, progress)
    try:
        endpoint = Endpoint(PRIVATE, lease.endpoint)
        engine = _open(
            endpoint,
            session,
            places,
            progress,
            release=lease.release,
            same=lambda: lease.lasts,
            loss=lease.loss,
        )
    except BaseException:
        lease.release()
        raise
    if not engine.info.bounded:
        progress(unbounded_notice())
    return engine


def _open(
    endpoint: Endpoint,
    session: str,
    places: Places,
    progress: Progress,
    *,
    release: Callable[[], None] = lambda: None,
    same: Callable[[], bool] = lambda: True,
    loss: Callable[[], Loss] = Loss,
) -> DockerEngine:
    with ExitStack() as cleanup:
        client = cleanup.enter_context(_client(endpoint, same=same))
        description = describe(client, ours=endpoint.url == places.endpoint)
        suitability, reason = judge(description.info, asked_for=True)
        if suitability is Suitability.UNUSABLE:
            raise EngineUnavailable(
                tr("the engine at {endpoint} cannot be used: {reason}", endpoint=endpoint.url, reason=reason),
                remedy=tr(_ANOTHER),
            )
        if description.podman:
            progress(podman.REMARK)
        swept = sweep_orphans(client)
        for failure in swept.failures:
            progress(
                tr("A leftover of an ended session stays on the engine: {reason}", reason=failure.in_full())
            )
        cleanup.pop_all()
    return DockerEngine(
        client,
        description,
        session=session,
        owner=Owner.current(),
        swept=swept,
        release=release,
        loss=loss,
    )


def _client(endpoint: Endpoint, *, same: Callable[[], bool] = lambda: True) -> Client:
    doing = tr("cannot use the engine ({source})", source=endpoint.source)
    if endpoint.url.startswith("ssh://"):
        raise EngineUnavailable(
            tr("{doing}: {url} is reached over SSH, which is not supported", doing=doing, url=endpoint.url),
            remedy=tr(
                "forward its socket (`ssh -NL /tmp/docker.sock:/var/run/docker.sock HOST`) and name that: "
                "--engine unix:///tmp/docker.sock"
            ),
        )
    if endpoint.socket is not None and (
        why := unix_http.silence(endpoint.socket, seconds=MACHINE.stretched(_ANSWER_SECONDS))
    ):
        raise unavailable(doing, endpoint.url, ConnectionError(why))
    with engine_errors(doing, endpoint.url):
        return Client(endpoint.url, tls=endpoint.tls, same=same)
