"""What people test their apps with: a pytest plugin, and the same from any other Python program."""
