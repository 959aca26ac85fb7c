"""TOTVS Protheus: titles receivable, table SE1.

Source: public queries of SE1 (fields; title = prefix, number, instalment; customer = code and store; the balance due
by E1_VENCREA, the working day of E1_VENCTO), and its types in public code: NCC and RA are credits, types that end in
"-" are deducted, PR is provisional. Amounts are positive throughout.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

TITLES = Format(
    name="TOTVS Protheus SE1",
    role="items",
    titles={
        "entity": ("E1_FILIAL",),
        "instalment": ("E1_PARCELA",),
        "kind": ("E1_TIPO",),
        "customer_name": ("E1_NOMCLI",),
        "document_date": ("E1_EMISSAO",),
        "due_date": ("E1_VENCREA", "E1_VENCTO"),
        "currency": ("E1_MOEDA",),
        "amount": ("E1_VALOR",),
        "open_amount": ("E1_SALDO",),
        "settled_date": ("E1_BAIXA",),
    },
    joined={"document_no": ("E1_PREFIXO", "E1_NUM"), "customer_id": ("E1_CLIENTE", "E1_LOJA")},
    needs=("document_no", "customer_id", "kind", "document_date", "due_date", "open_amount"),
    unused=("E1_VENCTO", "E1_NATUREZ", "E1_PORTADO", "E1_SITUACA", "E1_VLCRUZ", "E1_HIST", "E1_VENCORI", "R_E_C_N_O_"),
    values={
        "kind": {
            **dict.fromkeys(("nf", "dp", "ft", "bol", "ch", "cc", "cd", "fi", "r$"), "invoice"),
            "ndc": "debit note",
            **dict.fromkeys(("ncc", "ab-", "ir-", "in-", "is-", "pi-", "cf-", "cs-", "fb-", "fc-"), "credit note"),
            "ra": "payment",
            "*": "",
        },
        # Other currencies are numbered by each company as it likes.
        "currency": {"1": "BRL"},
    },
    leave_out={"kind": ("PR",)},
    dates="dmy",
    signs="by kind",
)
