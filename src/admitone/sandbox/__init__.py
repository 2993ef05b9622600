"""The sandbox: the same wire and pages with a world made ready, for people who develop and test apps."""
