"""ERP exports to one typed ledger, its aging, and its month ends from dated events.

`reader.read_ledger` reads files, `position.open_at` says what was open on a day, `age_analysis.age` puts it in
columns, `history.history` gives every month end and `metrics.metrics` its ratios.
"""
