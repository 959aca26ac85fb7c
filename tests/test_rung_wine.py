"""The worksheet functions on Windows' own Python, called through xlwings' DLL as a wrapper in VBA calls them."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from rungs import tools, wine
from rungs.com import as_sent, column
from rungs.release import pip_options
from rungs.wine import OMITTED, Day, ErrorCell, Money

import udfs
from udfs.boundary import MISSING
from udfs.errors import CODES
from udfs.spec import MISSION
from xlwings_addin.desktop import settings_file

udfs.load()

GOOD = {
    "AR_DSO": (850.0, 3_200.0, 365.0),
    "AR_DSO_COUNTBACK": (300.0, [280.0, 240.0, 210.0], [30.0, 31.0, 31.0], True, "error"),
    "AR_CEI": (960.0, 10_185.0, 940.0, 700.0, 85.0, "standard", 1.0),
    "AR_DDSO": (85.0, 3_200.0, 90.0),
    "AR_CASH_IMPACT": (60.0, 40.0, 3_200.0, 365.0),
}
REQUIRED = {name: sum(p.required for p in udfs.REGISTRY[name].parameters) for name in GOOD}
ROWS = 1_000
SPILL = [[float(n)] if n % 7 else [None] for n in range(ROWS)]
TIMED = [
    ("AR_DSO", GOOD["AR_DSO"], 200),
    ("AR_CEI", GOOD["AR_CEI"], 200),
    ("AR_DSO", (SPILL, 3_200.0, 365.0), 10),
]


def other(name, place, cell):
    return (*GOOD[name][:place], cell, *GOOD[name][place + 1 :])


def cases():
    """Calls by what they show."""
    for name in MISSION:
        good = GOOD[name]
        yield f"{name}: numbers", name, good
        yield f"{name}: optionals left off", name, good[: REQUIRED[name]]
        omitted = [OMITTED] * (len(good) - REQUIRED[name])
        yield f"{name}: optionals omitted", name, (*good[: REQUIRED[name]], *omitted)
        yield f"{name}: optionals blank", name, (*good[: REQUIRED[name]], *[None] * len(omitted))
        yield f"{name}: the first omitted", name, other(name, 0, OMITTED)
        yield f"{name}: currency cells", name, tuple(Money(Decimal(str(c))) if type(c) is float else c for c in good)
        for code in sorted(CODES.values()):
            yield f"{name}: error {code}", name, other(name, 0, ErrorCell(code))
        column_of_all = [
            good[0],
            None,
            "",
            "text",
            True,
            Money(Decimal("12.3456")),
            ErrorCell(2007),
            ErrorCell(2045),
            0.0,
        ]
        yield f"{name}: a column", name, other(name, 0, [[cell] for cell in column_of_all])
        yield f"{name}: a row", name, other(name, 0, [[good[0], None, ErrorCell(2042)]])
        yield f"{name}: a block", name, other(name, 0, [[good[0], 1.0], [None, ErrorCell(2042)], [2.0, "x"]])
        yield f"{name}: a block of one", name, other(name, 0, [[good[0]]])
        yield f"{name}: a spill", name, other(name, 0, SPILL)
    history = [[280.0], [Money(Decimal(240))], [ErrorCell(2007)]]
    yield "a history with an error beyond the walk", "AR_DSO_COUNTBACK", (300.0, history)
    yield "a history with an error in the walk", "AR_DSO_COUNTBACK", (600.0, history)
    yield "a named option", "AR_CEI", (*GOOD["AR_CEI"][:4], OMITTED, "ignore")
    yield "TRUE and FALSE", "AR_DSO_COUNTBACK", (300.0, [[240.0], [280.0]], OMITTED, False)
    yield "dates", "AR_DAYS_PAST_DUE", ([[Day(45_427.0)], [Day(45_463.75)], [None], [45_427.0]], Day(45_463.0))
    yield "buckets", "AR_BUCKET", ([[Day(45_427.0), None, "2024-06-20", ErrorCell(2042)]], Day(45_463.0))
    customers, due = [["4711"], ["Zoë Łuk"], ["4711"]], [[Day(45_427.0)], [Day(45_500.0)], [None]]
    yield "an aging", "AR_AGING", (customers, due, [[100.0], [Money(Decimal("250.5"))], [-20.0]], Day(45_463.0))
    yield "an explanation", "AR_EXPLAIN", ("AR_DSO", 850_000.0, 3_200_000.0, 365.0)
    yield "an explanation of a blank", "AR_EXPLAIN", ("AR_DSO", None, 3_200_000.0, 365.0)
    yield "an explanation with one omitted", "AR_EXPLAIN", ("AR_CEI", *GOOD["AR_CEI"][:4], OMITTED, "ignore")


CASES = {title: (name, arguments) for title, name, arguments in cases()}
TEXTS = {code: text for text, code in CODES.items()}


def in_python(cell):
    if isinstance(cell, list):
        return [in_python(one) for one in cell]
    if isinstance(cell, Money):
        return float(cell.amount)
    if isinstance(cell, Day):
        return dt.date(1899, 12, 30) + dt.timedelta(math.floor(cell.serial))
    if isinstance(cell, ErrorCell):
        return TEXTS[cell.code]
    return MISSING if cell is OMITTED else cell


@pytest.fixture(scope="module")
def windows():
    """One start of Windows for all calls."""
    calls = [(name, tuple(map(column, arguments))) for name, arguments in CASES.values()]
    answers = wine.call_on_windows([*calls, ("AR_UNHEARD_OF", (1.0,))], TIMED)
    return answers, dict(zip(CASES, answers.results, strict=False))


@pytest.mark.parametrize("title", CASES)
def test_windows_shows_what_python_computes(windows, title):
    _, shown = windows
    name, arguments = CASES[title]
    assert shown[title] == as_sent(udfs.REGISTRY[name].python(*(column(in_python(one)) for one in arguments)))


def test_results_are_what_they_should_be_and_not_merely_alike(windows):
    _, shown = windows
    assert shown["AR_DSO: numbers"] == 96.953125
    assert shown["AR_DSO: error 2007"] == "#DIV/0!"
    assert shown["AR_DSO: error 2045"] == "#SPILL!"
    assert shown["AR_DSO: a column"] == [
        [96.953125], ["#N/A"], ["#N/A"], ["#VALUE!"], ["#VALUE!"],
        [12.3456 / 3_200 * 365], ["#DIV/0!"], ["#SPILL!"], [0.0],
    ]  # fmt: skip
    assert shown["dates"] == [[36.0], [0.0], ["#N/A"], [36.0]]
    assert len(shown["AR_CEI: a spill"]) == ROWS
    assert shown["an aging"][0][0] == "Customer"
    assert shown["an aging"][1][0] == "Zoë Łuk"


def test_a_python_exception_reaches_vba_as_an_error(windows):
    answers, _ = windows
    assert "no attribute 'AR_UNHEARD_OF'" in answers.results[-1]["raised"]


def test_what_a_call_costs_on_windows(windows):
    """Prints, asserts nothing about time: Wine and the machine have their share."""
    answers, _ = windows
    dso, cei, spill = answers.milliseconds
    print(
        f"under Wine: server up and first call after {answers.start:.1f} s; AR_DSO {dso:.2f} ms, AR_CEI {cei:.2f} ms a "
        f"call; {ROWS:,} rows in one call {spill:.1f} ms"
    )


SETTINGS = {
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "INTERPRETER_WIN": r"C:\py thon\python.exe",
    "PYTHONPATH": r"D:\O'Brien & co",
    "SHAREPOINT_WIN": r"S:\point",
    "ONEDRIVE_CONSUMER_WIN": r"O:\mine",
}


def test_the_command_line_is_the_one_vba_builds():
    command = wine.command_of_vba(SETTINGS, r"C:\Users\A Clerk\Receivables.xlam")
    assert command.startswith('cmd.exe  /K ""C:\\py thon\\python.exe" -B -c "import sys, os;')
    assert command.endswith("""import xlwings; xlwings.serve('$(CLSID)')\"\"""")
    # No workbook in it: the DLL would start one Python for each.
    clerk = r"False;;C:\\Users\\A Clerk\\Receivables.xlam"
    assert rf"{clerk};O:\\mine;;S:\\point;D:\\O\'Brien ^& co" in command


