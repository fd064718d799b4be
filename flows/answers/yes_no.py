"""Yes or no."""

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.matching import plain, words

_BUTTONS = {"ru": ("Да", "Нет"), "en": ("Yes", "No")}
_YES = {
    *("да", "ага", "угу", "конечно", "хорошо", "ок", "давайте", "согласен", "согласна", "верно"),
    *("yes", "y", "yep", "yeah", "ok", "okay", "sure", "+", "👍"),
}
_NO = {
    *("нет", "неа", "не", "отказываюсь", "никогда", "no", "n", "nope", "never", "-", "👎"),
    *("надо", "хочу", "нужно"),  # only ever beside «не»: see below
}
_ONLY_AFTER_NOT = {"надо", "хочу", "нужно"}
_POLITE = {"спасибо", "пожалуйста", "please", "thanks", "thank", "you"}

_HINTS = {
    "yes_no_form": ("Ответьте «да» или «нет».", "Please answer “yes” or “no”."),
}


@dataclass(frozen=True)
class YesNo:
    """A boolean: the two buttons, or the words people use for them in either language."""

    name: ClassVar[str] = "yes_no"
    value_type: ClassVar[ValueType] = "boolean"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> bool | Bad:
        """Return the boolean when every word of the message says the same."""
        said = set(words(typed) or [plain(typed)]) - _POLITE
        if said and said <= _YES:
            return True
        if said and said <= _NO and not (said & _ONLY_AFTER_NOT and "не" not in said):
            return False
        return Bad("yes_no_form")

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return the texts of yes and no."""
        return _BUTTONS["ru" if language == "ru" else "en"]
