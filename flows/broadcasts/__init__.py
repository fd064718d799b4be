"""Broadcasts: one message to many people at once, read, checked and decided on for each person."""
