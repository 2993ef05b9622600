"""The write firewall before the real TMDB: what is everybody's is read there, what is somebody's stays here."""
