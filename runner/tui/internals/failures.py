"""An app's handling of uncaught exceptions."""

from textual.app import App


class FailureApp(App[None]):
    """Asks `take_failure` before an exception ends the app."""

    def take_failure(self, error: Exception) -> bool:  # noqa: ARG002 (for subclasses)
        """True if the app can go on after this error."""
        return False

    def _handle_exception(self, error: Exception) -> None:
        if not self.take_failure(error):
            super()._handle_exception(error)
