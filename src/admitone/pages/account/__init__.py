"""What people see of their own account: one frame, and the pages in it."""
