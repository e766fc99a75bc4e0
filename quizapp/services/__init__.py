"""What people can do: one function, one step in the transaction of its caller."""
