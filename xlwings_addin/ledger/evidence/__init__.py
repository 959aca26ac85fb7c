"""How a table that no system's format knows is read: words, shapes and arithmetic give each column its role.

`roles` says which words name a role and what its values can be, `identities` which sums hold between roles, `columns`
what the values of a column are, `search` finds the reading that most speaks for, and `table` puts it together.
"""
