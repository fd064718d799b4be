"""``voronka broadcast``: looked at before it goes, sent, watched, stopped."""
