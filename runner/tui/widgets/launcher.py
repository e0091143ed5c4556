"""The form in which a learner defines a container."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content, ContentText
from textual.widgets import Select, Static

from runner.errors import printable
from runner.language import tr
from runner.learner.sandbox import Capabilities, Wish
from runner.tui import marks
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent
from runner.tui.widgets.reveal import Reveal

_ENGINES_OWN = "the engine's default profile"
_NONE = "no profile (unconfined)"


class Launcher(VerticalScroll, can_focus=False):
    """Asks for a profile, an image and capabilities, and lists the containers."""

    BLANK = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Scroll down", show=False),
        Binding("k", "scroll_up", "Scroll up", show=False),
    ]
    DEFAULT_CSS = """
    Launcher {
        padding: 1 2 0 2;
        &.-narrow { padding: 0 1; }
        scrollbar-size-vertical: 1;
        .choice { height: 1; }
        .label { width: 11; color: $text-muted; }
        .part { margin-top: 1; }
        Select { width: 1fr; height: 1; }
        /* Not by its colour alone. */
        Select:focus SelectCurrent { text-style: bold underline; }
    }
    """

    def __init__(self, images: Sequence[str], profiles: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._containers: dict[str, tuple[Wish, str]] = {}
        # Not looked up: while the screen is left, they may be gone already.
        self._profile = _select(_profiles(profiles), "profile")
        self._image = _select([(Content(image), image) for image in images], "image")
        sets = [(tr(kind.value), str(kind.value)) for kind in Capabilities]
        self._capabilities = _select(sets, "capabilities")
        self._line = Static(id="line", classes="part")
        self._listed = Static(id="containers", classes="part")
        self._reveal = Reveal(self)

    def compose(self) -> ComposeResult:
        for label, select in (
            (tr("Profile"), self._profile),
            (tr("Image"), self._image),
            (tr("Privilege"), self._capabilities),
        ):
            with Horizontal(classes="choice"):
                yield Static(label, classes="label")
                yield select
        yield self._line
        yield self._listed

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._reveal.laid_out()

    @property
    def wish(self) -> Wish:
        """The container as currently chosen."""
        return Wish(
            image=str(self._image.value),
            profile=str(self._profile.value),
            capabilities=Capabilities(str(self._capabilities.value)),
        )

    @property
    def name(self) -> str:
        """The next container's name."""
        return next(f"box{number}" for number in range(1, 1 << 20) if f"box{number}" not in self._containers)

    def offer(self, profiles: Sequence[str]) -> None:
        """Offer these files of the workspace as profiles."""
        select = self._profile
        chosen = str(select.value)
        options = _profiles(profiles)
        if chosen not in [value for _, value in options]:
            # Launching under another profile than the chosen one would be wrong: launching reports the missing one.
            options.append((Content(tr("{file} (gone)", file=printable(chosen))), chosen))
        with select.prevent(Select.Changed):
            select.set_options(options)
            select.value = chosen
        self._show()

    def show_container(self, name: str, wish: Wish, state: str) -> None:
        """Show a container's state: `running`, `ended`, or why it did not start."""
        self._containers[name] = wish, state
        self._reveal.forget()
        self._show()

    def show_refused(self, name: str, wish: Wish, reasons: Sequence[str]) -> None:
        """Show why a container did not start, and bring it into view."""
        self.show_container(name, wish, "\n".join(reasons))
        self._reveal.bring(partial(self.scroll_to_widget, self._listed, top=True, animate=False))

    def show_state(self, name: str, state: str) -> None:
        """Show that a listed container is `running` or has `ended`."""
        if name in self._containers:
            self.show_container(name, self._containers[name][0], state)

    def forget(self, name: str) -> None:
        """Remove a container from the list."""
        self._containers.pop(name, None)
        self._show()

    @property
    def containers(self) -> Mapping[str, Wish]:
        """The listed containers."""
        return {name: wish for name, (wish, _) in self._containers.items()}

    @on(Select.Changed)
    def _chosen(self) -> None:
        self._reveal.forget()
        self._show()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        spec = replace(self.wish.block(self.name).spec, tty=True)
        shown = Content.assemble(("l", "$footer-key-foreground bold"), tr(" launches it:"))
        command = HangingContent(Content("$ "), Content(spec.docker_run(name=self.name)))
        self._line.update(StackedContent([shown, command]))
        listed = [
            HangingContent(_mark(state), Content.assemble((name, "bold"), f" {_said(wish)}", _why(state)))
            for name, (wish, state) in reversed(self._containers.items())
        ]
        self._listed.update(StackedContent(listed))


def _select(options: Sequence[tuple[ContentText, str]], id_: str) -> Select[str]:
    return Select(options, value=options[0][1], allow_blank=False, compact=True, id=id_)


def _profiles(files: Sequence[str]) -> list[tuple[ContentText, str]]:
    return [
        (tr(_ENGINES_OWN), ""),
        (tr(_NONE), "unconfined"),
        *((Content(printable(file)), file) for file in files),
    ]


def _mark(state: str) -> Content:
    mark = marks.CONTAINER_RUNNING if state == "running" else marks.CONTAINER_OFF
    if state not in {"running", "ended"}:
        mark = marks.CONTAINER_REFUSED
    return Content.styled(f"{mark.symbol} ", mark.colour)


def _said(wish: Wish) -> str:
    profile = {"": tr(_ENGINES_OWN), "unconfined": tr(_NONE)}.get(wish.profile, wish.profile)
    return f"{profile}, {tr(wish.capabilities.value)}, {wish.image}"


def _why(state: str) -> str:
    return "" if state == "running" else f": {tr('ended') if state == 'ended' else state}"
