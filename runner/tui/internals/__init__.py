"""All code that uses Textual's private parts, which may change with any release.

The pin in pyproject.toml names the release that they were tried with. A test holds the code to the list, and the
list to Textual.
"""

PRIVATE_PARTS = {
    "textual._compositor": ["CompositorUpdate"],
    "textual._context": ["active_message_pump"],
    "textual._xterm_parser": ["XTermParser"],
    "textual._xterm_parser.XTermParser": ["_sequence_to_key_events"],
    "textual.app.App": [
        "_batch_count",
        "_bindings",
        "_display",
        "_handle_exception",
        "_notifications",
        "_refresh_truecolor_filter",
    ],
    "textual.dom.DOMNode": ["_inherit_bindings", "_merged_bindings", "_pruning"],
    "textual.drivers.linux_driver.LinuxDriver": [
        "_app",
        "_auto_restart",
        "_debug",
        "_file",
        "_loop",
        "_must_signal_resume",
        "_sigcont_application",
    ],
    "textual.message_pump.MessagePump": ["_closing"],
    "textual.screen.Screen": ["_compositor", "_get_breakpoint_classes"],
}
"""The private modules' names and the classes' private attributes that are used here."""
