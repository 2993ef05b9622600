"""What happens to titles and what people think of them: ratings, marks, lists, the catalogue."""
