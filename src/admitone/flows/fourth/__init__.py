"""What happens by the fourth generation: its forms of lists, marks, ratings, and what it recommends."""
