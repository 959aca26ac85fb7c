"""Start: which month this is, what was loaded, whether the checks agree, and what to do next."""

from udfs.errors import NA
from xlwings_addin.sheets.blocks import Column, Field, Fields, Lines, Links, Sheet, Table


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Start",
        "Read this sheet first: it says what the figures are of and whether they tie.",
        (
            Fields(
                (
                    Field(
                        "start_company",
                        "Company",
                        formula='=IF(company="","(not named: see Settings)",company)',
                        empty="(not named: see Settings)",
                    ),
                    Field("start_as_of", "As of", "date", formula='=IF(as_of="","",as_of)'),
                    Field(
                        "start_currency",
                        "Currency",
                        formula='=IF(base_currency="","(not named in the files)",base_currency)',
                        empty="(not named in the files)",
                    ),
                    Field("start_receivables", "Receivables", "money", formula="=kpi_receivables", empty=NA),
                    Field("start_overdue", "of which overdue", "money", formula="=kpi_overdue", empty=NA),
                    Field(
                        "refreshed",
                        "Refreshed (UTC)",
                        "stamp",
                        note="Nothing here changes until the next refresh, except what you type.",
                    ),
                    Field(
                        "start_checks",
                        "Checks",
                        "word",
                        formula='=IF(COUNTA(tblChecks[Result])=0,"No data",IF(COUNTIF(tblChecks[Result],"Act")+COUNTIF(tblFindings[Severity],"error")>0,"Act",IF(COUNTIF(tblFindings[Severity],"warning")>0,"Look","OK")))',
                        empty="No data",
                        note="OK: everything ties. Look: read the finding. Act: a figure does not tie; see Checks.",
                        rule="word",
                    ),
                    Field("start_set_aside", "Rows left out"),
                    Field(
                        "start_addin",
                        "Receivables add-in",
                        "word",
                        # Adding 0*NOW() makes Excel ask again on every opening, so that a machine without
                        # the add-in says so although nothing else is calculated when the file is opened.
                        formula='=IF(ISERROR(AR_DSO(100,100,30)+0*NOW()),"Absent","Active")',
                        empty="Active",
                        note="Absent: figures are those of the last refresh; the AR_ formulas need the add-in to recalculate.",
                        rule="word",
                    ),
                ),
                title="This month",
            ),
            Lines(
                (
                    "1.  Look at Checks: settle anything marked Act before you quote a figure.",
                    "2.  Read Dashboard: what moved since last month and last year, and against target.",
                    "3.  Work Collections from the top: call, and type beside the item what was agreed; then Reminders due, for whom a letter is due.",
                    "4.  On Monthly, type flows the ledger does not hold into the cream cells; they win over loaded ones.",
                    "5.  Next month, refresh with this workbook as the previous one: what you typed is carried over.",
                ),
                title="What to do, in this order",
            ),
            Table(
                "tblLoaded",
                (
                    Column("file", "File", width=32),
                    Column("role", "Holds"),
                    Column("format", "Recognised as", width=22),
                    Column("rows", "Rows", "count"),
                    Column("total", "Total", width=26, note="Sum of the amounts in the file, by currency."),
                    Column("sha256", "Fingerprint", width=18, note="First characters of the file's SHA-256."),
                ),
                title="Data loaded",
            ),
            Links(),
        ),
        landscape=False,
        tab="help",
    )
