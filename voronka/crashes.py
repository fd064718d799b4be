"""A fault of the program itself, told by its type and place: its own words may be a person's."""

from __future__ import annotations

import os

from voronka.alarms import Alarms
from voronka.logbook import FORM_VARIABLE, facts_of
from voronka.speech import Speech, chosen_language


def tell(error: Exception) -> None:
    """Log the fault; who sends us the line shows nobody's data."""
    form = os.environ.get(FORM_VARIABLE, "")
    Alarms(Speech(chosen_language()), "json" if form == "json" else "text")(
        "crash", facts_of(error)
    )
