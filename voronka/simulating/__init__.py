"""``voronka simulate``: one prospect as a calendar, or thousands as figures."""
