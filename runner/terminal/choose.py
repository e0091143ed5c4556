"""Which emulator this platform can have."""

from runner.terminal.emulator import Emulator


def new_emulator(columns: int, lines: int) -> Emulator:
    """The fast emulator where its library can be loaded, else the pure Python one."""
    # Imported here, since only one of the two is ever needed.
    try:
        from runner.terminal.ghostty import GhosttyEmulator  # noqa: PLC0415

        return GhosttyEmulator(columns, lines)
    except ImportError:
        from runner.terminal.bittty import BitttyEmulator  # noqa: PLC0415

        return BitttyEmulator(columns, lines)
