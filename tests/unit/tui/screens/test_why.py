"""The Why screen explains every way to allow a call."""

from textual.app import App

from runner.profile.evidence.model import EvidenceKind, SeenCall
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import Verdicts
from runner.trace.denial import Denial
from runner.tui.screens.why import WhyScreen


def _verdict():
    verdicts = Verdicts(Simulation.of_text('{"defaultAction": "SCMP_ACT_ERRNO"}', Target(), file="p.json"))
    verdicts(SeenCall(EvidenceKind.STRACE, "chmod", 1, args=('"/tmp"', "0777"), errno="EPERM"))
    (verdict,) = verdicts
    return verdict


async def test_other_calls_of_a_rule_and_advice_without_one_are_named():
    verdict = _verdict()
    wide = Denial(verdict, ("No rule.",), "chmod", wider="chmod of any file")
    alone = Denial(verdict, ("No rule.",), "", by_hand="list SCMP_ARCH_X86 in p.json")
    app = App()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(screen := WhyScreen("Why?", [wide, alone], []))
        await pilot.pause()

        def shown():
            return "\n".join(strip.text for strip in screen._compositor.render_strips())

        assert "A rule for `chmod` would allow it: `a` writes it into the editor" in shown()
        assert "Ctrl+S" in shown()
        assert "That allows chmod of any file." in shown()
        await pilot.press("down")
        await pilot.pause()
        assert "The editor can't add a rule for it: list SCMP_ARCH_X86 in p.json." in shown()
