"""What happens: one coroutine per event, run in one transaction."""
