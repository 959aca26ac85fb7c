"""E-mail addresses as clerks type them: several in a cell, or with names beside them."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
_SENDABLE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")


def sendable(text: str) -> tuple[str, ...]:
    """Return the addresses in a cell, several or with names beside them; none where one of them cannot be used."""
    found = []
    if text.count("@") > len(ADDRESS.findall(text)):
        return ()
    for address in ADDRESS.findall(text):
        local, _, domain = address.strip(".").rpartition("@")
        try:
            written = f"{local}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            return ()
        if not _SENDABLE.fullmatch(written):
            return ()
        found.append(written)
    return tuple(dict.fromkeys(found))
