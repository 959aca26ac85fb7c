"""Programs that measure ours against peers in one run: `python -m tests.benchmarks NAME`."""
