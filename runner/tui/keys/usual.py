"""Descriptions of Textual's own keys, in our words: its own are written for programmers."""

USUAL = {
    **dict.fromkeys(("scroll_up", "scroll_down"), "Scroll by a line"),
    **dict.fromkeys(("scroll_left", "scroll_right"), "Scroll to the side"),
    **dict.fromkeys(("scroll_home", "scroll_end"), "Go to the beginning or the end"),
    **dict.fromkeys(
        ("page_up", "page_down", "cursor_page_up", "cursor_page_down"), "Go back or on by a page"
    ),
    **dict.fromkeys(("page_left", "page_right"), "Scroll to the side by a page"),
    **dict.fromkeys(("cursor_up", "cursor_down"), "Go a line up or down"),
    **dict.fromkeys(("cursor_left", "cursor_right"), "Go a character to the left or right"),
    **dict.fromkeys(("first", "last"), "Go to the first or the last one"),
    **dict.fromkeys(("previous_tab", "next_tab"), "Show the terminal before, or the next one"),
    **dict.fromkeys(
        ("cursor_line_start", "cursor_line_end", "home", "end"), "Go to the beginning or the end of the line"
    ),
    **dict.fromkeys(
        ("cursor_word_left", "cursor_word_right", "cursor_left_word", "cursor_right_word"),
        "Go back or on by a word",
    ),
    "press": "Press the button, such as a container's Launch or Relaunch: Tab leads there",
    "select": "Choose what is highlighted",
    "dismiss": "Close the list",
    "select_line": "Mark the line",
    "select_all": "Mark everything",
    "delete_left": "Delete the character before the cursor",
    "delete_right": "Delete the character at the cursor",
    **dict.fromkeys(("delete_word_left", "delete_left_word"), "Delete the word before the cursor"),
    **dict.fromkeys(("delete_word_right", "delete_right_word"), "Delete the rest of the word"),
    **dict.fromkeys(
        ("delete_to_start_of_line", "delete_left_all"), "Delete back to the beginning of the line"
    ),
    **dict.fromkeys(
        ("delete_to_end_of_line_or_delete_line", "delete_right_all"), "Delete the rest of the line"
    ),
    "delete_line": "Delete the line",
    "cut": "Cut what is marked",
    "copy": "Copy what is marked",
    "paste": "Paste what was cut or copied in the app",
    "undo": "Take the last change back",
    "redo": "Make the change again that was taken back",
    "submit": "Take the line as it is",
    "focus_next": "Go to what comes next",
    "focus_previous": "Go to what comes before",
    "copy_text": "Copy the text that is marked with the mouse",
    "command_palette": "Search all commands, lessons and terms",
}
"""The descriptions by action name; similar actions share a text, and stand together in the help."""

MARKING = "Mark the text on the way"
"""The description of an action of `USUAL` when called with `True`."""
