"""The pages of a person's own films: what they rated, keep and put on lists, and how they change it by hand."""
