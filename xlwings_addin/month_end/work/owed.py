"""An open debit item as worklist and reminders see it: what is owed, how late, and what credits pay of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlwings_addin.ledger.values import DEBIT_NOTE
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from xlwings_addin.month_end.work.stages import Stage

_ENTITY, _CUSTOMER, _KIND, _DOCUMENT, _INSTALMENT = (
    ITEM_KEY.index(name) for name in ("entity", "customer_id", "kind", "document_no", "instalment")
)


@dataclass(frozen=True, slots=True)
class Item:
    """One open debit item on a day; amounts in minor units of its currency."""

    place: int
    """Its number among the open items of the day."""
    key: tuple[str, ...]
    """As in `ITEM_KEY`."""
    customer_name: str
    document_date: int | None
    due: int | None
    currency: str
    amount: int
    days: int | None
    """Days past due; None without a due date."""
    covered: int
    """What credits not yet applied pay of it."""
    proposed: bool
    """Whether they should pay all of it, as "Credits to apply" proposes."""
    worth: float
    """What they leave of it in the base currency; infinite where a rate is missing, for it may be large."""
    disputed: bool
    dispute_code: str
    promise_date: int | None
    stage: Stage | None = None
    """The stage that its account gives it, once that is known."""

    @property
    def entity(self) -> str:
        """The company that issued it."""
        return self.key[_ENTITY]

    @property
    def customer(self) -> str:
        """The customer's number."""
        return self.key[_CUSTOMER]

    @property
    def document(self) -> str:
        """The number of the invoice."""
        return self.key[_DOCUMENT]

    @property
    def instalment(self) -> str:
        """Which part of the invoice it is, if it is one."""
        return self.key[_INSTALMENT]

    @property
    def is_debit_note(self) -> bool:
        """Whether it is a debit note, and no invoice."""
        return self.key[_KIND] == DEBIT_NOTE

    @property
    def left(self) -> int:
        """What credits leave of it."""
        return self.amount - self.covered
