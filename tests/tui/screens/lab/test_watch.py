"""Watch: the calls of the displayed container, and why a command failed in it."""

import json
import time

import pytest
from textual.widgets import OptionList

from runner.errors import EngineError
from runner.lab.read.workshop import read_workshop
from runner.learner.session.events import CommandSeen, ConsoleDropped
from runner.shell.recorder import CommandFinished
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.why import WhyScreen
from runner.tui.widgets.watch import WatchPane

PROFILE = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": ["chmod", "keyctl"], "action": "SCMP_ACT_ERRNO"}],
    },
    indent=1,
)
LOG = b"openat(0xffffff9c, 0x1, 0) = 0x3\nchmod(0x1, 0x1ff) = -1 EPERM (Operation not permitted)\n"


@pytest.fixture
def workshop(workshop):
    """The first lab's container has a profile that denies chmod."""
    folder = workshop.labs[0].path.parent
    (folder / "profiles" / "no-chmod.json").write_text(PROFILE)
    text = (folder / "01-one.md").read_text()
    fence = "name: box\ncommand: [sh]\n"
    (folder / "01-one.md").write_text(
        text.replace(fence, f"{fence}security_opt: [seccomp=profiles/no-chmod.json]\n")
    )
    return read_workshop(folder).workshop


async def launched(learner) -> None:
    await learner.press("l")
    await learner.until(lambda: learner.terminal("box") is not None)
    await learner.until(lambda: "#" in learner.terminal("box").text)


async def tracer(learner, count: int = 1):
    await learner.until(lambda: len(learner.engine.watched) == count)
    return learner.engine.watched[-1]


def rows(learner) -> list[str]:
    options = learner.screen.query_one(WatchPane).query_one(OptionList).options
    return [str(option.prompt) for option in options]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (130, 40)])
async def test_from_a_denied_call_to_its_rule_and_to_allowing_it(sit_down, size):
    async with sit_down("one", size=size) as learner:
        await learner.press("w")
        await learner.sees("Your shell is in no container")
        await launched(learner)
        watched = await tracer(learner)
        await learner.sees("box under profiles/no-chmod.json")
        watched.told.put(LOG * 3)
        await learner.sees("✗ chmod", "denied: EPERM", "✓ openat", "3 denied")
        # What was denied stands first.
        assert rows(learner)[0].startswith("✗ chmod")
        assert rows(learner)[1] == "open, read and write files"
        if size == (130, 40):
            # Where nothing else is read, the list has the keys.
            await learner.sees("w closes · Shift+Tab leads into the list")
            await learner.press("shift+tab")
        await learner.sees("↑ ↓ choose a call, Enter says more of it")
        # Of the first one, before any other is chosen.
        await learner.press("enter")
        await learner.until(lambda: isinstance(learner.screen, WhyScreen))
        await learner.sees("Why was chmod denied?", "profiles/no-chmod.json:4")
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.until(lambda: learner.screen._area.cursor_location[0] == 3)
        await learner.press("escape")
        await learner.until(lambda: learner.screen.query(WatchPane))
        await learner.press("enter")
        await learner.until(lambda: isinstance(learner.screen, WhyScreen))
        await learner.press("a")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.until(lambda: "chmod" not in learner.screen._area.text)
        assert "keyctl" in learner.screen._area.text
        await learner.press("ctrl+s", "escape")
        await learner.until(lambda: learner.screen.query(WatchPane))
        root = learner.screen._controller.session.workspace.root
        assert "chmod" not in (root / "profiles/no-chmod.json").read_text()
        await learner.press("w")
        await learner.until(lambda: watched.removed)
        assert not learner.screen.query_one(WatchPane).display


@pytest.mark.parametrize(("times", "said"), [(1, "openat, once: allowed"), (3, "openat, 3 times: allowed")])
async def test_an_allowed_call_says_how_often_it_was_made(sit_down, times, said):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("w")
        watched = await tracer(learner)
        watched.told.put(LOG.splitlines(keepends=True)[0] * times)
        await learner.sees("✓ openat")
        await learner.until(lambda: any(f"{times}  allow" in row for row in rows(learner)))
        await learner.press("shift+tab")
        await learner.until(lambda: learner.app.focused is learner.screen.query_one(WatchPane).calls)
        await learner.press("enter")
        await learner.is_told(said)


