"""What a look at a messenger found, without changing anything there."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """A word (``account``, ``refused``, ``away``, ``webhook`` …) and facts without secrets."""

    kind: str
    facts: dict[str, str] = field(default_factory=dict)
