"""What is remembered: tables, statements, two engines; the only room that knows SQL."""
