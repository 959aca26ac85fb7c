"""Small Brazilian systems: titles receivable by instalment.

Source: rgrsolucoes.com.br, Títulos a receber (its columns; Data de Liberação is the day the title falls due).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

TITLES = Format(
    name="Títulos a receber",
    role="items",
    titles={
        "entity": ("Filial",),
        "document_no": ("Título",),
        "instalment": ("Número da Parcela",),
        "customer_name": ("Cliente",),
        "document_date": ("Data de Emissão",),
        "due_date": ("Data de Liberação", "Data de Vencimento", "Vencimento"),
        "amount": ("Valor da Parcela",),
        "open_amount": ("Valor a Receber",),
        "paid_amount": ("Valor Recebido",),
        "status": ("Status",),
    },
    needs=("document_no", "customer_name", "document_date", "amount", "open_amount"),
    marks=("Número da Parcela",),
    unused=("Receita", "Setor", "Valor de Acréscimo", "Valor de Desconto", "Recebimento", "Faturamento", "Nota"),
    values={"status": {"recebido": "paid", "cancelado": "void", "estornado": "void"}},
    dates="dmy",
    report=True,
)
