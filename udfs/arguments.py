"""The vocabulary of the functions: what each argument means, its unit and how it is read, said once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from udfs import intake
from udfs.errors import IS_BLANK, Amount, is_blank, rank

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument may be, the reader that makes it so, and how a Python caller gives it."""

    name: str
    read: Callable[[object], Any]
    given: str
    words: tuple[str, ...] = ()


_DAY = "a date, its serial number or ISO text"

NUMBER = Kind("number", intake.numbers, "a number, or a list, an array or a Series of them")
"""A number, or a range of them taken element by element."""
DATE = Kind("date", intake.dates, f"{_DAY}, or a list, an array or a Series of them")
"""A date, or a range of them taken element by element."""
NUMBERS = Kind("numbers", intake.numbers, "a list, an array or a Series of numbers")
"""A range of numbers that belong together."""
DATES = Kind("dates", intake.dates, "a list, an array or a Series of dates")
"""A range of dates that belong together."""
TEXTS = Kind("texts", intake.texts, "a list, an array or a Series of texts")
ONE_NUMBER = Kind("one number", intake.single, "a number")
ONE_DATE = Kind("one date", intake.single_date, _DAY)
TEXT = Kind("text", intake.single_text, "a text")
FLAG = Kind("flag", intake.flag, "True or False")
EDGES = Kind("edges", intake.edges, "a list or an array of whole numbers")
ANYTHING = Kind("anything", intake.whatever, "what that function takes")

WORDS = frozenset({"flag", "option", "edges", "text"})
"""Kinds that are never numbers: a float in their place is the NaN that says what was wrong."""


def one_of(*words: str) -> Kind:
    """Return the kind of an argument that is one word out of a few."""
    return Kind("option", intake.option(words), f"one of {', '.join(map(repr, words))}", words)


