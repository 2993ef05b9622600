"""A forward proxy for programs that know TMDB's address only: it leads them to a sandbox, and to nobody else."""
