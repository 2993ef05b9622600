"""What the pages of a person's films ask beside what the wire asks."""
