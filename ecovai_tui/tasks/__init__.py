"""What a task is: pure data and pure functions, with no I/O and no clock."""
