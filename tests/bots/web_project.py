"""A project with two web chats: a Russian funnel that ends in a lead, and an English one."""

from flows.loading import Loaded, bundle_of, load
from flows.program import Bundle

PROJECT = """
project: london_bridge
timezone: Europe/Moscow
bots:
  site: {channel: web, funnels: [english_school]}
  shop: {channel: web, funnels: [gifts]}
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


def read_project() -> Loaded:
    """The project, read; its files are right."""
    files = {
        "voronka.yaml": PROJECT,
        "funnels/english_school.yaml": SCHOOL,
        "funnels/gifts.yaml": GIFTS,
    }
    encoded = {name: text.encode() for name, text in files.items()}
    loaded = load(encoded, {"funnels/media/lesson.png": 1}, "2026-03-05")
    assert not loaded.errors, loaded.errors
    return loaded


def bundles() -> dict[str, Bundle]:
    """What each chat plays."""
    loaded = read_project()
    return {name: bundle_of(loaded, bot) for name, bot in loaded.project.bots.items()}
