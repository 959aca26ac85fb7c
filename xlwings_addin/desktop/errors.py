"""What installing and bundling raise."""


class DesktopError(ValueError):
    """What keeps the add-in from being installed or bundled. The message is one sentence, fit to be shown as it is."""