@pytest.mark.parametrize("left_out", [None, "PYTHONPATH", "SHAREPOINT_WIN", "ONEDRIVE_CONSUMER_WIN"])
def test_doctor_builds_the_same_command_line(left_out):
    addin = r"C:\Users\A Clerk\Receivables.xlam"
    settings = {name: value for name, value in SETTINGS.items() if name != left_out}
    assert settings_file.command_line({}, settings, addin) == wine.command_of_vba(settings, addin)


@pytest.fixture(scope="module")
def tried(release_folder):
    options = pip_options((release_folder / "install.ps1").read_text("ascii"))
    return wine.try_release(release_folder, options, [("AR_DSO", GOOD["AR_DSO"]), ("AR_DSO", (1.0, 0.0, 365.0))])


def test_a_release_installs_offline_on_windows_and_its_doctor_is_content(tried):
    """Downloads the packages of one Python for Windows, where they were not kept from before."""
    assert "Places " in tried.installed
    states = {check["name"]: check["state"] for check in tried.doctor["checks"]}
    assert tried.doctor["well"] is True
    assert {name for name, state in states.items() if state != "ok"} == {"Excel"}, tried.doctor
    served = next(check["found"] for check in tried.doctor["checks"] if check["name"] == "UDF server")
    assert served == "AR_DSO(1200, 3650, 365) = 120, asked through the DLL as Excel does"


def test_a_function_answers_through_the_dll_with_the_settings_install_wrote(tried):
    assert "Prüf Ordner" in tried.settings
    assert tried.answers.results == [96.953125, "#DIV/0!"]


def test_uninstall_on_windows_leaves_nothing(tried):
    assert tried.uninstalled.count("Removes ") == 3
    assert "Takes PersonalTemplates out of the registry." in tried.uninstalled
    assert tried.left == []


def test_without_wine_the_rung_is_skipped_by_name_and_fails_where_tools_are_required(monkeypatch):
    monkeypatch.setattr(tools.shutil, "which", lambda *_: None)
    monkeypatch.setenv("RECEIVABLES_REQUIRE_TOOLS", "0")
    with pytest.raises(pytest.skip.Exception, match="wine is not installed: apt-get install wine"):
        tools.needs("wine")
    monkeypatch.setenv("RECEIVABLES_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match="wine is not installed"):
        tools.needs("wine")


def test_what_is_downloaded_stays_out_of_the_repository():
    assert wine.CACHE.is_relative_to(tools.REPOSITORY / ".ci")
