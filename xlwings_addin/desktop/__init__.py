"""On the clerk's PC: install, uninstall, doctor; and the release bundle that brings them there."""


class DesktopError(ValueError):
    """What keeps the add-in from being installed or bundled. The message is one sentence, fit to be shown as it is."""
