"""The sandbox: containers that the learner defines, and the tools of a lab."""

import pytest
from textual.widgets import Select

from runner.engine.api import StartRefused
from runner.learner.home import lab_folder
from runner.learner.sandbox import Capabilities, Wish, bring_profiles
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.sandbox import SandboxScreen
from runner.tui.widgets.launcher import Launcher


async def opened(learner) -> Launcher:
    """The sandbox with its shell."""
    await learner.sees("Sandbox")
    await learner.press("b")
    await learner.until(lambda: isinstance(learner.screen, SandboxScreen))
    await learner.sees("your shell")
    return learner.screen.query_one(Launcher)


def choose(learner, what: str, value: str) -> None:
    learner.screen.query_one(f"#{what}", Select).value = value


async def launched(learner, name: str) -> None:
    await learner.press("l")
    await learner.sees(f"● {name}")
    await learner.until(lambda: learner.terminal(name) is not None)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_containers_start_as_they_are_chosen(sit_down, size):
    async with sit_down(size=size) as learner:
        await opened(learner)
        await learner.press("w")
        await learner.sees("l launches one.")
        await learner.press("w")
        await launched(learner, "box1")
        choose(learner, "profile", "profiles/deny.json")
        choose(learner, "capabilities", Capabilities.NONE)
        await learner.sees("--name box2", "seccomp=profiles/deny.json", "--cap-drop ALL")
        await launched(learner, "box2")
        first, second = learner.engine.containers.values()
        assert (first.seccomp, first.spec.cap_add) == ("", ("ALL",))
        assert '"SCMP_ACT_ERRNO"' in second.seccomp
        assert (second.spec.cap_add, second.spec.cap_drop) == ((), ("ALL",))
        await learner.press("t")
        await learner.type("echo $((6 * 7))")
        await learner.until(lambda: "42" in learner.terminal("box2").text)


async def test_profiles_of_the_learner_can_be_chosen(sit_down):
    async with sit_down() as learner:
        launcher = await opened(learner)
        root = learner.screen._controller.session.workspace.root
        (root / "mine.json").write_text('{"defaultAction": "SCMP_ACT_LOG"}')
        profile = learner.screen.query_one("#profile", Select)
        await learner.until(lambda: "mine.json" in [value for _, value in profile._options])
        choose(learner, "profile", "mine.json")
        await learner.until(lambda: launcher.wish.profile == "mine.json")
        await launched(learner, "box1")
        assert "SCMP_ACT_LOG" in next(iter(learner.engine.containers.values())).seccomp
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.sees("SCMP_ACT_LOG")
        await learner.press("escape")
        await learner.until(lambda: isinstance(learner.screen, SandboxScreen))
        await learner.press("y")
        await learner.type("chmod")
        await learner.sees("mine.json", "log")


async def test_a_container_can_be_removed(sit_down):
    async with sit_down() as learner:
        await opened(learner)
        await learner.press("delete")
        await learner.is_told("Your shell stays")
        await launched(learner, "box1")
        await learner.press("backspace")
        assert not learner.screen._controller.turns.busy, "that key is pressed in passing"
        assert learner.engine.containers
        await learner.press("delete")
        await learner.until(lambda: not learner.engine.containers)
        await learner.until(lambda: "● box1" not in learner.text)
        await launched(learner, "box1")


async def test_a_profile_that_no_container_starts_with_is_explained(sit_down):
    async with sit_down() as learner:
        launcher = await opened(learner)
        root = learner.screen._controller.session.workspace.root
        (root / "profiles/deny.json").unlink()
        choose(learner, "profile", "profiles/deny.json")
        await learner.until(lambda: launcher.wish.profile == "profiles/deny.json")
        await learner.press("l")
        await learner.is_told("profiles/deny.json")
        assert not learner.engine.containers


async def test_it_goes_back_to_the_labs_and_is_found_again(sit_down):
    async with sit_down() as learner:
        await opened(learner)
        await learner.press("N")
        await learner.sees("Notes: Sandbox")
        await learner.press("escape")
        await learner.press("q")
        await learner.sees("1. The first lab", "0 of 2 labs")
        await opened(learner)
        assert learner.app._settings.place == "sandbox"


def test_profiles_of_the_labs_are_there_but_for_those_that_are_as_they_came(tmp_path):
    shipped = tmp_path / "profiles"
    shipped.mkdir()
    (shipped / "allow.json").write_text("{}")
    lab, sandbox = lab_folder(tmp_path, "w", "custom"), lab_folder(tmp_path, "sandbox", "sandbox")
    made = lab / "workspace" / "profiles"
    made.mkdir(parents=True)
    (made / "allow.json").write_text("{}")
    (made / "mine.json").write_text("[1]")
    (made / "link.json").symlink_to("/etc/passwd")
    bring_profiles([("custom", lab), ("none", tmp_path / "none")], sandbox, shipped)
    found = [path for path in (sandbox / "workspace").rglob("*") if path.is_file()]
    assert [path.relative_to(sandbox / "workspace").as_posix() for path in found] == [
        "labs/custom/profiles/mine.json"
    ]
    found[0].write_text("[2]")
    bring_profiles([("custom", lab)], sandbox, shipped)
    assert found[0].read_text() == "[2]", "what was changed here since stays"


