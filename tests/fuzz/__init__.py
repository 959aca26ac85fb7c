"""Broken files by the thousand: `python -m tests.fuzz [--count 20000] [--seed S]`, a seed and a number name each."""
