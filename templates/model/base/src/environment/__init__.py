"""The model's environment: reading its one environment file and installing what it lists."""
