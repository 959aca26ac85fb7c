"""The collections week: the worklist and what clerks do about it."""
