"""Calendars read by the grammar of RFC 5545."""

import re

CONTENT = re.compile(r"(?P<name>[A-Z-]+)(?:;[A-Z-]+=[^:;,\"]+)*:(?P<value>.*)", re.DOTALL)

TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")


def parsed(block):
    """Properties of the calendar and of its one event; asserts what section 3.1 says of lines."""
    assert block.endswith("\r\n")
    assert re.search(r"(?<!\r)\n|\r(?!\n)", block) is None
    lines = block.removesuffix("\r\n").split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    for line in lines:
        line.encode().decode()  # folded between characters, not within one
    unfolded = re.sub(r"\r\n ", "", block).removesuffix("\r\n").split("\r\n")
    found = []
    for line in unfolded:
        content = CONTENT.fullmatch(line)
        assert content, line
        found.append((content["name"], content["value"]))
    assert found[0] == ("BEGIN", "VCALENDAR")
    assert found[-1] == ("END", "VCALENDAR")
    begin, end = found.index(("BEGIN", "VEVENT")), found.index(("END", "VEVENT"))
    assert [name for name, _ in found].count("BEGIN") == 2
    calendar, event = found[1:begin], found[begin + 1 : end]
    assert found[end + 1 :] == [("END", "VCALENDAR")]
    for part in (calendar, event):
        assert len(dict(part)) == len(part)
    for name in ("SUMMARY", "DESCRIPTION"):
        assert TEXT.fullmatch(dict(event)[name])
    return dict(calendar), dict(event)
