"""What people see of how their account is protected: passkeys, authenticator app, recovery codes, app passwords."""
