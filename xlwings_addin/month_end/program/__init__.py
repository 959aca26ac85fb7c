"""The collections program: what it measures, the signals, the rollout."""
