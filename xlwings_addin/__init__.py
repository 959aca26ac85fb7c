"""Everything that knows Excel, files or a command line; the arithmetic is in `udfs`."""
