"""What the law wants under an advert, and the way to unsubscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.markup import RichText, Span

if TYPE_CHECKING:
    from flows.nodes.message_keys import MessageStep
    from flows.scene import Scene


def with_marks(scene: Scene, rich: RichText, step: MessageStep) -> RichText:
    """The text with both of them below."""
    lines = []
    if step.erid or step.advertiser:
        words = [scene.phrase("advert"), step.advertiser, step.erid and f"erid: {step.erid}"]
        lines.append(" ".join(word for word in words if word))
    lines.append(scene.phrase("unsubscribe"))
    return RichText((*rich.spans, Span("\n\n" + "\n".join(lines))))
