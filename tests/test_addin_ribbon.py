"""A button from its declaration to the ribbon's XML, and a click from its control's id to one plain sentence."""

import inspect
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from xlwings_addin import ribbon, version
from xlwings_addin.build.ribbon_xml import NAMESPACE, ribbon_xml
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ribbon import BUTTONS, GROUPS, ButtonError, Entry, button, dispatch, in_ribbon_order
from xlwings_addin.writing import WorkbookError

BY = (Entry("region", "By region"), Entry("owner", "By owner", "Writes one aging per owner."))
SOUND = {
    "label": "Build aging",
    "group": "Aging",
    "icon": "PivotTableInsert",
    "keytip": "A",
    "supertip": "Reads Ledger & Receipts. Writes <Aging>.",
}


@pytest.fixture(autouse=True)
def no_other_buttons(monkeypatch):
    """The mechanism alone, whatever buttons the product has."""
    ribbon.load()
    kept = dict(BUTTONS)
    BUTTONS.clear()
    monkeypatch.setattr(ribbon, "load", lambda: None)
    yield
    BUTTONS.clear()
    BUTTONS.update(kept)


def declare(name="build_aging", doc="Age the ledger as of a day.\n\nMore.", menu=(), run=None, **changes):
    def plain(book, progress):
        return "nothing changed"

    def with_menu(book, progress, entry):
        return f"aged by {entry or 'customer'}"

    body = run or (with_menu if menu else plain)
    body.__name__ = body.__qualname__ = name
    body.__doc__ = doc
    label = changes.pop("label", SOUND["label"])
    return button(label, menu=menu, **{**{k: v for k, v in SOUND.items() if k != "label"}, **changes})(body)


class Book:
    """What a click knows of its workbook here: the status bar and the message box."""

    def __init__(self):
        self.said, self.bars = [], []
        book = self

        class App:
            status_bar = property(lambda app: book.bars[-1], lambda app, text: book.bars.append(text))

            def alert(self, text, title, mode):
                book.said.append(text)

            def macro(self, name):
                return lambda *arguments: book.said.append((name, arguments)) or 3.0

        self.app, self.name = App(), "Month.xlsx"


# ---------------------------------------------------------------- declarations


def test_a_declaration_holds_all_that_excel_shows():
    declare(menu=BY, size="large")
    one = BUTTONS["build_aging"]
    assert (one.label, one.screentip, one.supertip) == (
        "Build aging",
        "Age the ledger as of a day.",
        "Reads Ledger & Receipts. Writes <Aging>.",
    )
    assert [one.entry_id(entry) for entry in one.menu] == ["build_aging-region", "build_aging-owner"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"group": "Ageing"}, "there is no group 'Ageing' among Month, Aging"),
        ({"icon": "PieChartOfMine"}, "'PieChartOfMine' is not among the icons"),
        ({"label": "Build the big aging"}, "1 to 3 words"),
        ({"label": "Incomprehensibilities list"}, "at most 24 characters"),
        ({"label": ""}, "1 to 3 words"),
        ({"label": "Age & tell"}, "no &"),
        ({"supertip": ""}, "supertip must have 1 to 255"),
        ({"supertip": "x" * 256}, "supertip must have 1 to 255"),
        ({"doc": ""}, "screentip .* must have 1 to 100"),
        ({"keytip": "a"}, "1 to 3 capitals or digits"),
        ({"keytip": "ABCD"}, "1 to 3 capitals or digits"),
        ({"size": "huge"}, "large or normal"),
        ({"name": "BuildAging"}, "small letters"),
        ({"menu": (Entry("region", "By region"), Entry("region", "Again"))}, "must differ"),
        ({"menu": (Entry("by region", "By region"),)}, "must differ"),
        ({"menu": (Entry("region", "By the clerk's region"),)}, "1 to 3 words"),
        ({"menu": (Entry("region", "By region", "x" * 256),)}, "entry's supertip"),
        ({"menu": BY, "run": lambda book, progress: ""}, "takes book, progress, entry"),
        ({"run": lambda book: ""}, "takes book, progress"),
    ],
)
def test_a_wrong_declaration_is_refused_when_it_is_made(changes, reason):
    with pytest.raises(ValueError, match=reason):
        declare(**changes)
    assert not BUTTONS


def test_ids_are_unique_but_a_reloaded_module_may_declare_again():
    declare()
    declare()

    def build_aging(book, progress):
        """Something else."""
        return ""

    with pytest.raises(ValueError, match="there is one in"):
        button("Other", group="Month", icon="Help", keytip="Z", supertip="x")(build_aging)


@pytest.mark.parametrize("second", ["R", "RM"])
def test_a_keytip_nobody_could_reach_is_refused(second):
    declare(name="refresh", keytip="R")
    with pytest.raises(ValueError, match=f"the keytip {second} does not go with R of refresh"):
        declare(name="roll", keytip=second)


def test_the_groups_are_those_of_the_tab_in_the_order_of_the_work():
    assert GROUPS == ("Month", "Aging", "Collections", "Rollout", "Insight", "Share and help")


# ---------------------------------------------------------------- XML