@pytest.mark.parametrize("kind", Capabilities)
@pytest.mark.parametrize("profile", ["", "unconfined", "profiles/deny.json"])
def test_the_line_that_is_shown_is_the_container(kind, profile):
    spec = Wish("lab", profile, kind).block("box1").spec
    line = spec.docker_run(name="box1")
    assert ("seccomp=" in line) == bool(profile)
    assert ("--cap-add ALL" in line, "--cap-drop ALL" in line) == (
        kind is Capabilities.ALL,
        kind is Capabilities.NONE,
    )


async def test_a_container_that_did_not_start_has_its_reason_once_with_what_lint_says(
    sit_down, engine, monkeypatch
):
    def refuses(*_, **__):
        raise StartRefused("runc says: operation not permitted")

    async with sit_down() as learner:
        await opened(learner)
        monkeypatch.setattr(type(engine), "start", refuses)
        root = learner.screen._controller.session.workspace.root
        (root / "profiles/deny.json").write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
        choose(learner, "profile", "profiles/deny.json")
        await learner.sees("seccomp=profiles/deny.json")
        await learner.press("l")
        await learner.is_told("its line in the list says why.")
        listed = str(learner.screen.query_one(Launcher)._containers["box1"][1])
        assert listed.count("operation not permitted") == 1
        assert "itself needs calls that the profile denies" in listed
        assert not any("operation not permitted" in one for one in learner.told)


def refuse(*_, **__):
    """The start of a container that the runtime refuses."""
    raise StartRefused("cannot start a stopped process: unknown")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_refused_start_comes_with_its_reason_and_the_way_on(sit_down, engine, monkeypatch, size):
    """Until a command fails, or a container starts: then that is what it is about."""
    async with sit_down(size=size) as learner:
        await opened(learner)
        with monkeypatch.context() as refusing:
            refusing.setattr(type(engine), "start", refuse)
            choose(learner, "profile", "profiles/deny.json")
            await learner.sees("seccomp=profiles/deny.json")
            await learner.press("l")
            await learner.is_told("W says how")
            # In sight, on any screen.
            await learner.sees("itself needs", "a stopped")
            await learner.press("W")
            await learner.is_told(
                "cannot start a stopped process: unknown. In your shell, this names the calls"
            )
            await learner.is_told("that profiles/deny.json denies:")
            await learner.is_told("workshop profile test --profile profiles/deny.json")
            # To its end.
            await learner.sees("✗ box1 did not start", "--network none lab sh")
        choose(learner, "profile", "unconfined")
        await learner.sees("seccomp=unconfined")
        await launched(learner, "box2")
        assert not any("did not start" in one for one in learner.told)
        await learner.press("W")
        await learner.is_told("No command has failed in box2")


async def test_a_refused_start_is_in_sight_however_late_the_list_is_laid_out(sit_down):
    async with sit_down(size=(80, 24)) as learner:
        launcher = await opened(learner)
        with learner.app.batch_update():
            launcher.show_refused("box1", launcher.wish, ["a reason of many words " * 8, "the last one"])
            await learner.pilot.pause()
            assert "the last one" not in learner.text
        await learner.sees("✗ box1", "the last one")


async def test_a_command_that_failed_after_a_refused_start_is_what_why_is_about(
    sit_down, engine, monkeypatch
):
    async with sit_down() as learner:
        await opened(learner)
        monkeypatch.setattr(type(engine), "start", refuse)
        choose(learner, "profile", "unconfined")
        await learner.sees("seccomp=unconfined")
        await learner.press("l")
        await learner.is_told("its line in the list says why.")
        await learner.press("W")
        await learner.is_told("It had no seccomp filter")
        await learner.press("t")
        await learner.type("false")
        await learner.until(lambda: learner.screen._refused is None)
        await learner.press("shift+tab", "W")
        await learner.is_told("Calls are watched in containers only")


async def test_nothing_is_said_of_a_refused_start_once_the_sandbox_begins_again(
    sit_down, engine, monkeypatch
):
    async with sit_down() as learner:
        await opened(learner)
        monkeypatch.setattr(type(engine), "start", refuse)
        await learner.press("l")
        await learner.is_told("its line in the list says why.")
        await learner.press("X")
        await learner.sees("Begin the sandbox again?")
        await learner.press("y")
        await learner.until(lambda: isinstance(learner.screen, SandboxScreen))
        await learner.until(lambda: learner.screen._refused is None)


async def test_the_help_of_the_sandbox_speaks_of_the_sandbox(sit_down):
    async with sit_down(size=(80, 24)) as learner:
        await opened(learner)
        await learner.press("question_mark")
        await learner.sees("Choose a profile, an image")
        said = {
            row.does
            for shown, _, rows in learner.screen._sections()
            if shown is SandboxScreen
            for row in rows
        }
        assert "Begin the sandbox again" in said
        assert not {
            text for text in said if "lesson" in text or "this lab" in text or "the lab again" in text
        }
        await learner.press("escape", "X")
        await learner.sees("Begin the sandbox again?")


async def test_the_notes_on_the_sandbox_have_its_name_once(sit_down):
    async with sit_down() as learner:
        await opened(learner)
        await learner.press("N")
        await learner.sees("Notes: Sandbox")
        await learner.press("ctrl+s")
        await learner.sees(" sandbox-notes.md")
