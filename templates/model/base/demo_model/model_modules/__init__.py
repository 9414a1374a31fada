"""The model: its data, its code, and the environment file that both need."""
