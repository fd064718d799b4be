"""Prospects who do not exist, played on the real engine with a virtual clock."""
