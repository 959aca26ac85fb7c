"""The workbook's sheets in the order of the tabs, each with what fills it: the one list of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlwings_addin.month_end import (
    aging,
    calculators,
    checks,
    customers,
    dashboard,
    forecast,
    glossary,
    imports,
    ledger_sheets,
    monthly,
    policies,
    provision,
    segments,
    start,
)
from xlwings_addin.month_end.assembling import checked, joined
from xlwings_addin.month_end.placing import place_entries, typed_cells
from xlwings_addin.month_end.program import diagnostics, listed, rollout
from xlwings_addin.month_end.program.measures import Measures
from xlwings_addin.month_end.work import activity, paid_items, scorecards, worklist
from xlwings_addin.month_end.work import credits as open_credits
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.sheets import credits_to_apply, hour
from xlwings_addin.sheets.ledger import sheet as ledger_sheet
from xlwings_addin.sheets.receipts import sheet as receipts_sheet
from xlwings_addin.sheets.settings import sheet as settings_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled, TableData
    from xlwings_addin.month_end.monthly import Months
    from xlwings_addin.month_end.placing import NotPlaced
    from xlwings_addin.month_end.program.behind import Behind
    from xlwings_addin.month_end.program.signals import Judged
    from xlwings_addin.month_end.work.dunning import Minimums, Standing
    from xlwings_addin.month_end.work.worklist import Work
    from xlwings_addin.settings import Settings
    from xlwings_addin.sheets.blocks import Sheet


class Making:
    """A month in the making: what several sheets are made from, each made once, whichever sheet asks first."""

    def __init__(self, closing: Closing, *, set_baseline: bool, refreshed: str, version: str) -> None:
        self.closing, self.set_baseline, self._asked, self.version = closing, set_baseline, refreshed, version

    @property
    def is_partial(self) -> bool:
        """Whether Ledger or Receipts lists a part only."""
        return bool(ledger_sheets.purposes(self.closing))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The declarations, those that say that a sheet lists a part only included."""
        said = ledger_sheets.purposes(self.closing)
        return tuple(
            replace(sheet, purpose=said.get(sheet.name, sheet.purpose)) for sheet in workbook(self.closing.settings)
        )

    @cached_property
    def whole(self) -> Mapping[str, TableData]:
        """Ledger and Receipts with all their rows."""
        return ledger_sheets.whole(self.closing)

    @cached_property
    def months(self) -> Months:
        """The rows of Monthly."""
        return monthly.months(self.closing)

    @cached_property
    def now(self) -> Mapping[str, Any]:
        """The as-of month of Monthly."""
        return self.months.now

    @cached_property
    def work(self) -> Work:
        """The week's work."""
        return worklist.work(self.closing, *self._standings)

    @cached_property
    def _standings(self) -> tuple[Mapping[str, Standing], Minimums]:
        return standings(self.closing)

    @cached_property
    def measures(self) -> Measures:
        """What signals and rollout are judged by."""
        known = Measures(self.closing, self.months, self.closing.entries.rows("tblBaseline"), self._standings[0])
        if known.baseline or not self.set_baseline:
            return known
        return Measures(self.closing, self.months, rollout.baseline(known), self._standings[0])

    @cached_property
    def signals(self) -> Mapping[str, Judged]:
        """What the signals say, by their names."""
        return diagnostics.judge(self.measures)

    @property
    def lists(self) -> Mapping[str, Behind]:
        """What stands behind every count of theirs and of the rollout, by name."""
        return {name: judged.behind for name, judged in self.signals.items()} | rollout.lists(self.measures)

    @cached_property
    def aging(self) -> Filled:
        """The sheet Aging."""
        return aging.tables(self.closing)

    @cached_property
    def total(self) -> float:
        """Receivables in the base currency, as the sheet Aging has them."""
        total: float = self.aging[1]["aging_total"]
        return total

    @cached_property
    def headlines(self) -> Filled:
        """The sheet Dashboard."""
        return dashboard.tables(self.closing, self.months, self.aging[0]["tblAging"])

    @cached_property
    def figures(self) -> Filled:
        """All sheets but those that describe the others, nothing placed on them yet."""
        return self._made(last=False)

    def _made(self, *, last: bool) -> Filled:
        pages = zip(PAGES, self.sheets, strict=True)
        return joined(checked(sheet, page.fill(self)) for page, sheet in pages if page.last is last)

    @cached_property
    def _placed(self) -> tuple[Mapping[str, TableData], list[NotPlaced]]:
        placed, left = place_entries(self.sheets, self.figures[0], self.closing.entries)
        left += calculators.dropped(self.closing.settings, self.closing.entries)
        return {**self.figures[0], **placed}, left

    @property
    def tables(self) -> Mapping[str, TableData]:
        """Their tables, with what clerks typed on its rows."""
        return self._placed[0]

    @property
    def not_placed(self) -> list[NotPlaced]:
        """What clerks typed on rows that are gone."""
        return self._placed[1]

    @cached_property
    def _log(self) -> tuple[list[Mapping[str, Any]], str]:
        typed = typed_cells(self.sheets, self.tables, self.figures[1], self.not_placed)
        return checks.log(self.closing, self.now, typed, self._asked, self.version)

    @property
    def log(self) -> list[Mapping[str, Any]]:
        """A line a refresh."""
        return self._log[0]

    @property
    def refreshed(self) -> str:
        """When these figures were first made of these inputs."""
        return self._log[1]

    @cached_property
    def checks(self) -> Filled:
        """The sheet Checks."""
        return checks.tables(
            self.closing, self.months, self.tables, self.figures[1], not_placed=self.not_placed, log=self.log
        )

    @cached_property
    def finished(self) -> Filled:
        """Every sheet."""
        return joined([(self.tables, self.figures[1]), self._made(last=True)])


