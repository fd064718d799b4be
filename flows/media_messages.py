"""The sentences of problems with the files of messages."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "media-empty": (
        "Файл «{file}» пуст.",
        "The file “{file}” is empty.",
        "Положите на его место настоящий.",
        "Put the real one in its place.",
    ),
    "media-too-large": (
        "«{file}» — {size} МБ: больше {limit} МБ под `{kind}` не берёт {channel}.",
        "“{file}” is {size} MB: {channel} takes no more than {limit} MB under `{kind}`.",
        "Сожмите файл или дайте на него ссылку.",
        "Make the file smaller or give a link to it.",
    ),
    "media-format": (
        "«{file}» под `{kind}` не возьмёт {channel}.",
        "“{file}” under `{kind}`: {channel} will not take it.",
        "{mend}",
        "{mend}",
    ),
    "media-plain": (
        "«{file}» под `{kind}` {channel} покажет простым файлом.",
        "“{file}” under `{kind}`: {channel} will show a plain file.",
        "Годятся: {forms}.",
        "What is shown as meant: {forms}.",
    ),
    "album-split": (
        "Эти файлы {channel} покажет не вместе, а {count} сообщениями подряд.",
        "{channel} will not show these files together but in {count} messages.",
        "Вместе идут до десяти фото и видео, или одна музыка, или одни файлы; голосовые — порознь.",
        "Together go up to ten photos and videos, or music alone, or files alone; voices go singly.",
    ),
}
"""Code → the sentence in Russian and English, the hint in Russian and English."""
