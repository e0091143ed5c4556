"""`runner.terminal.ghostty`: the emulator keeps the contract of its protocol."""

import threading
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.terminal.emulator import Cursor, MouseFormat, MouseTracking, Style
from runner.terminal.ghostty import GhosttyEmulator


@pytest.fixture
def emulator():
    made = GhosttyEmulator(20, 5)
    yield made
    made.close()


def shown(emulator):
    frame = emulator.frame(full=True)
    return [frame.rows[y].text for y in range(frame.lines)]


def test_text_lands_on_rows_and_the_cursor_follows(emulator):
    emulator.feed(b"one\r\ntwo")
    assert shown(emulator) == ["one", "two", "", "", ""]
    assert emulator.frame().cursor == Cursor(3, 1)


def test_only_changed_rows_are_reported(emulator):
    emulator.feed(b"one\r\ntwo\r\n\r\n")
    emulator.frame()
    emulator.feed(b"\x1b[2;1Hnew")
    rows = emulator.frame().rows
    assert rows[1].text == "new"
    assert 4 not in rows
    assert emulator.frame().rows == {}


@pytest.mark.parametrize(
    ("sequence", "style"),
    [
        (b"\x1b[31m", Style(foreground=1)),
        (b"\x1b[97;44m", Style(foreground=15, background=4)),
        (b"\x1b[38;5;99m", Style(foreground=99)),
        (b"\x1b[48;2;255;100;0m", Style(background=(255, 100, 0))),
        (b"\x1b[1;3;4;7;9m", Style(bold=True, italic=True, underline=True, inverse=True, strike=True)),
        (b"\x1b[2;5;8;53m", Style(faint=True, blink=True, invisible=True, overline=True)),
    ],
)
def test_colours_and_attributes(emulator, sequence, style):
    emulator.feed(sequence + b"x\x1b[m plain")
    runs = emulator.frame(full=True).rows[0].runs
    assert runs[0].style == style
    assert runs[1].style == Style()


def test_erasing_fills_with_the_background(emulator):
    """`ESC[K` under a colour paints the rest of the row in it, as one run."""
    emulator.feed(b"\x1b[44mab\x1b[K")
    row = emulator.frame(full=True).rows[0]
    assert sum(run.width for run in row.runs) == 20
    assert {run.style.background for run in row.runs} == {4}


@pytest.mark.parametrize(("text", "width"), [("你", 2), ("e\u0301", 1), ("👨\u200d👩\u200d👧", 2), ("🇩🇪", 2)])
def test_wide_characters_and_clusters_keep_the_columns(emulator, text, width):
    emulator.feed(f"{text}|".encode())
    frame = emulator.frame(full=True)
    assert frame.rows[0].runs[0].text == text
    assert frame.rows[0].runs[0].width == width
    assert frame.cursor == Cursor(width + 1, 0)


def test_clusters_keep_their_width_after_a_reset(emulator):
    emulator.feed("\x1bc❤\ufe0fx".encode())
    runs = emulator.frame(full=True).rows[0].runs
    assert [(run.text, run.width) for run in runs] == [("❤\ufe0f", 2), ("x", 1)]


def test_a_delete_character_is_ignored(emulator):
    emulator.feed(b"a\x7fb\x1b[\x7f31m\x7f")
    assert [run.text for run in emulator.frame(full=True).rows[0].runs] == ["ab"]
    assert emulator.frame().cursor == Cursor(2, 0)


def test_the_alternate_screen_leaves_no_trace(emulator):
    emulator.feed(b"before\x1b[?1049h\x1b[2Jfull screen")
    assert emulator.modes().alternate_screen
    assert shown(emulator)[0] != "before"
    emulator.feed(b"\x1b[?1049l")
    assert not emulator.modes().alternate_screen
    assert shown(emulator)[0] == "before"


