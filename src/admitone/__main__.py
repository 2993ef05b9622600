"""This file lets `python -m admitone` do what `admitone` does."""

from admitone.cli import main

main()
