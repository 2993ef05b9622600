"""What people do with their own films on our pages, beside what apps do for them."""