def test_modes_follow_the_program(emulator):
    emulator.feed(b"\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?67h\x1b[20h")
    modes = emulator.modes()
    assert modes.application_cursor
    assert modes.bracketed_paste
    assert modes.mouse is MouseTracking.DRAG
    assert modes.mouse_format is MouseFormat.SGR
    assert modes.focus_events
    assert modes.backarrow_sends_backspace
    assert modes.newline
    emulator.feed(b"\x1bc")
    assert not emulator.modes().application_cursor
    assert emulator.modes().mouse is MouseTracking.NONE


@pytest.mark.parametrize(
    ("number", "tracking"),
    [
        (9, MouseTracking.PRESS),
        (1000, MouseTracking.NORMAL),
        (1002, MouseTracking.DRAG),
        (1003, MouseTracking.ANY),
    ],
)
def test_mouse_tracking(emulator, number, tracking):
    emulator.feed(b"\x1b[?%dh" % number)
    assert emulator.modes().mouse is tracking
    emulator.feed(b"\x1b[?%dl" % number)
    assert emulator.modes().mouse is MouseTracking.NONE


def test_queries_are_answered(emulator):
    assert emulator.feed(b"ab\x1b[6n") == b"\x1b[1;3R"
    assert emulator.feed(b"\x1b[5n") == b"\x1b[0n"
    assert emulator.feed(b"\x1b[c").startswith(b"\x1b[?6")
    assert emulator.feed(b"plain") == b""


def test_a_program_learns_the_background(emulator):
    """vi asks for it to choose readable colours."""
    emulator.set_colours((255, 255, 255), (0, 16, 255))
    assert emulator.feed(b"\x1b]11;?\x07") == b"\x1b]11;rgb:0000/1010/ffff\x07"


def test_titles_and_bells(emulator):
    emulator.feed(b"\x1b]2;a title\x07\x07\x07")
    assert emulator.frame().title == "a title"
    assert emulator.frame().bells == 2


def test_cursor_shapes_and_hiding(emulator):
    emulator.feed(b"\x1b[4 q")
    assert emulator.frame().cursor == Cursor(0, 0, "underline")
    emulator.feed(b"\x1b[?25l")
    assert emulator.frame().cursor is None


def test_scrollback(emulator):
    """The view can go back, stays there while more is printed, and returns."""
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(30)))
    assert emulator.frame().history == 26
    emulator.scroll(-10)
    assert shown(emulator)[0] == "line 16"
    assert emulator.frame().scrolled == 10
    assert emulator.frame().cursor is None
    emulator.feed(b"more\r\n")
    assert shown(emulator)[0] == "line 16"
    emulator.scroll(-1000)
    assert shown(emulator)[0] == "line 0"
    emulator.scroll_to_end()
    assert shown(emulator)[3] == "more"
    assert emulator.frame().scrolled == 0


def test_scrollback_keeps_thousands_of_lines(emulator):
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(5_000)))
    assert emulator.frame().history == 4_996
    emulator.scroll(-5_000)
    assert shown(emulator)[0] == "line 0"


def test_scrollback_is_bounded():
    emulator = GhosttyEmulator(20, 5, scrollback=1 << 20)
    emulator.feed(b"".join(b"a line of text %d\r\n" % number for number in range(20_000)))
    assert 50 <= emulator.frame().history < 10_000
    emulator.close()


def test_resizing_wraps_lines_anew(emulator):
    emulator.feed(b"abcdefghijklmnopqrst")
    emulator.resize(10, 5)
    assert shown(emulator)[:2] == ["abcdefghij", "klmnopqrst"]
    emulator.resize(40, 3)
    assert shown(emulator) == ["abcdefghijklmnopqrst", "", ""]


def test_selection_joins_what_was_chosen(emulator):
    emulator.feed("first line\r\nsec你好nd\r\nthird".encode())
    emulator.select(6, 0)
    assert emulator.selected_text() == ""
    emulator.extend_selection(3, 1)
    assert emulator.selected_text() == "line\nsec你"
    rows = emulator.frame().rows
    assert rows[0].selected == (6, 19)
    assert rows[1].selected is not None
    assert rows[1].selected[0] == 0
    emulator.clear_selection()
    assert emulator.selected_text() == ""
    assert emulator.frame().rows[0].selected is None


