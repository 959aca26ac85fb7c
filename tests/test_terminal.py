"""Tables in a terminal: at every width every figure is whole, and every column there or named."""

import re

import pytest
from commands import receivables

from xlwings_addin import sample
from xlwings_addin.terminal import Column, shown, table

WIDTHS = (40, 60, 80, 120, 200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("company")
    sample.generate(months=14, customers=12, invoices=600).write(made)
    return made


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "asked", [("metrics",), ("aging",), ("aging", "--by", "region"), ("aging", "--by", "owner")], ids=" ".join
)
def test_no_line_is_longer_than_the_screen_and_no_column_is_lost(folder, asked, width):
    files = ("ledger.csv", "--receipts", "receipts.csv", "--as-of", "2026-10-31")
    run, wide = (receivables(*asked, *files, cwd=folder, COLUMNS=str(size)) for size in (width, 1000))
    lines = run.stdout.splitlines()
    assert run.returncode == 0
    assert max(map(len, lines)) <= width
    assert "…" not in run.stdout
    # Headings may be folded, letter for letter all of them are there.
    there = re.sub(r"\s", "", run.stdout)
    for heading in re.split(r"  +", wide.stdout.splitlines()[2]):
        assert all(word in there for word in heading.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_are_whole_rounded_or_in_thousands_and_nothing_else(width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    amounts = (2073851.22, -92125.06, 0.4, 1e11)
    columns = [Column("Customer"), *(Column(f"Column {at}", "money") for at in range(len(amounts)))]
    table("Aging", columns, [["株式会社サンプル and Sons of the North", *amounts]])
    out = capsys.readouterr().out
    whole, rounded, thousands = ([shown(one, "money", places) for one in amounts] for places in (2, 0, -3))
    assert any(all(text in out for text in figures) for figures in (whole, rounded, thousands))
    assert ("in thousands" in out) == all(text in out for text in thousands)


def test_what_can_be_spared_is_named_and_what_is_empty_too(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    columns = [
        Column("Month"),
        *(Column(name, "money", 0, spare) for name, spare in (("Owed", 0), ("Paid", 1), ("Lost", 0))),
    ]
    table("Months", columns, [["October", 1e12, 1e12, 0.0], ["November", 1e12, 1e12, 0.0]])
    out = capsys.readouterr().out
    assert "Nothing in Lost." in out
    assert "Not shown at this width: Paid." in out


def test_what_is_not_known_is_not_nothing(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    table("Months", [Column("Month"), *(Column(f"Owed {at}", "money") for at in range(6))], [["October", *[None] * 6]])
    out = capsys.readouterr().out
    assert "Nothing" not in out
    assert out.count("n/a") == 6


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (-1235.756, "money", "(1,235.76)"), (-0.001, "money", "0.00"), (0.123, "percent", "12.3 %"),
        ("2026-09-30", "date", "30 Sep 2026"), (None, "days", "n/a"), (float("nan"), "money", "n/a"), (7, "count", "7"),
    ],
)  # fmt: skip
def test_figures_look_as_in_the_workbook(value, style, text):
    assert shown(value, style) == text
