"""What is asked of a world as a whole: everything in it, for its developer's eyes, and to carry it elsewhere."""
