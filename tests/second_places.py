"""The measures of a workbook once more: by the command, added up from its lists, or worked out as they are defined.

As plainly as an auditor would with a filter and a sum. Nothing that makes the sheets is asked, but for what the
command prints as JSON, which counts as one place.
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from statistics import fmean

from measured import ALL, document

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.sheets.collections import PARTS

NAMED = {"receivables": "Receivables", "current": "Current", "overdue": "Overdue", "credit_sales": "Credit sales",
         "cash": "Cash", "write_offs": "Write-offs", "dso": "DSO", "dso_countback": "DSO countback",
         "best_possible_dso": "Best possible DSO", "ddso": "DDSO", "cei": "CEI"}  # fmt: skip


def rate_of(settings, currency, day):
    """What a currency is worth on a day."""
    dated = [one for one in settings.rates if one.currency == currency and one.date <= f"{day:%Y-%m-%d}"]
    return max(dated, key=lambda one: one.date).rate if dated else 1.0


def by(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(str(row[key] or "") for key in keys)].append(row)
    return groups


def total(rows, key):
    return math.fsum(row[key] or 0.0 for row in rows)


def commands(w, ledger, settings):
    """What `receivables metrics` and `receivables aging` print."""
    for month in metrics(history(ledger, w.as_of.date(), settings=settings), window=settings.dso_window):
        day = dt.datetime.fromisoformat(month["month_end"])
        for key, name in NAMED.items():
            if month[key] is not None:
                yield name, ALL, day, month[key]
    for part in aging_json(age(ledger, w.as_of.date(), settings, by="customer"))["by_currency"]:
        yield "Balance of a currency", ("currency", part["currency"]), w.as_of, part["total"]
        for label, amount in part["buckets"].items():
            yield "Aged amount of a currency", ("currency", part["currency"], label), w.as_of, amount
        for group in part["groups"]:
            whose = ("account", group["key"], part["currency"])
            yield "Balance", whose, w.as_of, group["total"]
            for label, amount in group["buckets"].items():
                yield "Aged amount of an account", (*whose, label), w.as_of, amount


def ledger_rows(w, settings):
    """What the rows of Ledger add up to."""
    items = [row for row in w.rows["tblItems"] if row["open_at"]]
    every = total(items, "open_base")
    yield "Tie-outs", ("place", "aging_ledger"), every
    yield "Tie-outs", ("place", "aging_difference"), 0
    for dimension in ("region", "tier", "owner", "entity", "currency"):
        for (part,), rows in by(items, dimension).items():
            whose = (dimension, part or f"(no {dimension})")
            yield "Open items", whose, len(rows)
            yield "Customers with open items", whose, len(by(rows, "customer_id"))
            yield "Receivables", whose, total(rows, "open_base")
            yield "Share of receivables", whose, total(rows, "open_base") / every
    for (account,), rows in by(items, "customer_id").items():
        yield "Receivables", ("account", account), total(rows, "open_base")
        yield "Share of receivables", ("account", account), total(rows, "open_base") / every
        yield "Open items", ("account", account), len(rows)
    aged = [row for row, left in net_of_credits(w) if left] if settings.credits == "against oldest" else items
    for (label,), rows in by(aged, "bucket").items():
        yield "Items in a bucket", ("bucket", label), len(rows)
        yield "Customers in a bucket", ("bucket", label), len(by(rows, "customer_id"))
    for (account, currency), rows in by(aged, "customer_id", "currency").items():
        late = [row["days_past_due"] for row in rows if row["open_at"] > 0 and row["days_past_due"] is not None]
        if late:
            yield "Oldest item", ("account", account, currency), max(late)
    disputed = {document(row) for row in items if row["disputed"] == "yes" or row["dispute_code"]}
    disputed |= {document(row) for row in w.rows["tblWorklist"] if row["in_dispute"]}
    yield "Disputed items", ALL, len(disputed)
    owners = {row["customer_id"]: row["owner"] or "(no owner)" for row in w.rows["tblAging"]}
    for owner, accounts in Counter(owners.values()).items():
        yield "Accounts", ("owner", owner), accounts
    yield "Accounts", ALL, len(owners)


def net_of_credits(w):
    """Open items of Ledger with what is left when the credits of each account have paid its oldest; credits last."""
    items = [row for row in w.rows["tblItems"] if row["open_at"]]
    for (_, _, currency), rows in by(items, "customer_id", "entity", "currency").items():
        given = [row for row in rows if row["open_at"] < 0]
        credit = -total(given, "open_at")
        # What has no due date waits behind what has one.
        for row in sorted((r for r in rows if r["open_at"] > 0), key=lambda r: r["due_date"] or dt.datetime.max):
            paid = min(credit, row["open_at"])
            credit, left = credit - paid, row["open_at"] - paid
            yield row, round(left, minor_digits(currency))
        # The newest of the credits are what is left of them.
        for row in sorted(given, key=lambda r: r["document_date"], reverse=True):
            left = max(-round(credit, minor_digits(currency)), row["open_at"])
            credit += left
            yield row, left


def to_pay(w):
    """Debit items of Ledger with what credits leave of them: of what is late, what "Credits to apply" names goes first.

    Whatever is late goes before what is not, and of what a credit does not pay in full the oldest.
    """
    items = [row for row in w.rows["tblItems"] if row["open_at"]]
    named = {
        (row["customer_id"], row["entity"], row["currency"], one)
        for row in w.rows["tblCredits"]
        if row["match"] != "nothing open"
        for one in (row["apply_to"] or "").split(", ")
    }
    for (customer, entity, currency), rows in by(items, "customer_id", "entity", "currency").items():
        credit = -math.fsum(row["open_at"] for row in rows if row["open_at"] < 0)

        def place(row, whose=(customer, entity or None, currency)):
            name = f"{row['document_no']}/{row['instalment']}" if row["instalment"] else str(row["document_no"])
            late = (row["days_past_due"] or 0) > 0
            return not late, (*whose, name) not in named, row["due_date"] or dt.datetime.max

        for row in sorted((r for r in rows if r["open_at"] > 0), key=place):
            paid = min(credit, row["open_at"])
            credit -= paid
            yield row, round(row["open_at"] - paid, minor_digits(currency))


def asked_late(rows, worth, least):
    """How late at least a minimum of some items is: those latest first, until together they reach it; 0 if never."""
    late = sorted((row for row in rows if (row["days_past_due"] or 0) > 0), key=lambda row: -row["days_past_due"])
    found = (row for at, row in enumerate(late) if 0 < math.fsum(map(worth, late[: at + 1])) >= least - 1e-9)
    return next(found, {"days_past_due": 0})["days_past_due"]


def credits_applied(w, settings):
    """What credits leave of every item and of what each account owes past due, and how late that is."""
    left = {document(row): (row, rest) for row, rest in to_pay(w)}
    for whose, (_, rest) in left.items():
        yield "Net of credits", whose, rest
    least = w.field("minimum_for_reminder")
    for (account,), rows in by([row for row, _ in left.values()], "customer_id").items():

        def worth(row):
            return left[document(row)][1] * rate_of(settings, row["currency"], w.as_of)

        late = [row for row in rows if (row["days_past_due"] or 0) > 0]
        yield "Net overdue", ("account", account), math.fsum(map(worth, late))
        yield "Days past due of the account", ("account", account), asked_late(late, worth, least)


def a_month_before(w, ledger, settings):
    """What `receivables aging` printed at the end of the month before: what of it stood in each bucket."""
    month = w.rows["tblMonthly"][-1]
    before = (month["month_end"] - dt.timedelta(month["days"])).date()
    buckets = aging_json(age(ledger, before, settings))["buckets"]
    # A roll rate is of debts alone, and of several currencies both its figures are at the rates of today.
    plain = len(w.rows["tblAgingTotals"]) == 1 and settings.credits != "by own date"
    for at, row in enumerate(w.rows["tblRolls"] if plain else ()):
        yield "Rolled", ("place", "tblRolls[before]", at), buckets[row["bucket"]]


def months(w, settings):
    """Figures of the month by the rows of Monthly, as they are defined."""
    rows = w.rows["tblMonthly"]
    for at, row in enumerate(rows):
        day, run = row["month_end"], 1
        while run <= at and rows[at - run + 1]["month_end"] - rows[at - run]["month_end"] == dt.timedelta(
            rows[at - run + 1]["days"]
        ):
            run += 1
        yield "Months in a row", ALL, day, run
        if isinstance(row["dso"], float) and row["dso"]:
            yield "Turnover", ALL, day, 365 / row["dso"]
        moved = math.fsum(row[key] for key in ("opening", "credit_sales", "exchange"))
        moved -= math.fsum(row[key] for key in ("credit_notes", "discounts", "cash", "write_offs"))
        yield "Roll-forward difference", ALL, day, round(moved - row["receivables"], 2)
    now = rows[-1]
    dso = now["dso_countback"] if now["trust"] == "Countback" else now["dso"]
    yield "DSO to trust", ALL, w.as_of, dso
    per_day = now["window_sales"] / now["window_days"]
    for at, row in enumerate(w.rows["tblCash"]):
        yield "Cash of days less", ("place", "tblCash[cash]", at), w.as_of, row["days"] * per_day
        yield "Cash of days less", ("place", "tblCash[days]", at), w.as_of, row["days"]
    if settings.benchmark_dso:
        yield "Gap to peers", ALL, w.as_of, dso - settings.benchmark_dso
        yield "Cash of the gap to peers", ALL, w.as_of, (dso - settings.benchmark_dso) * per_day
    headlines = {"receivables": "receivables", "overdue": "overdue", "dso": "dso", "cei": "cei", "ddso": "ddso",
                 "best": "best_possible_dso", "sales": "net_sales", "dso_countback": "dso_countback"}  # fmt: skip
    for suffix, back in (("month", 1), ("year", None)):
        year = [r for r in rows if abs((w.as_of - r["month_end"]).days - 365) < 14]
        then = rows[-2] if back else year[0] if year else None
        for name, key in headlines.items() if then else ():
            if all(isinstance(row[key], int | float) for row in (now, then)):
                what = "Change on the month" if back else "Change on the year"
                yield what, ("place", f"kpi_{name}_{suffix}"), w.as_of, now[key] - then[key]
    for name in ("dso", "cei", "ddso"):
        target = getattr(settings, f"target_{name}")
        yield "Gap to target", ("place", f"kpi_{name}_target"), w.as_of, now[name] - target
        if name != "ddso":
            for at in range(len(rows)):
                yield "Targets", ("place", f"tblMonthly[target_{name}]", at), w.as_of, target
    for back in range(min(12, now["run"])):
        sales = rows[-1 - back]["net_sales"]
        yield "Sales and days of the countback", ("place", f"calc_sales_{back + 1}_now"), w.as_of, sales
    yield "Sales and days of the countback", ("place", "calc_back_days_now"), w.as_of, now["days"]


def flows(w):
    """What the rows of Ledger and Receipts move in a month, and in 91 days; of a ledger of one currency."""
    items = [row for row in w.rows["tblItems"] if row["document_date"] <= w.as_of]
    receipts = [row for row in w.rows["tblReceipts"] if row["date"] <= w.as_of]
    if len(by(items, "currency")) > 1:
        return
    for row in w.rows["tblMonthly"]:
        first, last = row["month_end"] - dt.timedelta(row["days"]), row["month_end"]
        notes = [r["amount"] for r in items if r["kind"] == "credit note" and first < r["document_date"] <= last]
        yield "Credit notes", ALL, last, -math.fsum(notes)
        taken = [r["amount"] for r in receipts if r["kind"] == "discount" and first < r["date"] <= last]
        yield "Discounts", ALL, last, math.fsum(taken)
    start = w.as_of - dt.timedelta(91)
    sold = math.fsum(r["amount"] for r in items if r["kind"] != "payment" and r["document_date"] > start)
    now = w.rows["tblMonthly"][-1]
    yield "DSO of 91 days", ALL, w.as_of, now["receivables"] / sold * 91
    yield "DDSO of 91 days", ALL, w.as_of, now["overdue"] / sold * 91
    opening = math.fsum(r["amount"] for r in items if r["document_date"] <= start)
    opening -= math.fsum(r["amount"] for r in receipts if r["date"] <= start)
    lost = math.fsum(r["amount"] for r in receipts if r["kind"] == "write-off" and r["date"] > start)
    collected = opening + sold - lost - now["receivables"]
    yield "CEI of 91 days", ALL, w.as_of, collected / (opening + sold - now["current"])


def parts(w):
    """Shares of what other sheets show."""
    accounts = {name: total(rows, "base") for (name,), rows in by(w.rows["tblAging"], "customer_id").items()}
    largest = sorted((amount for amount in accounts.values() if amount > 0), reverse=True)
    top = w.rows["tblTop"]
    for at, row in enumerate(top):
        called = (r for r in w.rows["tblAging"] if row["customer"] in (r["customer_name"], r["customer_id"]))
        ids = {r["customer_id"] for r in called}
        if len(ids) == 1:
            whose = ("account", *ids)
            yield "Share of positive balances", whose, accounts[whose[1]] / sum(largest)
            yield "Share of the largest", whose, sum(largest[: at + 1]) / sum(largest)
    yield "Share of the top customers", ALL, sum(largest[: len(top)]) / sum(largest)
    status = {row["segment"]: row["receivables"] for row in w.rows["tblByStatus"]}
    receivables = w.field("aging_total")
    yield "Over 60", ALL, (status["61-90"] + status["90+"]) / receivables
    for label, amount in status.items():
        yield "Share of receivables", ("bucket", label), amount / receivables
    for table in ("region", "tier", "owner", "entity", "currency"):
        for row in w.rows[f"tblBy{table.capitalize()}"]:
            if row["receivables"]:
                yield "Overdue share", (table, row["segment"]), row["overdue"] / row["receivables"]
    for at, row in enumerate(w.rows["tblCalcMix"]):
        if row["now"] is not None and receivables:
            yield (
                "Mix of the calculators",
                ("place", "tblCalcMix[now]", at),
                w.rows["tblMix"][-1][row["bucket"]]
                / (sum(status[label] for label in status if label in {r["bucket"] for r in w.rows["tblCalcMix"]})),
            )


def worked(w, settings):
    """The collections week by the rows of the worklist, of Activity and of the promises."""
    rows = w.rows["tblWorklist"]
    accounts = {name: own for (name,), own in by(rows, "customer_id").items()}
    yield "Worklist counts", ("place", "worklist_items"), len(rows)
    yield "Worklist counts", ("place", "worklist_accounts"), len(accounts)
    yield (
        "Worklist counts",
        ("place", "worklist_over_90"),
        sum((row["days_past_due"] or 0) > 90 and row["net"] > 0 for row in rows),
    )
    grace = dt.timedelta(settings.promise_grace)
    stakes = {name: own[0]["account_stake"] for name, own in accounts.items()}
    yield "At stake in the first accounts", ALL, sum([*stakes.values()][:30])
    yield "Most at stake", ALL, sum(sorted(stakes.values())[-30:])
    for name, own in accounts.items():
        free = [
            row
            for row in own
            if (row["days_past_due"] or 0) > 0 and not row["in_dispute"] and row["promise"] != "open"
            if row["promise_date"] is None or row["promise_date"] + grace < w.as_of
        ]

        def worth(row):
            return row["net"] * rate_of(settings, row["currency"], w.as_of)

        yield "At stake", ("account", name), math.fsum(map(worth, free))
        days = asked_late(free, worth, w.field("minimum_for_reminder"))
        others = (part for part in PARTS if part != "exposure")
        points = sum(getattr(settings, f"weight_{part}") * own[0][PARTS[part][0]] for part in others)
        full = settings.weight_exposure * 100
        most = max(stakes.values())
        for at, row in enumerate(rows):
            if row["customer_id"] == name:
                exposure = math.floor(stakes[name] / most * 10_000 + 0.5) / 100
                yield "Points", ("place", "tblWorklist[exposure_points]", at), exposure
                aged = math.floor(min(days / 180, 1) * 100 + 0.5)
                yield "Points", ("place", "tblWorklist[age_points]", at), aged
        yield "Score", ("account", name), own[0]["exposure_points"] / 100 * (full + points)
    receivables = w.field("aging_total")
    for name, share in (("reminder", 0.00005), ("escalation", 0.0002), ("letter", 0.001)):
        worth = max(receivables * share, 10)
        step = 10 ** (math.floor(math.log10(worth)) - 1)
        yield "Minimum", ("place", f"minimum_for_{name}"), round(worth / step) * step
    overdue = {name: own[0] for name, own in accounts.items() if own[0]["account_oldest"]}
    silent = ("review", "credit", "hold")
    spoken = by([r for r in w.rows["tblActivity"] if r["date"] and r["kind"] not in silent], "customer_id")
    waits = {}
    for name, row in overdue.items():
        due = w.as_of - dt.timedelta(row["account_oldest"])
        ahead = dt.timedelta(min(0, *settings.reminder_days))
        days = [(r["date"] - due).days for r in spoken.get((name,), ()) if due + ahead <= r["date"] <= w.as_of]
        waits[name] = max(min(days), 0) if days else None
    so_far = {name: overdue[name]["account_oldest"] if wait is None else wait for name, wait in waits.items()}
    yield "Late first contact", ALL, sum((wait or 0) > settings.signal_first_contact_days for wait in waits.values())
    owners = {row["customer_id"]: row["owner"] or "(no owner)" for row in w.rows["tblCustomers"]}
    month = w.rows["tblMonthly"][-1]
    since = month["month_end"] - dt.timedelta(month["days"])
    promises = {
        (row["customer_id"], row["document_no"], row["for_date"]): row[made]
        for table, made in (("tblPromises", "seen"), ("tblActivity", "date"))
        for row in w.rows[table]
        if row.get("kind") == "promise" or table == "tblPromises"
    }
    promises = [one for one, made in promises.items() if made <= one[2] and since <= one[2] + grace < w.as_of]
    documents = by(w.rows["tblItems"], "customer_id", "document_no")
    paid = {key: total(rows, "open_at") == 0 for key, rows in documents.items()}
    late = by(w.rows["tblReceipts"], "customer_id", "document_no")
    lines = {
        (row["customer_id"], row["document_no"])
        for row in w.rows["tblActivity"]
        if row["date"] and since < row["date"] <= w.as_of and (row["customer_id"] or row["document_no"])
    }
    for owner in {*owners.values(), None}:
        whose = ("owner", owner) if owner else ALL
        own = [name for name in overdue if owner in (None, owners[name])]
        yield "Overdue accounts", whose, len(own)
        yield "Overdue without contact", whose, sum(waits[name] is None for name in own)
        if own:
            yield "Days to first contact", whose, fmean(so_far[name] for name in own)
        yield "Items worked", whose, sum(owner in (None, owners.get(name)) for name, _ in lines)
        made = [one for one in promises if owner in (None, owners[one[0]])]
        kept = sum(
            paid[customer, number] and all(r["date"] <= day + grace for r in late[customer, number])
            for customer, number, day in made
        )
        yield "Promises due", whose, len(made)
        yield "Promises kept", whose, kept
        if made:
            yield "Promises kept, share", whose, kept / len(made)


def program(w, settings):
    """Signals, disputes, phases and offers by what they count."""
    verdicts = Counter(row["verdict"] for row in w.rows["tblSignals"])
    for name, verdict in (("act", "Act"), ("look", "Look"), ("unknown", "Not known")):
        yield "Verdicts", ("place", f"diagnostics_{name}"), verdicts[verdict]
    lists = by(w.rows["tblSignalLists"], "list")
    for at, row in enumerate(w.rows["tblSignals"]):
        if rows := lists.get((row["signal"],)):
            yield "Money behind a signal", ("place", "tblSignals[money]", at), total(rows, "amount")
    reasons, disputed = w.rows["tblDisputes"], lists.get(("Disputes by reason",), [])
    for at, row in enumerate(reasons):
        own = [one for one in disputed if row["code"] in one["why"]]
        yield "Disputed amount", ("place", "tblDisputes[amount]", at), total(own, "amount")
        yield "Disputed items", ("reason", row["code"]), len(own)
        if row["change"] is not None:
            yield "Disputed items at the baseline", ("place", "tblDisputes[change]", at), row["items"] - row["before"]
    for at, row in enumerate(w.rows["tblRolls"]):
        if row["before"]:
            yield "Roll rate", ("place", "tblRolls[rate]", at), row["rolled"] / row["before"]
    short = {"New on the list": "new", "Paid in part": "paid in part", "Promise broken": "promise broken",
             "Over 90 days now": "over 90 days", "Newly disputed": "disputed"}  # fmt: skip
    for at, row in enumerate(w.rows["tblChanges"]):
        if row["change"] in short:
            own = [one for one in w.rows["tblWorklist"] if short[row["change"]] in (one["changed"] or "").split(", ")]
            yield "Changes", ("place", "tblChanges[items]", at), len(own)
    actions = w.rows["tblRollout"]
    done = [row for row in actions if (row["status"] or row["suggested"]) == "Done"]
    yield "Progress of the program", ("place", "program_done"), len(done)
    for at, row in enumerate(w.rows["tblPhases"]):
        for key, those in (("actions", actions), ("done", done)):
            counted = sum(one["phase"] == row["phase"] for one in those)
            yield "Progress of the program", ("place", f"tblPhases[{key}]", at), counted
    for at, row in enumerate(w.rows["tblOffers"]):
        if row["discount"]:
            cost = row["discount"] / (1 - row["discount"]) * 365 / (row["net_days"] - row["discount_days"])
            yield "Cost of an offer", ("place", "tblOffers[cost]", at), cost


def to_come(w):
    """Forecast, back-test and provision by the figures they are made of."""
    weeks = [row for row in w.rows["tblForecast"] if row["overdue"] is not None]
    sum_so_far = 0.0
    for at, row in enumerate(weeks):
        expected = row["overdue"] + row["not_due"] + row["promised"]
        sum_so_far += expected
        yield "Expected cash", ("place", "tblForecast[expected]", at), expected
        yield "Expected cash", ("place", "tblForecast[cumulative]", at), sum_so_far
    if weeks:
        yield "Expected cash", ("place", "forecast_in_weeks"), sum_so_far
        yield "Expected cash", ("place", "forecast_total"), w.field("aging_total")
    tested = by(w.rows["tblBacktestWeeks"], "as_of")
    for at, row in enumerate(w.rows["tblBacktest"]):
        own = tested[(str(row["as_of"]),)]
        received = total(own, "received")
        yield "Error of the forecast", ("place", "tblBacktest[received]", at), received
        if received:
            wrong = math.fsum(abs(one["forecast"] - one["received"]) for one in own)
            yield "Error of the forecast", ("place", "tblBacktest[error]", at), wrong / received
    rates = [row for row in w.rows["tblProvision"] if row["used"] is not None]
    for at, row in enumerate(w.rows["tblProvision"]):
        if row["used"] is not None:
            yield "Provision", ("bucket", row["bucket"]), row["open"] * row["used"]
            used = row["learned"] if row["typed"] is None else row["typed"]
            yield "Loss rate", ("place", "tblProvision[used]", at), used
    if len(rates) == len(w.rows["tblProvision"]):
        provision = math.fsum(row["open"] * row["used"] for row in rates)
        yield "Provision", ALL, provision
        yield "Provision share", ALL, provision / w.field("aging_total")


def again(w, ledger, settings):
    """Every figure a second time: measure, whose, day, from where, value."""
    dated = {
        "the command": commands(w, ledger, settings), "rows of Monthly": months(w, settings), "flows": flows(w),
    }  # fmt: skip
    for place, found in dated.items():
        yield from ((name, whose, day, place, value) for name, whose, day, value in found)
    of_day = {
        "rows of Ledger": ledger_rows(w, settings), "credits applied": credits_applied(w, settings), "parts": parts(w),
        "rows of Collections": worked(w, settings), "lists": program(w, settings),
        "aging before": a_month_before(w, ledger, settings), "parts of the forecast": to_come(w),
    }  # fmt: skip
    for place, found in of_day.items():
        yield from ((name, whose, w.as_of, place, value) for name, whose, value in found)
