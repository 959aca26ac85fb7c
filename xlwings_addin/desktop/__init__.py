"""On the clerk's PC: install, uninstall, doctor; and the release bundle that brings them there."""
