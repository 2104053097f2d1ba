"""The families of tasks, one module each: how a gateway is asked for them, and how its answers are read."""
