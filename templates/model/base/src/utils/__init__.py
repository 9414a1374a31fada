"""Small pieces that several tasks share."""
