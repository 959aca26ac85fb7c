"""Every element of the two source texts is done by something that exists."""

import pytest
from rungs import tools

from xlwings_addin.build import source_map
from xlwings_addin.cli import cli

TEXTS = {"guide.txt": source_map.GUIDE, "playbook.txt": source_map.PLAYBOOK}
SPEAKS_OF_OTHERS = (
    # Definitions that the formulas' own rows cover, and a competitor's name in a question.
    "Use simple for steady sales", "How does", "Standardized terms, clean invoicing",
    # The body of the two examples, of the references and of the glossary.
    "M1 covers", "M2 covers", "Steady sales:", "Seasonal/volatile", "Quality: Pair", "Look at quality",
)  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_every_quote_stands_in_its_text_once_told(name):
    text = (tools.shared("source") / name).read_text(encoding="utf-8")
    for element in TEXTS[name]:
        assert element.quote in text, element
    quotes = [element.quote for element in TEXTS[name]]
    assert len(set(quotes)) == len(quotes)


def test_every_point_of_the_guide_is_on_the_map():
    text = (tools.shared("source") / "guide.txt").read_text(encoding="utf-8")
    before_references = text[: text.index("References & Sources")]
    points = [line for line in before_references.splitlines() if line.startswith("- ")]
    assert len(points) > 50
    for point in points:
        said = point.removeprefix("- ")
        assert any(e.quote in point for e in source_map.GUIDE) or said.startswith(SPEAKS_OF_OTHERS), point


def test_every_pitfall_and_component_of_the_playbook_is_on_the_map():
    text = (tools.shared("source") / "playbook.txt").read_text(encoding="utf-8")
    points = [line for line in text.splitlines() if line[:2] in {"- ", *(f"{n}." for n in range(1, 7))}]
    assert len(points) >= 9
    for point in points:
        assert any(element.quote in point for element in source_map.PLAYBOOK), point


def test_the_map_names_only_what_exists():
    rows = list(source_map.rows())
    assert len(rows) == len(source_map.GUIDE) + len(source_map.PLAYBOOK)
    assert all(done_by for _, _, done_by in rows)
    told = {name for element in (*source_map.GUIDE, *source_map.PLAYBOOK) for name in element.done_by}
    commands = {name.removeprefix("receivables ") for name in told if name.startswith("receivables ")}
    assert commands
    assert commands <= cli.commands.keys()
