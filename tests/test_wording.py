"""Plain English: words that a clerk cannot look up, or that a native reader stumbles over, stay out of every text."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

PLAIN = {
    r"reckon(s|ed|ing)?": "calculate",
    r"taken for(?! granted)": "recognised as",
    r"anew": "again; recreate",
    r"(is|are|was|were|be) told": "is reported, is shown",
    r"tells? of": "shows",
    r"unforeseen": "unexpected",
    r"so many(?! \w+ that\b)": "this many, that many",
    r"no mean of": "not an average of",
    r"too dear": "too expensive",
    r"asked often": "frequently asked",
    r"is had": "you get",
    r"no yes": "if not confirmed",
    r"payable on (net\b|\{)": "payable within",
    r"his|her|him|himself|he|she": "its, their, they",
    r"that (is|are) none|none of ours": "not a valid ..., not ours",
    r"(lie|lies|stand|stands) (beside|in(?! for)|on)": "is next to, is in, is on",
}
"""What may not come back, as whole words, and what to write; letters may begin with Dear."""

KINDS = {".py", ".md", ".csv", ".toml", ".bas", ".cls", ".ps1", ".txt", ".html"}


def texts() -> list[Path]:
    """Every text of the project but this one, words of other languages and texts of others."""
    if not (REPOSITORY / "pyproject.toml").exists():
        pytest.skip("not in the repository: the gate looks at its files")
    folders = ("xlwings_addin", "udfs", "tests", "docs", "workbook_templates")
    inside = [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if path.suffix in KINDS]
    return [path for path in (*inside, *REPOSITORY.glob("*.md")) if not foreign(path)]


def foreign(path: Path) -> bool:
    """Whether a text holds words of other languages, data, or what others have written."""
    return path.name in (Path(__file__).name, "words.csv") or bool(
        {"erp_exports", "workbooks", "vendored", "layouts", "kinds"} & set(path.relative_to(REPOSITORY).parts)
    )


def stumbles(text: str) -> list[str]:
    """The words of a text that may not come back, each with its line and what to write."""
    return [
        f"{number}: {found[0]!r}: write {instead}"
        for number, line in enumerate(text.splitlines(), 1)
        for word, instead in PLAIN.items()
        for found in re.finditer(rf"\b({word})\b", line, re.IGNORECASE)
    ]


def test_texts_are_plain_english():
    found = [
        f"{path.relative_to(REPOSITORY)}:{line}"
        for path in texts()
        for line in stumbles(path.read_text("utf-8", "replace"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("DSO is reckoned over 91 days.", False),
        ("Press Refresh month to have it made anew.", False),
        ("What is odd stands on Checks.", False),
        ("The head of finance calls his counterpart.", False),
        ("Too dear: the cost a year is above the cost of capital.", False),
        ("Dear [contact], the invoices below are overdue.", True),
        ("This chart shows the last 13 months.", True),
        ("The hero of the theory.", True),
    ],
)
def test_the_gate_finds_them_as_whole_words(text, clean):
    assert (not stumbles(text)) is clean
