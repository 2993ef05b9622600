"""What people see: pages in HTML, from the route table to the answer."""
