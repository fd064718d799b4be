"""``consent``: a document is shown and agreed to or refused; the answer is kept for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.markup import RichText, Span
from flows.messages import Button
from flows.nodes.base import BELOW, Block, Move, steps
from flows.nodes.question import Question
from flows.reading import key, name
from flows.texts import WrittenText, written_text

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Consent(Question):
    """One document a step, never pre-ticked; not asked again for the version that was agreed to."""

    VERB = "consent"

    consent: str = key(name)
    say: WrittenText | None = key(written_text, default=None)
    agree: WrittenText | None = key(written_text, default=None)
    refuse: WrittenText | None = key(written_text, default=None)
    refused: Block = key(steps, default=())

    def place(self) -> str:
        """Its ``id``, else the document's name."""
        return self.id or self.consent

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What follows a refusal, then what follows silence."""
        yield "refused", self.refused
        yield from super().blocks()

    def enter(self, scene: Scene) -> Move:
        """Ask, unless the person has agreed to this version."""
        if scene.agreed(self.consent):
            scene.note("passed", reason="agreed before", place=scene.place)
            return BELOW
        return super().enter(scene)

    def words(self, scene: Scene) -> RichText:
        """The words before, then the document's title as a link."""
        document = scene.bundle.documents[self.consent]
        before = scene.render(self.say) if self.say else RichText.of(scene.phrase("consent"))
        title = Span(document.title, url=document.url)
        return RichText((*before.spans, Span("\n"), title))

    def buttons(self, scene: Scene) -> tuple[Button, ...]:
        """Agree and refuse."""
        agree = scene.plain(self.agree) if self.agree else scene.phrase("agree")
        refuse = scene.plain(self.refuse) if self.refuse else scene.phrase("refuse")
        return (
            Button(agree, scene.answer_action("agree")),
            Button(refuse, scene.answer_action("refuse")),
        )