@dataclass(frozen=True, slots=True)
class Argument:
    """What the function wizard says about one argument."""

    help: str
    unit: str
    kind: Kind = NUMBER


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of one function."""

    name: str
    argument: Argument
    required: bool
    default: Any = None
    repeated: bool = False

    @property
    def help(self) -> str:
        """What the function wizard says about it, its default included."""
        if self.required or self.repeated:
            return self.argument.help
        return f"{self.argument.help} Default {self.default_text}."

    @property
    def default_text(self) -> str:
        """The default as one would type it."""
        if isinstance(self.default, bool):
            return str(self.default).upper()
        if isinstance(self.default, str):
            return f'"{self.default}"'
        if isinstance(self.default, tuple):
            return ", ".join(map(str, self.default))
        return f"{self.default:g}"

    @property
    def unit(self) -> str:
        """Unit of the argument: money, days, date, fraction, times or nothing."""
        return self.argument.unit

    @property
    def kind(self) -> str:
        """What may be given: number, date, numbers, flag, option and so on."""
        return self.argument.kind.name

    @property
    def words(self) -> tuple[str, ...]:
        """The words an option may be."""
        return self.argument.kind.words

    def read(self, given: object) -> Any:
        """Turn what was given into what the arithmetic takes; a blank optional means its default.

        Raises `NotACellError`, a `TypeError`, for what is neither a cell nor a range.
        """
        try:
            value = self.argument.kind.read(given)
        except intake.NotACellError as error:
            raise intake.NotACellError(f"{self.name}: {error}") from None
        if self.required or self.repeated:
            return value
        if isinstance(value, float):
            return self.default if rank(value) == IS_BLANK else value
        if isinstance(value, np.ndarray) and (self.argument.kind is NUMBER or value.size == 1):
            blank = is_blank(value)
            return np.where(blank, self.default, value) if blank.any() else value
        return value


_NO_MIX = "If it includes sales tax, sales must too."

# Balances
Receivables = Annotated[
    Amount,
    Argument(f"Trade receivables: average of the period or at its end, as you choose. {_NO_MIX}", "money"),
]
EndingReceivables = Annotated[
    Amount, Argument("Trade receivables at the end of the period: one balance or a range of them.", "money")
]
ReceivablesByMonth = Annotated[
    Array, Argument("Receivables at the end of each month, in the same order as the sales.", "money", NUMBERS)
]
CurrentReceivables = Annotated[Amount, Argument("Receivables not yet due at the end of the period.", "money")]
OverdueReceivables = Annotated[Amount, Argument("Receivables past their due date at the end of the period.", "money")]
Beginning = Annotated[Amount, Argument("Receivables at the beginning of the period.", "money")]
EndingTotal = Annotated[Amount, Argument("All receivables at the end of the period.", "money")]
EndingCurrent = Annotated[
    Amount, Argument("The part of the ending receivables that is not yet due; not the overdue part.", "money")
]
WriteOffs = Annotated[Amount, Argument("Bad debts written off in the period; below 0, a net recovery.", "money")]
Inventory = Annotated[Amount, Argument("Inventory: average of the period or at its end, as you choose.", "money")]
Payables = Annotated[Amount, Argument("Trade payables: average of the period or at its end, as you choose.", "money")]

# Flows
CreditSales = Annotated[
    Amount,
    Argument(
        "Credit sales of the period: invoices and debit notes less credit notes, without cash sales. Receivables "
        "include sales tax, so use gross sales: gross receivables over net revenue overstates the days.",
        "money",
    ),
]
MonthlySales = Annotated[
    Array,
    Argument("Credit sales by month, newest first unless newest_first is FALSE: one row or column, or a row each.",
             "money", NUMBERS),
]  # fmt: skip
SalesByMonth = Annotated[
    Array, Argument("Credit sales of each month, in the same order as the receivables.", "money", NUMBERS)
]
CostOfSales = Annotated[Amount, Argument("Cost of sales of the period.", "money")]

# Time
Days = Annotated[Amount, Argument("Days in the period of the sales: 30, 90 or 365, for example.", "days")]
YearDays = Annotated[Amount, Argument("Days in the period of the sales.", "days")]
MonthDays = Annotated[
    Amount, Argument("Days in a month: one number, or one per month (calendar days).", "days", NUMBERS)
]
Year = Annotated[Amount, Argument("Days in a year, by your convention: 365 or 360.", "days")]
Months = Annotated[Amount, Argument("Months in the period of the sales; used by the method monthly_average.", "months")]
DueDate = Annotated[Amount, Argument("Date the item falls due.", "date", DATE)]
DueDates = Annotated[Array, Argument("Date each item falls due.", "date", DATES)]
InvoiceDates = Annotated[Array, Argument("Date of each invoice.", "date", DATES)]
PaidDates = Annotated[Array, Argument("Date each invoice was paid; rows without one are left out.", "date", DATES)]
AsOf = Annotated[Amount, Argument("The day to look from: the month end, for example.", "date", DATE)]
AsOfDay = Annotated[float, Argument("The day to look from: the month end, for example.", "date", ONE_DATE)]
NewestFirst = Annotated[bool, Argument("TRUE if the newest month comes first, FALSE if last.", "", FLAG)]

# Results of other functions
CurrentDso = Annotated[Amount, Argument("Days sales outstanding now.", "days")]
TargetDso = Annotated[Amount, Argument("Days sales outstanding aimed at.", "days")]
Dso = Annotated[Amount, Argument("Days sales outstanding (AR_DSO).", "days")]
BestPossibleDso = Annotated[Amount, Argument("Best possible DSO (AR_BEST_POSSIBLE_DSO).", "days")]
Dio = Annotated[Amount, Argument("Days inventory outstanding (AR_DIO).", "days")]
Dpo = Annotated[Amount, Argument("Days payables outstanding (AR_DPO).", "days")]
CashReleased = Annotated[Amount, Argument("Cash released once (AR_CASH_IMPACT).", "money")]
Turnover = Annotated[Amount, Argument("Times receivables turned over in the period (AR_TURNOVER).", "times")]

# Rates and terms
AnnualRate = Annotated[Amount, Argument("Cost of capital per year, as a fraction: 8 % is 0.08.", "fraction")]
Discount = Annotated[Amount, Argument("Discount for early payment, as a fraction: 2 % is 0.02.", "fraction")]
DiscountDays = Annotated[Amount, Argument("Days within which the discount may be taken.", "days")]
NetDays = Annotated[Amount, Argument("Days within which the full amount is due.", "days")]
ExpectedPayDays = Annotated[
    Amount, Argument("Days after which the customer really pays without a discount; not the terms.", "days")
]
LossRates = Annotated[Array, Argument("Expected loss of each bucket, as a fraction.", "fraction", NUMBERS)]

# Items and buckets
Customers = Annotated[NDArray[np.object_], Argument("Customer number of each item; numbers, not names.", "", TEXTS)]
Amounts = Annotated[Array, Argument("Amount of each item; credits are negative.", "money", NUMBERS)]
BucketAmounts = Annotated[Array, Argument("Receivables in each bucket.", "money", NUMBERS)]
BucketNext = Annotated[Amount, Argument("Amount in the next older bucket one month later.", "money")]
BucketBefore = Annotated[Amount, Argument("Amount in the bucket the month before.", "money")]
Edges = Annotated[tuple[int, ...], Argument("Last day of each bucket, inclusive, rising.", "days", EDGES)]
Top = Annotated[float, Argument("How many of the largest customers.", "customers", ONE_NUMBER)]

# Choices
IfExhausted = Annotated[
    str,
    Argument('If the history is too short: "error" shows #N/A, "cap" counts the days at hand, "extrapolate" goes on '
             "at the average daily sales.", "", one_of("error", "cap", "extrapolate")),
]  # fmt: skip
CeiMethod = Annotated[
    str,
    Argument('"standard": write-offs are not collections; "ignore" and "both" treat them as some '
             'systems do; "monthly_average" divides sales by months.',
             "", one_of("standard", "ignore", "both", "monthly_average")),
]  # fmt: skip
Compound = Annotated[bool, Argument("TRUE to compound over the year.", "", FLAG)]
EarlyCounts = Annotated[bool, Argument("TRUE: early payment counts as negative days.", "", FLAG)]
FunctionName = Annotated[str, Argument('Name of the function to explain: "AR_DSO".', "", TEXT)]
Arguments = Annotated[object, Argument("The arguments of that function, in its order.", "", ANYTHING)]