@pytest.mark.parametrize(("call", "line"), [("chmod", 4), ("openat", 2)])
async def test_the_editor_opens_at_what_decides_the_chosen_call(sit_down, call, line):
    """The rule that denies it, or the default action that allows it."""
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("w")
        watched = await tracer(learner)
        watched.told.put(LOG)
        await learner.sees("✗ chmod", "✓ openat")
        await learner.press("shift+tab")
        calls = learner.screen.query_one(WatchPane).calls
        await learner.until(lambda: learner.app.focused is calls)
        await learner.press_until("down", lambda: call in str(calls.highlighted_option.prompt))
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.until(lambda: learner.screen._area.cursor_location[0] == line - 1)


async def test_what_was_denied_within_a_line_that_ended_well_is_named(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("t")
        await learner.type("ls /missing; echo d${PWD%%*}one")
        await learner.until(lambda: "done" in learner.terminal("box").text)
        await learner.press("shift+tab", "W")
        await learner.is_told("the last one's result counts. w shows each denied call of the next line.")
        await learner.press("w")
        watched = await tracer(learner)
        await learner.sees("box under")
        await learner.press("t")
        await learner.type("ls /other; echo th${PWD%%*}ere")
        await learner.until(lambda: "there" in learner.terminal("box").text)
        watched.told.put(LOG)
        await learner.sees("✗ chmod")
        await learner.press("shift+tab", "W")
        await learner.until(lambda: isinstance(learner.screen, WhyScreen))
        await learner.sees("Denied in `ls /other; echo", "✗ chmod(0x1, 0x1ff)")


async def test_the_lesson_that_makes_room_for_the_calls_comes_back(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        reading = learner.screen.query_one("#reading")
        for keys, seen in (
            ("w", "Launch a container"),
            ("h", "First level"),
            ("c", "Somebody said hello"),
            ("fh", "First level"),
            ("n", "Why?"),
        ):
            await learner.press("w")
            await learner.sees("w brings the lesson back")
            assert not reading.display
            await learner.press("t")
            await learner.sees("Shift+Tab, then w brings the lesson back")
            await learner.press("shift+tab", *keys)
            await learner.until(lambda: reading.display)
            await learner.sees(seen)
            assert not learner.screen.query_one(WatchPane).display
            assert not learner.screen.has_class("-full")


async def test_a_failed_command_is_explained_and_run_again_if_nobody_watched_it(sit_down):
    async with sit_down("one", toasts=True) as learner:
        await learner.press("W")
        await learner.is_told("in containers only")
        await launched(learner)
        await learner.press("W")
        await learner.is_told("No command has failed in box")
        await learner.press("t")
        await learner.type("ls /missing")
        await learner.until(lambda: "cannot access" in learner.terminal("box").text)
        await learner.press("shift+tab", "W")
        await learner.sees("It was not watched", "`ls /missing`")
        await learner.press("y")
        watched = await tracer(learner)
        watched.told.put(LOG)
        await learner.until(lambda: isinstance(learner.screen, WhyScreen))
        await learner.sees("Why did `ls /missing` fail?", "✗ chmod(0x1, 0x1ff)")
        await learner.until(lambda: watched.removed)
        # It came up while the learner may have typed on.
        await learner.is_too_early_with("escape", "a", "e", "q")
        await learner.answer("escape")
        assert learner.terminal("box").text.count("ls /missing") == 2
        # While it is watched, nobody is asked.
        await learner.press("w")
        second = await tracer(learner, 2)
        await learner.sees("box under")
        await learner.press("t")
        await learner.type("cat /missing")
        await learner.until(lambda: "cat: " in learner.terminal("box").text)
        await learner.press("shift+tab", "W")
        await learner.sees("Why did `cat /missing` fail?", "seccomp denied none of its calls")
        await learner.hastily("escape")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await learner.press("q")
        await learner.until(lambda: second.removed)


async def test_a_failed_watch_is_reported_and_can_be_retried(sit_down, engine):
    engine.unwatchable = EngineError("ptrace is refused by the kernel", remedy="Ask its owner.")
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("w")
        await learner.sees("ptrace is refused by the kernel", "Ask its owner.")
        for one in engine.containers.values():
            one.engine.unwatchable = None
        await learner.press("w", "w")
        watched = await tracer(learner)
        for key in "wwwwwww":
            await learner.press(key)
        await learner.until(lambda: watched.removed)
        await learner.press("w")
        await learner.until(lambda: not engine.watched[-1].removed)
        next(iter(engine.containers.values())).status = 7
        engine.watched[-1].told.put(b"")
        await learner.sees("Not watched any more. The container has exited")
        assert all(one.removed and one.released for one in engine.watched)


async def test_a_dead_engine_ends_the_watching_with_a_message(sit_down, engine):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("w")
        watched = await tracer(learner)
        watched.told.put(LOG)
        await learner.sees("✗ chmod")
        engine.dead.set()
        watched.told.put(b"")
        await learner.sees("The engine went away")


async def test_advice_for_the_own_shell_names_only_keys_that_help(sit_down):
    async with sit_down("one", toasts=True) as learner:
        await learner.press("w")
        await learner.sees("l launches one.")
        await learner.press("W")
        await learner.is_told("l launches a container.")
        # The next step has no container.
        await learner.press("n")
        await learner.sees("Once a docker run")
        assert "launches one" not in learner.text
        await learner.press("W")
        await learner.is_told("`workshop profile test` runs a container")
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.sees("profiles/mine.json")
        await learner.press("escape")
        await learner.until(lambda: learner.screen.query(WatchPane))
        await learner.press("t")
        line = "docker() { return 125; }; docker run --rm --security-opt seccomp=my.json lab ls"
        learner.at_once(line, "<enter>")
        await learner.until(lambda: learner.screen._watcher._failed.get("host"))
        await learner.press("shift+tab", "W")
        await learner.is_told("workshop profile test --profile my.json lab ls")
        messages = learner.screen._panes.announcements
        assert "failure" in [one.topic for one in messages.shown]
        await learner.press("t")
        learner.at_once("true", "<enter>")
        await learner.until(lambda: "failure" not in [one.topic for one in messages.shown])
        learner.at_once("docker() { return 125; }; docker run --privileged lab ls", "<enter>")
        await learner.until(lambda: "--privileged" in learner.screen._watcher._failed["host"].text)
        await learner.press("shift+tab", "W")
        await learner.is_told("It had no seccomp filter")
        assert "run --privileged lab ls" in messages.shown[0].title
        await learner.press("p")
        await learner.until(lambda: not messages.shown)


async def test_what_docker_refused_is_named_with_the_reason(sit_down):
    async with sit_down("one") as learner:
        refused = CommandFinished("docker run --nonsense lab", "", 125, time.time(), 0.0)
        learner.screen._watcher.heard(CommandSeen("host", refused, refusal="docker knows no such option."))
        await learner.press("W")
        await learner.is_told("docker knows no such option.")
        assert "docker run --nonsense lab" in [one.title for one in learner.screen._panes.announcements.shown]


async def test_the_profile_of_the_container_in_front_is_edited(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        # The next step is about a file of its own.
        await learner.press("n", "e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.sees("profiles/no-chmod.json")


TRACED = b"ptrace(0, 0x0, 0, 0) = -1 EPERM (Operation not permitted)\n"


async def test_a_tracer_that_failed_is_not_run_again_under_another(sit_down):
    """It could only fail, and the lesson's tick with it; watched, the failure is explained by that."""
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("t")
        await learner.type("strace() { return 1; }; /no/strace ls")
        await learner.until(lambda: learner.screen._watcher._failed.get("box"))
        await learner.press("shift+tab", "W")
        await learner.is_told("A process can have one tracer only, and Watch is one")
        said = learner.screen._panes.announcements.shown
        assert any("/no/strace ls" in one.title for one in said)
        assert isinstance(learner.screen, LabScreen)
        await learner.press("w")
        watched = await tracer(learner)
        await learner.sees("box under")
        await learner.press("t")
        await learner.type("/no/gdb -p 1")
        await learner.until(lambda: "gdb" in learner.screen._watcher._failed["box"].text)
        watched.told.put(TRACED)
        await learner.press("shift+tab", "W")
        await learner.until(lambda: isinstance(learner.screen, WhyScreen))
        await learner.sees(
            "A process can have one tracer only: for strace or gdb there, close this first (w)."
        )
        assert "the kernel's own checks" not in learner.text


async def test_a_proposal_that_is_thrown_away_allows_nothing(sit_down):
    """What is said of it afterwards is about a file that was saved."""
    async with sit_down("one", size=(130, 40)) as learner:
        await launched(learner)
        await learner.press("w")
        watched = await tracer(learner)
        await learner.sees("box under profiles/no-chmod.json")
        watched.told.put(LOG)
        await learner.sees("✗ chmod", "1 denied")
        for keys, said in ((("escape", "t"), False), (("ctrl+s", "escape"), True)):
            await learner.press("shift+tab") if not said else None
            await learner.press("enter")
            await learner.until(lambda: isinstance(learner.screen, WhyScreen))
            await learner.press("a")
            await learner.until(lambda: isinstance(learner.screen, EditorScreen))
            await learner.until(lambda: "chmod" not in learner.screen._area.text)
            await learner.press(*keys)
            await learner.until(lambda: isinstance(learner.screen, LabScreen))
            sentence = "profiles/no-chmod.json is saved. A container has it from its next launch on."
            assert (sentence in learner.told) is said
            assert not any("is allowed here" in one for one in learner.told)


@pytest.mark.parametrize(("option", "named"), [("--name mine", "mine"), ("--rm", "$(docker ps -lq)")])
async def test_a_container_started_by_hand_comes_with_the_line_that_watches_it(sit_down, option, named):
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("w")
        await learner.sees("Your shell is in no container")
        await learner.press("t")
        run = f"run -it {option} lab sh"
        learner.at_once(f"(exec -a docker sh -c 'sleep 600; true' {run})", "<enter>")
        await learner.sees("In another one (A), this", f"workshop profile trace --attach {named}")
        await learner.press("shift+tab", "w", "W")
        await learner.is_told(f"workshop profile trace --attach {named}")
        await learner.press("w", "t", "ctrl+c")
        await learner.sees("Your shell is in no container")


async def test_a_console_that_goes_right_after_its_command_failed_again_leaves_the_app_as_it_is(
    sit_down, tmp_path
):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("t")
        await learner.type(f"[ -e {tmp_path}/again ] && sleep 600; false")
        watcher = learner.screen._watcher
        await learner.until(lambda: watcher._failed.get("box"))
        (tmp_path / "again").touch()
        await learner.press("shift+tab", "W")
        await learner.sees("It was not watched")
        await learner.press("y")
        await tracer(learner)
        await learner.until(lambda: watcher._awaited)
        failed = CommandFinished("false", "", 1, time.time(), 0.0)
        watcher.heard(CommandSeen("box", failed))
        watcher.heard(ConsoleDropped("box"))
        await learner.until(lambda: not any(worker.group == "why" for worker in learner.app.workers))
        assert learner.app.return_code is None


async def test_a_profile_that_became_a_link_to_elsewhere_is_no_file_of_the_workspace(sit_down, tmp_path):
    async with sit_down("one") as learner:
        await launched(learner)
        (tmp_path / "mine.json").write_text(PROFILE)
        profile = learner.screen._controller.session.workspace.root / "profiles/no-chmod.json"
        profile.unlink()
        profile.symlink_to(tmp_path / "mine.json")
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