def _nothing(_: Settings) -> Filled:
    return {}, {}


def _always(sheet: Callable[[], Sheet]) -> Callable[[Settings], Sheet]:
    return lambda _: sheet()


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet, and what fills it."""

    sheet: Callable[[Settings], Sheet]
    fill: Callable[[Making], Filled]
    blank: Callable[[Settings], Filled] = _nothing
    """What it shows without a ledger."""
    last: bool = False
    """It describes the other sheets: they are made before."""


PAGES = (
    Page(_always(start.sheet), lambda m: start.tables(m.closing, m.now, m.checks[0], m.refreshed), last=True),
    Page(dashboard.sheet, lambda m: m.headlines, dashboard.blank),
    Page(worklist.sheet, lambda m: worklist.tables(m.closing, m.work)),
    Page(hour.sheet, lambda m: worklist.hour_tables(m.closing, m.work)),
    Page(_always(credits_to_apply.sheet), lambda m: open_credits.tables(m.closing, m.measures.credits)),
    Page(_always(monthly.sheet), lambda m: monthly.tables(m.months)),
    Page(aging.sheet, lambda m: m.aging, aging.blank),
    Page(segments.sheet, lambda m: segments.tables(m.closing, m.now)),
    Page(_always(scorecards.sheet), lambda m: scorecards.tables(m.closing, m.work, m.now)),
    Page(
        _always(diagnostics.sheet),
        lambda m: diagnostics.tables(m.measures, m.signals, m.aging[0]["tblAging"]),
        diagnostics.blank,
    ),
    Page(_always(listed.sheet), lambda m: listed.tables(m.measures, m.lists)),
    Page(
        _always(forecast.sheet),
        lambda m: joined([forecast.tables(m.closing, m.total), provision.tables(m.closing, m.total)]),
    ),
    Page(_always(rollout.sheet), lambda m: rollout.tables(m.measures), rollout.blank),
    Page(
        calculators.sheet,
        lambda m: calculators.tables(m.closing, m.months, m.headlines),
        calculators.blank,
    ),
    Page(_always(checks.sheet), lambda m: m.checks, last=True),
    Page(_always(imports.sheet), lambda m: imports.tables(m.closing)),
    Page(_always(paid_items.sheet), lambda m: paid_items.tables(m.closing)),
    Page(_always(activity.sheet), lambda m: activity.tables(m.closing)),
    Page(_always(ledger_sheet), lambda m: ledger_sheets.items(m.closing, m.whole)),
    Page(_always(receipts_sheet), lambda m: ledger_sheets.receipts(m.closing, m.whole)),
    Page(_always(customers.sheet), lambda m: customers.tables(m.closing)),
    Page(_always(settings_sheet), lambda m: start.settings(m.closing), start.blank_settings),
    Page(_always(policies.sheet), lambda m: policies.tables(m.closing.settings), policies.tables),
    Page(
        _always(glossary.sheet),
        lambda m: glossary.tables(m.sheets),
        lambda settings: glossary.tables(workbook(settings)),
    ),
)


def workbook(settings: Settings) -> tuple[Sheet, ...]:
    """Return every sheet in the order of the tabs."""
    return tuple(page.sheet(settings) for page in PAGES)
