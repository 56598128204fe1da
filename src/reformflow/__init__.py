"""Policy as executable, provable state machines."""
