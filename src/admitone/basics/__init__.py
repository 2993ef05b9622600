"""What every floor above stands on: clock, entropy, digests, hashing, logs."""
