"""What a look at a messenger found, without changing anything there."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.hooks import Hook, HookState


@dataclass(frozen=True, slots=True)
class Finding:
    """A word (``account``, ``refused``, ``away``, ``webhook`` …) and facts without secrets."""

    kind: str
    facts: dict[str, str] = field(default_factory=dict)


def hook_findings(hook: Hook, state: HookState) -> list[Finding]:
    """Whether updates come the way that the project says, and what the messenger could not deliver."""
    if not hook.on:
        if not state.host:
            return []
        return [Finding("own_webhook" if state.ours else "webhook", {"host": state.host})]
    if not state.ours:
        kind = "webhook" if state.host else "no_webhook"
        return [Finding(kind, {"host": state.host})]
    found = [Finding("hooked", {"host": state.host})]
    if state.status not in ("", "ok"):
        found = [Finding("unconfirmed", {"status": state.status})]
    if state.lacking:
        found.append(Finding("hook_lacks", {"events": ", ".join(state.lacking)}))
    if state.trouble and state.pending:
        told = {"reason": state.trouble, "n": str(state.pending)}
        found.append(Finding("hook_trouble", told))
    return found
