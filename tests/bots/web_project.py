"""A project with three web chats: a funnel to a lead, an English one, one of files of all kinds."""

from flows.loading import Loaded, bundle_of, load
from flows.program import Bundle

PROJECT = """
project: london_bridge
timezone: Europe/Moscow
bots:
  site: {channel: web, funnels: [english_school]}
  shop: {channel: web, funnels: [gifts]}
  lessons: {channel: web, funnels: [gallery]}
documents:
  personal_data: {title: Согласие на обработку персональных данных, version: 3, url: "https://example.ru/pd"}
teams:
  sales: {hours: mon-fri 10:00-19:00}
"""
SCHOOL = """
funnel: english_school
title: Школа «Лондонский мост»
language: ru
entry:
  - start
  - link: ads_may
    set: {source: Реклама в мае}
fields:
  level: {label: Уровень}
  phone: {label: Телефон, type: phone}
flows:
  main:
    - ask: >-
        Здравствуйте! Это школа **«Лондонский мост»**. За неделю пришлём два видеоурока и позовём
        на бесплатную консультацию.
      id: hello
      options:
        Присылайте: []
        Не сейчас: [Хорошо! Напишите, когда будет удобно., end]
    - ask: Какой у вас сейчас уровень?
      save: level
      options: [С нуля, Читаю со словарём, Разговариваю]
    - consent: personal_data
      refused: [{say: Без согласия мы не можем позвонить.}, end]
    - ask: Оставьте телефон — позвоним и подберём время.
      save: phone
      answer: phone
    - lead: Бесплатная консультация
      team: sales
    - say: Спасибо! Менеджер напишет вам _в рабочее время_. А пока — первый урок.
      photo: media/lesson.png
      buttons: [{text: Смотреть урок, url: "https://example.ru/1", track: video_1}]
"""
GIFTS = """
funnel: gifts
title: Gift shop
language: en
entry: [start]
flows:
  main: [Hello from the gift shop!]
"""
GALLERY = """
funnel: gallery
title: Студия «Северный свет»
language: ru
entry: [start]
flows:
  main:
    - say: Так проходит занятие.
      photo: [media/one.png, media/two.png, media/three.png]
      video: media/film.webm
    - say: Послушайте и возьмите с собой.
      audio: media/tone.wav
      voice: media/hello.wav
      document: media/price.pdf
    - ask: Какой цвет стен выбрать?
      save: colour
      options:
        - {text: Синий, photo: media/one.png}
        - {text: Зелёный, photo: media/two.png}
        - {text: Кирпичный, photo: media/three.png}
      silence: [{after: 1d, then: [end]}]
    - Записали {{ colour }}.
"""
MEDIA = ("lesson.png", "one.png", "two.png", "three.png", "film.webm", "tone.wav", "hello.wav")


def read_project() -> Loaded:
    """The project, read; its files are right."""
    files = {
        "voronka.yaml": PROJECT,
        "funnels/english_school.yaml": SCHOOL,
        "funnels/gifts.yaml": GIFTS,
        "funnels/gallery.yaml": GALLERY,
    }
    encoded = {name: text.encode() for name, text in files.items()}
    sizes = dict.fromkeys((f"funnels/media/{name}" for name in (*MEDIA, "price.pdf")), 1)
    loaded = load(encoded, sizes, "2026-03-05")
    assert not loaded.errors, loaded.errors
    return loaded


def bundles() -> dict[str, Bundle]:
    """What each chat plays."""
    loaded = read_project()
    return {name: bundle_of(loaded, bot) for name, bot in loaded.project.bots.items()}
