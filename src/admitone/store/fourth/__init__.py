"""What is remembered for the fourth generation: its forms of lists, marks and ratings."""
