"""The certificate of a finished workshop, as Markdown and as SVG."""

import time
from html import escape

from runner.language import tr, trn
from runner.learner.progress.standing import LabStanding, WorkshopStanding
from runner.learner.progress.summary import duration

_WIDTH, _TOP, _LINE = 1000, 330, 34


def certificate_markdown(standing: WorkshopStanding, name: str, *, now: float) -> str:
    """The results, as Markdown; `now` in seconds since the epoch."""
    lines = [f"# {standing.workshop.title}", "", f"**{name}**, {_date(now)}", "", _sentence(standing), ""]
    lines += [tr("| lab | checks | time | hints | solved for them |"), "|---|---|---|---|---|"]
    for lab in standing.labs:
        lines.append(_row(_name(lab), *_figures(lab), ", ".join(lab.helped) or tr("nothing")))
    figures = _all_figures(standing)
    lines.append(_row(f"**{tr('all')}**", *figures, _steps(standing.helped)))
    return "\n".join([*lines, ""])


def certificate_svg(standing: WorkshopStanding, name: str, *, now: float) -> str:
    """The same as a picture, as wide as a page, for browsers and for printing."""
    height = _TOP + _LINE * (len(standing.labs) + 4)
    title = tr("Certificate") if standing.complete else tr("What was done so far")
    parts = [
        _text(_WIDTH // 2, 90, 24, title.upper(), "#8f5f00", anchor="middle", spacing=6),
        _text(_WIDTH // 2, 150, 42, name, "#14171c", anchor="middle", bold=True),
        _text(_WIDTH // 2, 205, 22, _sentence(standing), "#22272e", anchor="middle"),
        _text(_WIDTH // 2, 245, 28, standing.workshop.title, "#1f6fad", anchor="middle", bold=True),
    ]
    for number, lab in enumerate(standing.labs):
        y = _TOP + _LINE * number
        checks, spent, hints = _figures(lab)
        helped = tr(", {counted} solved for them", counted=_steps(len(lab.helped))) if lab.helped else ""
        parts.append(_text(110, y, 19, f"{'✓' if lab.done else '○'}  {lab.lab.title}", "#22272e"))
        detail = (
            tr(
                "{checks} checks, {spent}, {hints}{helped}",
                checks=checks,
                spent=spent,
                hints=hints,
                helped=helped,
            )
            if lab.state.begun
            else tr("not begun")
        )
        parts.append(_text(_WIDTH - 110, y, 16, detail, "#4f6d92", anchor="end"))
    y = _TOP + _LINE * (len(standing.labs) + 1)
    checks, spent, hints = _all_figures(standing)
    total = tr("{checks} checks in {spent}, with {hints}", checks=checks, spent=spent, hints=hints)
    parts.append(_text(_WIDTH // 2, y, 18, total, "#22272e", anchor="middle"))
    parts.append(_text(_WIDTH // 2, y + _LINE, 18, _date(now), "#22272e", anchor="middle"))
    frame = "".join(
        f'<rect x="{inset}" y="{inset}" width="{_WIDTH - 2 * inset}" height="{height - 2 * inset}" '
        f'fill="none" stroke="#1f6fad" stroke-width="{width}"/>'
        for inset, width in ((20, 4), (32, 1))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="Georgia, serif"><title>{_escaped(title)}: {_escaped(name)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fcfcfa"/>{frame}{"".join(parts)}</svg>\n'
    )


def _sentence(standing: WorkshopStanding) -> str:
    if standing.complete:
        return tr("has done all {number} labs of the workshop", number=len(standing.labs))
    return tr(
        "has done {done} of the {number} labs of the workshop", done=standing.done, number=len(standing.labs)
    )


def _name(lab: LabStanding) -> str:
    return f"{lab.lab.title}{'' if lab.done else tr(' (open)')}"


def _figures(lab: LabStanding) -> tuple[str, str, str]:
    spent = duration(lab.state.seconds) if lab.state.begun else "-"
    return _of(lab.passed, lab.checks), spent, _hints(lab.state.hints)


def _all_figures(standing: WorkshopStanding) -> tuple[str, str, str]:
    hints = _hints(standing.hints)
    return _of(standing.passed, standing.checks), duration(standing.seconds), hints


def _of(passed: int, number: int) -> str:
    return tr("{passed} of {number}", passed=passed, number=number)


def _steps(number: int) -> str:
    return trn("{number} step", "{number} steps", number) if number else tr("no steps")


def _hints(number: int) -> str:
    return trn("{number} hint", "{number} hints", number) if number else tr("no hints")


def _row(*cells: str) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _date(now: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(now))


def _text(
    x: int,
    y: int,
    size: int,
    text: str,
    colour: str,
    *,
    anchor: str = "start",
    bold: bool = False,
    spacing: int = 0,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    spread = f' letter-spacing="{spacing}"' if spacing else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}{spread}>'
        f"{_escaped(text)}</text>"
    )


def _escaped(text: str) -> str:
    """Text escaped for XML, without the characters that XML forbids."""
    return escape("".join(character for character in text if character.isprintable()))
