"""ERP exports to one typed ledger, its aging, and its month ends from dated events."""
