"""What happens to a world as a whole: it is looked at, emptied, written down, filled again."""
