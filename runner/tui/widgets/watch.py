"""The calls of a container, as they are made."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runner.language import tr, trn
from runner.tui import marks
from runner.tui.announcement import with_keys

if TYPE_CHECKING:
    from textual.timer import Timer

    from runner.learner.session.watching import Watching
    from runner.profile.views.verdicts import Verdict
    from runner.trace.live import Judged, Snapshot

LOOK_SECONDS = 0.25
"""Seconds between two updates of the calls."""
_NOW = 6
"""The number of the latest calls that are named."""


class WatchPane(Vertical):
    """Shows the watching given to `show`, while it is displayed; before that, it shows nothing."""

    DEFAULT_CSS = """
    WatchPane {
        #said { height: auto; max-height: 6; padding: 0 1; }
        OptionList, OptionList:focus {
            height: 1fr;
            border: none;
            padding: 0 0 0 1;
            background: $background;
            scrollbar-size-vertical: 1;
        }
    }
    """

    class Asked(Message):
        """The learner wants to know more of a row; `verdict` is that of a denied call."""

        def __init__(self, watching: "Watching", row: "Judged", verdict: "Verdict | None") -> None:
            super().__init__()
            self.watching = watching
            self.row = row
            self.verdict = verdict

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._watching: Watching | None = None
        self._target = ""
        self._instead: Callable[[], str] = str
        self._shown: object = None
        self._snapshot: Snapshot | None = None
        self._counts: dict[tuple[str, str], int] = {}
        self._rows: dict[str, Row] = {}
        self._busy = False
        self._ways = "", ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="said", markup=False)
        yield OptionList(compact=True, markup=False)

    @property
    def calls(self) -> OptionList:
        """The list, of which one call can be chosen."""
        return self.query_one(OptionList)

    @property
    def chosen(self) -> "Asked | None":
        """The highlighted call, while the list has the keys."""
        option = self.calls.highlighted_option if self.calls.has_focus else None
        return None if option is None else self._asked(option.id)

    def _asked(self, key: str | None) -> "Asked | None":
        row = self._rows.get(key or "")
        if self._watching is None or row is None or row.judged is None:
            return None
        return self.Asked(self._watching, row.judged, row.verdict)

    def show_keys(self, way_back: str, leave: str) -> None:
        """Name the keys as they act now: after `leave`, if that has to come first.

        `way_back`, with its keys in backticks, says how to get back to the lesson if the calls are shown in its place.
        """
        self._ways = way_back, leave
        ways = [way_back or tr("`w` closes")]
        if self.calls.has_focus and self.calls.highlighted is None:
            # Enter is about the highlighted call.
            self.calls.action_first()
        if self.calls.has_focus:
            if self._rows:
                ways.insert(0, tr("`up` `down` choose a call, `enter` says more of it"))
        elif not leave:
            ways.append(tr("`shift+tab` leads into the list"))
        self.border_title = with_keys(" · ".join(ways), leave)

    def show(self, target: str, watching: "Watching | None", *, instead: Callable[[], str] = str) -> None:
        """Follow the watching of the console `target`; without one, `instead` returns the reason, at each update."""
        if watching is not self._watching:
            self._counts, self._snapshot = {}, None
        self._watching, self._target, self._instead = watching, target, instead
        self._shown = None
        if self._timer is None:
            self._timer = self.set_interval(LOOK_SECONDS, self._look)
        self._timer.resume()
        self._look()

    def rest(self) -> None:
        """Stop following: the pane is not displayed."""
        self._watching, self._shown = None, None
        if self._timer is not None:
            self._timer.pause()

    def _look(self) -> None:
        watching = self._watching
        calls = watching.calls if watching is not None else None
        instead = self._instead() if watching is None else ""
        state = (watching, watching and watching.phase, calls and calls.version, instead)
        if state == self._shown:
            if self._busy and self._snapshot is not None:
                self._busy = False
                self._say(self._snapshot, tr("now  quiet"))
            return
        self._shown = state
        if calls is None or not calls.version:
            self._say(None, "")
            self._list({})
            return
        self._snapshot = snapshot = calls.snapshot()
        self._busy = True
        self._say(snapshot, self._now(snapshot))
        self._list(dict(_rows(snapshot)))

    def _head(self, snapshot: "Snapshot | None") -> Content:
        from runner.learner.session.watching import Phase

        watching = self._watching
        if watching is None:
            return Content.styled(self._instead(), marks.QUIET)
        if watching.phase is Phase.STARTING:
            return Content(tr("Beginning to watch {container} …", container=self._target))
        calls = watching.calls
        total = snapshot.total if snapshot else 0
        denied = sum(row.times for row in (*snapshot.denied, *snapshot.own)) if snapshot else 0
        said = tr(
            "{container} under {profile}: {calls}, {denied}",
            container=self._target,
            profile=calls.simulation.file if calls is not None else "…",
            calls=trn("1 call", "{total} calls", total, total=f"{total:,}"),
            denied=trn("1 denied", "{denied} denied", denied, denied=f"{denied:,}"),
        )
        lines = [Content.styled(said, "bold")]
        lines += [Content.styled(note, "$warning") for note in watching.notes]
        if calls is not None and calls.tracing_refused:
            lines.append(
                Content.styled(
                    tr("A process can have one tracer only: for strace or gdb there, close this first (w)."),
                    "$warning",
                )
            )
        if watching.phase is Phase.OVER:
            lines.append(Content.styled(tr("Not watched any more. {why}", why=watching.why), "$warning"))
            if watching.remedy:
                lines.append(Content.styled(watching.remedy, marks.QUIET))
        return Content("\n").join(lines)

    def _now(self, snapshot: "Snapshot") -> str:
        """The calls since the last look."""
        counts: dict[tuple[str, str], int] = {}
        for row in (
            *snapshot.denied,
            *snapshot.own,
            *(row for rows in snapshot.allowed.values() for row in rows),
        ):
            counts[row.name, row.arch] = counts.get((row.name, row.arch), 0) + row.times
        grown = {key: count - self._counts.get(key, 0) for key, count in counts.items()}
        made = sorted((item for item in grown.items() if item[1] > 0), key=lambda item: -item[1])
        self._counts = counts
        named = ", ".join(f"{name} {times}" for (name, _), times in made[:_NOW])
        return tr("now  {calls}", calls=named) + (" …" if len(made) > _NOW else "")

    def _say(self, snapshot: "Snapshot | None", now: str) -> None:
        lines = [self._head(snapshot), *([Content.styled(now, marks.QUIET)] if now else [])]
        self.query_one("#said", Static).update(Content("\n").join(lines))

    def _list(self, rows: "Mapping[str, Row]") -> None:
        """Show rows by their ids, and leave the unchanged ones in place."""
        options = self.calls
        if list(rows) == list(self._rows):
            for key, row in rows.items():
                if row != self._rows[key]:
                    options.replace_option_prompt(key, row.text)
        else:
            chosen = options.highlighted_option
            offset = options.scroll_offset
            options.set_options(
                Option(row.text, id=key, disabled=row.judged is None) for key, row in rows.items()
            )
            if chosen is not None and chosen.id is not None and chosen.id in rows:
                options.highlighted = options.get_option_index(chosen.id)
            options.scroll_to(offset.x, offset.y, animate=False)
        self._rows = dict(rows)
        self.show_keys(*self._ways)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if asked := self._asked(event.option_id):
            self.post_message(asked)


class Row(NamedTuple):
    """A line of the list: a call with the verdict that denied it, or a heading."""

    text: Content
    judged: "Judged | None" = None
    verdict: "Verdict | None" = None


def _rows(snapshot: "Snapshot") -> Iterator[tuple[str, Row]]:
    """Every line of the list by its id: the denied calls first, then the rest by purpose."""
    for row, verdict in zip(snapshot.denied, snapshot.verdicts, strict=True):
        yield f"denied {row.name} {row.arch} {row.verdict} {row.rule}", _row(marks.CALL_DENIED, row, verdict)
    for row in snapshot.own:
        yield f"own {row.name} {row.arch} {row.rule}", _row(marks.CALL_DENIED, row)
    for row in snapshot.others:
        yield f"failed {row.name} {row.arch} {row.verdict} {row.rule}", _row(marks.CALL_FAILED, row)
    for title, rows in snapshot.allowed.items():
        yield f"group {title}", Row(Content.styled(title, "bold"))
        for row in rows:
            yield f"call {row.name} {row.arch}", _row(marks.CALL_ALLOWED, row)


def _row(mark: marks.Mark, row: "Judged", verdict: "Verdict | None" = None) -> Row:
    text = Content.assemble(
        (f"{mark.symbol} ", mark.colour),
        (f"{row.name:<18} ", "bold" if mark is marks.CALL_DENIED else ""),
        f"{row.times:>7,}  {row.verdict}",
        (f"  {row.rule}" if row.rule else "", marks.QUIET),
    )
    return Row(text, row, verdict)
