"""Proof by outside programs: the validator of Microsoft's SDK, LibreOffice, poppler.

Every helper here asks for its tools by itself (`rungs.tools.needs`): without them the calling test is
skipped by name, or fails where RECEIVABLES_REQUIRE_TOOLS=1 says that everything must run.
"""
