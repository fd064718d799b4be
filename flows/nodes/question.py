"""What ``ask`` and ``consent`` share: a place where a prospect rests until an answer or silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from flows.markup import RichText
from flows.messages import Button, Media, MessageKind
from flows.nodes.base import Block, Move, Step
from flows.nodes.silence import Reminder, silence
from flows.reading import key, name

if TYPE_CHECKING:
    from flows.scene import Scene
    from flows.texts import WrittenText


@dataclass(frozen=True, kw_only=True)
class Question(Step):
    """A step that waits for one answer."""

    RESTS: ClassVar[bool] = True

    id: str = key(name, default="")
    silence: tuple[Reminder, ...] | None = key(silence, default=None)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The steps of the last silence item."""
        for item in self.silence or ():
            if item.then is not None:
                yield "silence", item.then

    def enter(self, scene: Scene) -> Move:
        """Ask, and wait."""
        return scene.ask(self)

    def words(self, scene: Scene) -> RichText:
        """What is asked."""
        raise AssertionError(self.VERB)

    def buttons(self, scene: Scene) -> tuple[Button, ...]:
        """The buttons with their frozen meanings, in order."""
        raise AssertionError(self.VERB)

    def pictures(self, words_of: Callable[[WrittenText], str]) -> tuple[Media, ...]:
        """The pictures of its options under their words, to show before the question."""
        return ()

    def shown(self) -> tuple[tuple[Media, ...], MessageKind | None, int | None]:
        """Its media, its kind and how many buttons fit a row."""
        return (), None, None
