"""Ledgers that are known, written in layouts that are not: what the reader makes of them is compared with the truth.

`python -m tests.layouts --seed 1 --files 300` tells how many files of each kind of layout are read right, asked about,
refused or read wrong. Headings come from `headings.csv`, each with the system that writes it, never from the reader.
"""
