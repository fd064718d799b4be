"""People who walk through the funnel of the runtime's tests to a lead, as fast as they are answered."""

from collections import Counter

from tests.bots.hooked import GROUP, Hooked

STEPS = (
    ("Какой у вас уровень?", "press", "С нуля"),
    ("Сколько занятий в неделю?", "press", "Два"),
    ("Согласие", "press", "Согласен"),
    ("Ваш телефон?", "write", "+7 916 123-45-67"),
    ("Спасибо! Менеджер позвонит.", "", ""),
)
FIRST_TG, FIRST_VK = 1_000, 5_000


class Walkers:
    """So many people on each messenger; `acts` counts what they did."""

    def __init__(self, house: Hooked, count: int) -> None:
        self._house = house
        self.step: Counter[int] = Counter()
        self.acts: Counter[int] = Counter()
        self.tg = range(FIRST_TG, FIRST_TG + count)
        self.vk = range(FIRST_VK, FIRST_VK + count)
        for number in self.tg:
            house.tg.add_user(number, f"Лена{number}")
        for number in self.vk:
            house.vk.add_user(number, first_name=f"Лена{number}")

    def come(self) -> None:
        """Everybody follows the link."""
        for number in self.tg:
            self._house.tg.people[number].start("promo", bot=self._house.bot)
        for number in self.vk:
            self._house.vk.people.open_link(GROUP, number, "promo")
            self._house.vk.people.start(GROUP, number)
        self.acts.update([*self.tg, *self.vk])

    def walk(self) -> int:
        """Whoever was answered does the next thing; how many steps have been taken in all."""
        for number in (*self.tg, *self.vk):
            if self.step[number] < len(STEPS):
                self._go_on(number)
        return self.step.total()

    @property
    def arrived(self) -> bool:
        """Whether everybody is at the end."""
        return self.step.total() == len(STEPS) * (len(self.tg) + len(self.vk))

    def shown(self, number: int) -> list[str]:
        """What the person sees of the bot."""
        if number in self.tg:
            messages = self._house.tg.people[number].chat(self._house.bot).shown()
            return [message.text for message in messages if message.by_bot]
        messages = self._house.community.dialog(number).messages
        return [message.text for message in messages if message.out]

    def _go_on(self, number: int) -> None:
        words, kind, what = STEPS[self.step[number]]
        if not any(words in text for text in self.shown(number)):
            return
        self.step[number] += 1
        if not kind:
            return
        self.acts[number] += 1
        if number in self.tg:
            person = self._house.tg.people[number]
            (person.press if kind == "press" else person.write)(what, bot=self._house.bot)
        elif kind == "press":
            self._house.vk.people.press(GROUP, number, what)
        else:
            self._house.vk.people.write(GROUP, number, what)