def test_selection_goes_backwards_too(emulator):
    emulator.feed(b"one two three")
    emulator.select(6, 0)
    emulator.extend_selection(4, 0)
    assert emulator.selected_text() == "two"


def test_selection_by_words_and_lines(emulator):
    emulator.feed(b"one two three\r\nfour five")
    emulator.select(5, 0, "word")
    assert emulator.selected_text() == "two"
    emulator.extend_selection(1, 1)
    assert emulator.selected_text() == "two three\nfour"
    emulator.select(5, 1, "word")
    emulator.extend_selection(9, 0)
    assert emulator.selected_text() == "three\nfour five"
    emulator.select(3, 0, "line")
    assert emulator.selected_text() == "one two three"


def test_a_selection_survives_scrolling(emulator):
    emulator.feed(b"keep this\r\n")
    emulator.select(0, 0)
    emulator.extend_selection(3, 0)
    emulator.feed(b"more\r\n" * 20)
    assert emulator.selected_text() == "keep"


def test_prompt_marks_are_invisible(emulator):
    emulator.feed(b"\x1b]133;A\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07out\r\n\x1b]133;D;0\x07")
    assert shown(emulator)[:2] == ["$ ls", "out"]


def test_a_marked_prompt_survives_a_new_size(emulator):
    """No shell but bash draws its prompt again."""
    emulator.feed(b"out\r\n\x1b]133;A\x07$ \x1b]133;B\x07ls -l")
    emulator.resize(15, 5)
    assert shown(emulator)[:2] == ["out", "$ ls -l"]


def test_a_program_cannot_change_the_width(emulator):
    emulator.feed(b"text\x1b[?40h\x1b[?3h" + b"x" * 25)
    assert shown(emulator)[:3] == ["x" * 20, "x" * 5, ""]
    assert emulator.frame(full=True).columns == 20


def test_input_after_the_end_is_ignored():
    emulator = GhosttyEmulator(20, 5)
    emulator.close()
    assert emulator.feed(b"\x1b[6n") == b""


def test_feeding_and_painting_from_two_threads(emulator):
    """A reader and a painter at once see no torn state."""
    data = b"".join(b"\x1b[3%dmline %d\x1b[m\r\n" % (number % 8, number) for number in range(500))
    reader = threading.Thread(target=emulator.feed, args=(data,))
    reader.start()
    while reader.is_alive():
        for row in emulator.frame(full=True).rows.values():
            assert row.text == "" or row.text.startswith(("l", "li", "lin", "line"))
    reader.join()
    assert shown(emulator)[3] == "line 499"


SEQUENCES = st.sampled_from(
    [b"\x1b[2J", b"\x1b[3;4H", b"\x1b[31m", b"\x1b[?1049h", b"\x1b[?40h", b"\x1b[?3h", b"\x1b]2;t\x07", b"\x1b[K",
     b"\x1b[2;4r", b"\x1b[L", b"\x1b[6n", b"\xe4\xbd\xa0", b"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", b"\r\n", b"\t",
     b"\x1b(0", b"\x1bP+q\x1b\\", b"\x1b[999999999;1H", b"\x1b[?2027l", b"\x1b[5b", b"\x1bc"]
)  # fmt: skip
STREAMS = st.lists(st.one_of(SEQUENCES, st.binary(max_size=12)), max_size=25).map(b"".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stream=STREAMS, cuts=st.lists(st.integers(0, 400), max_size=12))
def test_any_bytes_in_any_chunks_give_one_screen(stream, cuts):
    """The places where chunks end change neither the screen nor the answers, for any bytes."""
    whole, pieces = GhosttyEmulator(20, 5), GhosttyEmulator(20, 5)
    answers = whole.feed(stream)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    parts = [pieces.feed(stream[start:end]) for start, end in pairwise(edges)]
    assert shown(whole) == shown(pieces)
    assert answers == b"".join(parts)
    one, other = whole.frame(full=True), pieces.frame(full=True)
    assert (one.cursor, one.title, one.bells) == (other.cursor, other.title, other.bells)
    assert whole.modes() == pieces.modes()
    whole.close()
    pieces.close()
