"""The ribbon's buttons, a module a group: each reads, calls and writes; what they compute stands elsewhere."""
