"""What people change of themselves: profile, e-mail address, password."""
