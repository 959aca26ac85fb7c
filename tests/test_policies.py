"""The texts of Policies and Glossary: whatever they name exists, and they fit into their cells."""

import re
import string
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import udfs
from udfs.discounts import discount_cost
from xlwings_addin.month_end import glossary, policies, workbook
from xlwings_addin.month_end.work.stages import ladder
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import collections
from xlwings_addin.sheets import policies as texts
from xlwings_addin.sheets.glossary import QUESTIONS, SOURCES, TERMS
from xlwings_addin.sheets.style import WIDTHS

CELL_LIMIT = 32_767
HIGHEST_ROW = 409
"""Points: Excel shows no more of a row."""

CHOSEN = Settings(company="Elm Works {Ltd}", head_of_finance="Ann Weber", standard_terms="Net 45", cost_of_capital=0.12)

days = st.sets(st.integers(-10, 60), min_size=1, max_size=6).map(sorted).map(tuple)
steps = st.sets(st.integers(1, 60), min_size=1, max_size=3).map(sorted).map(tuple)


def cells(settings=CHOSEN):
    """Every text on the two sheets, with its table, column and the width it has."""
    made = policies.tables(settings)[0] | glossary.tables(workbook(settings))[0]
    for sheet in workbook(settings):
        for table in sheet.tables():
            if table.name in made:
                for column in (column for column in table.columns if column.key in made[table.name].columns):
                    for value in made[table.name].column(column.key):
                        if value is not None:
                            yield table.name, column, value


def test_every_placeholder_of_a_reminder_is_known():
    used = {name for email in texts.EMAILS for name in policies.placeholders(f"{email.subject}\n{email.body}")}
    assert used <= set(texts.PLACEHOLDERS)
    assert all("invoices" in policies.placeholders(email.body) for email in texts.EMAILS)
    assert not [email.title for email in texts.EMAILS if re.search(r"[{}]", email.text)]


def test_every_clause_names_only_choices_that_exist():
    named = {
        name
        for policy in texts.POLICIES
        for text in (policy.use, policy.text)
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }
    assert named == set(policies.SETTINGS_SHOWN) | set(policies.DERIVED)
    assert set(policies.SETTINGS_SHOWN) <= {field.name for field in fields(Settings)}


def test_titles_tell_the_rows_apart():
    for rows in (texts.EMAILS, texts.POLICIES):
        assert len({row.title for row in rows}) == len(rows)
    assert tuple(texts.DISPUTES) == collections.DISPUTE_CODES


def test_every_text_fits_its_cell_and_stays_text():
    for table, _, text in cells():
        if isinstance(text, str) and table != "tblGlossary":
            assert len(text) < CELL_LIMIT
            assert not text.startswith(("=", "+", "-", "@", "'")), (table, text)
            assert text == text.strip()


def test_no_row_is_higher_than_excel_shows():
    for table, column, text in cells():
        width = int(column.width or WIDTHS[column.style])
        lines = sum(-(-max(len(part), 1) // width) for part in str(text).split("\n"))
        assert 13.5 * lines + 3 <= HIGHEST_ROW, (table, text[:40], lines)


def test_no_gap_is_left_where_settings_fill_it():
    shown = [text for table, _, text in cells() if table == "tblPolicies"]
    assert not [text for text in shown if "[company]" in text or "[head of finance]" in text]
    assert any("Elm Works {Ltd}" in text for text in shown)
    assert any("Net 45" in text for text in shown)
    assert any("Ann Weber" in text for text in shown)
    unnamed = [text for table, _, text in cells(Settings()) if table == "tblPolicies"]
    assert any("[company]" in text for text in unnamed)


def test_headings_that_texts_send_the_reader_to_exist():
    headings = {column.heading for sheet in workbook(CHOSEN) for table in sheet.tables() for column in table.columns}
    headings |= {column.heading for column in collections.ENTRIES}
    spoken = " ".join(policy.use + policy.text for policy in texts.POLICIES)
    for heading in ("Agreed terms", "Terms approved by", "For the day", "Hold aligned by"):
        assert heading in spoken
        assert heading in headings
    labels = {re.sub(r" \(.*\)", "", field.label) for sheet in workbook(CHOSEN) for field in sheet.fields()}
    named = re.findall(r"Settings: ([^;]+)", " ".join(f"{look};" for *_, look in QUESTIONS))
    for label in (part.strip() for names in named for part in names.split(",")):
        assert label in labels | {table.title for sheet in workbook(CHOSEN) for table in sheet.tables()}, label


def test_functions_that_the_glossary_names_exist():
    udfs.load()
    said = " ".join(part for row in (*QUESTIONS, *SOURCES, *TERMS) for part in row)
    named = set(re.findall(r"AR_[A-Z_]+[A-Z]", said))
    assert len(named) > 8
    assert named <= set(udfs.REGISTRY)


def test_figures_in_the_texts_are_right():
    assert round(discount_cost(0.01, 10, 30), 2) == 0.18
    assert round(discount_cost(0.02, 10, 30), 2) == 0.37
    assert policies.DERIVED["month_of_credit"](Settings(cost_of_capital=0.0730)) == "0.60%"


@given(days, steps)
def test_every_stage_has_its_text_and_says_its_day(reminder_days, escalation_days):
    stages = ladder(reminder_days, escalation_days)
    settings = replace(CHOSEN, reminder_days=reminder_days, escalation_days=escalation_days)
    table = policies.tables(settings)[0]["tblEmails"]
    used = dict(zip(table.column("title"), table.column("use"), strict=True))
    for stage in stages:
        email = policies.email_of(stage, stages)
        assert (email in (texts.FIRM, texts.LETTER)) == (stage.day >= escalation_days[0])
        said = used[email.title].lower()
        assert re.search(rf"\b{abs(stage.day)}\b", said) if stage.day else "on the due date" in said
    idle = {email.title for email in texts.EMAILS} - {policies.email_of(stage, stages).title for stage in stages}
    assert {title for title, use in used.items() if "no such day" in use} == idle


@pytest.mark.parametrize(
    ("reminder_days", "said"),
    [
        ((-1, 0, 3, 7, 14), "1 day before the due date, on the due date, and 3, 7 and 14 days after it"),
        ((-7, -1), "7 and 1 days before the due date"),
        ((0,), "on the due date"),
        ((1, 5), "1 and 5 days after the due date"),
    ],
)
def test_the_cadence_reads_as_one_says_it(reminder_days, said):
    assert policies.SETTINGS_SHOWN["reminder_days"](Settings(reminder_days=reminder_days)) == said


@given(st.text(), st.text())
def test_what_is_filled_in_is_not_filled_again(name, other):
    filled = policies.fill("a [customer] b [ Customer ] c", {"customer": f"[total]{name}", "total": other})
    assert filled == f"a [total]{name} b [total]{name} c"


def test_sources_are_named_once():
    assert len(set(SOURCES)) == len(SOURCES) == 16
    assert not [row for row in SOURCES if any("http" in part or "www." in part for part in row)]
