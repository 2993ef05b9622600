"""What programs see: TMDB's JSON interface, from the route table to the answer."""