def some_buttons():
    declare(name="about", label="About", group="Share and help", icon="Help", keytip="Q")
    declare(name="by_day", label='By "day" <night>', keytip="D")
    declare(menu=BY, size="large")
    declare(name="refresh_month", label="Refresh month", group="Month", icon="RefreshAll", keytip="R", size="large")
    return in_ribbon_order(BUTTONS)


def test_the_ribbon_stands_in_the_order_of_the_groups_with_the_large_button_first():
    root = ET.fromstring(ribbon_xml(some_buttons()))
    name = f"{{{NAMESPACE}}}"
    groups = {one.get("label"): [child.get("id") for child in one] for one in root.iter(f"{name}group")}
    assert groups == {
        "Month": ["refresh_month"],
        "Aging": ["build_aging-split", "by_day"],
        "Share and help": ["about"],
    }
    tab = next(root.iter(f"{name}tab"))
    assert (tab.get("label"), tab.get("keytip")) == ("Receivables", "K")


def test_every_control_says_what_it_is_and_calls_the_one_callback():
    root = ET.fromstring(ribbon_xml(some_buttons()))
    buttons = list(root.iter(f"{{{NAMESPACE}}}button"))
    assert [one.get("id") for one in buttons] == [
        "refresh_month",
        "build_aging",
        "build_aging-region",
        "build_aging-owner",
        "by_day",
        "about",
    ]
    for one in buttons:
        assert one.get("onAction") == "ArRibbon.Pressed"
        assert all(one.get(what) for what in ("label", "screentip", "supertip"))
    split = next(root.iter(f"{{{NAMESPACE}}}splitButton"))
    assert (split.get("keytip"), split.get("size")) == ("A", "large")
    assert buttons[3].get("supertip") == "Writes one aging per owner."
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)


def test_the_products_own_buttons_make_a_ribbon(monkeypatch):
    monkeypatch.undo()
    assert ET.fromstring(ribbon_xml()).tag == f"{{{NAMESPACE}}}customUI"


# ---------------------------------------------------------------- clicks


def pressed(control, **declared):
    declare(**declared)
    book = Book()
    dispatch(control, version(), book)
    return book


def test_a_click_runs_the_button_with_its_book_and_ends_with_what_changed():
    seen = []

    def run(book, progress):
        progress("reading 3 tables")
        seen.append(book)
        return "12 customers aged"

    book = pressed("build_aging", run=run)
    assert seen == [book]
    assert book.bars == [
        "Receivables: Build aging ...",
        "Receivables: reading 3 tables",
        "Receivables: 12 customers aged",
    ]
    assert not book.said


@pytest.mark.parametrize(
    ("control", "line"),
    [("build_aging", "aged by customer"), ("build_aging-region", "aged by region")],
)
def test_a_menu_entry_reaches_its_button(control, line):
    assert pressed(control, menu=BY).bars[-1] == f"Receivables: {line}"


@pytest.mark.parametrize("kind", [ButtonError, LedgerError, WorkbookError])
def test_a_known_failure_is_its_own_sentence_and_nothing_else(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def run(book, progress):
        raise kind("The sheet Aging is protected: unprotect it and press the button again.")

    book = pressed("build_aging", run=run)
    assert book.said == ["The sheet Aging is protected: unprotect it and press the button again."]
    assert book.bars[-1] is False
    assert not list(tmp_path.rglob("*.log"))


def test_an_unexpected_error_is_one_sentence_and_a_trace_without_customer_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))

    def inner(customer):
        raise KeyError(customer)

    def run(book, progress):
        try:
            inner("Miller & Sons owes 4,711.00")
        except KeyError as error:
            raise RuntimeError("cannot age Miller & Sons") from error

    book = pressed("build_aging", run=run)
    (sentence,) = book.said
    log = tmp_path / "Receivables" / "receivables.log"
    assert sentence == (
        f"Build aging stopped because of an unexpected error; details are in {log}, without customer data."
    )
    text = log.read_text(encoding="utf-8")
    assert "Miller" not in text
    assert "4,711" not in text
    assert "build_aging, version" in text
    assert "builtins.RuntimeError" in text
    assert "builtins.KeyError" in text
    assert f"    {Path(inspect.getsourcefile(inner)).name}:{inspect.getsourcelines(inner)[1] + 1} inner\n" in text


@pytest.mark.parametrize("control", ["unheard_of", "build_aging-unheard_of"])
def test_a_control_python_does_not_know_says_to_run_the_installer(control):
    (sentence,) = pressed(control, menu=BY).said
    assert "run the installer again" in sentence


def test_an_add_in_of_another_version_runs_nothing():
    def run(book, progress):
        raise AssertionError("it ran")

    declare(run=run)
    book = Book()
    dispatch("build_aging", "0.0.9", book)
    (sentence,) = book.said
    assert sentence == (f"Receivables.xlam is version 0.0.9 and its Python part {version()}: run the installer again.")


def test_without_a_book_the_calling_one_is_asked_for_once_at_the_edge(monkeypatch):
    book = Book()
    monkeypatch.setattr("xlwings.Book", SimpleNamespace(caller=lambda: book))
    declare()
    dispatch("build_aging")
    assert book.bars[-1] == "Receivables: nothing changed"


def test_the_refresh_button_can_have_formulas_relinked():
    book = Book()
    assert ribbon.relink(book) == 3
    assert book.said == [("'Receivables.xlam'!ArRelink.Relink", ("Month.xlsx",))]
