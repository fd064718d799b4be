"""What can be wrong in calls to the world outside, said in Russian and English."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "http-method": (
        "В `http` должен стоять ровно один способ: {methods}.",
        "An `http` has exactly one method: {methods}.",
        "Напишите так: `http: {{post: https://api.example.ru/lead}}`.",
        "Write it as `http: {{post: https://api.example.ru/lead}}`.",
    ),
    "http-address": (
        "«{url}» — не адрес сервера.",
        "“{url}” is no server's address.",
        "Начните с https:// и напишите сервер целиком, без подстановок: https://api.example.ru/…",
        "Begin with https:// and write the server out, without substitutions.",
    ),
    "http-body": (
        "У запроса `get` не бывает `body`.",
        "A `get` request has no `body`.",
        "Допишите значения в адрес после «?» или возьмите `post`.",
        "Put the values into the address after “?”, or use `post`.",
    ),
    "bad-json-path": (
        "«{written}» — не путь в ответе.",
        "“{written}” is no path in the answer.",
        "Ключи и номера через точку: data.total, items.0.name.",
        "Keys and numbers of items with dots between them: data.total, items.0.name.",
    ),
    "bad-header": (
        "Заголовок «{name}» задать нельзя.",
        "The header “{name}” cannot be set.",
        "Имя — латиница, цифры и дефис; Host, Content-Type и X-Voronka-… ставит программа.",
        "Latin letters, digits, dashes; Host, Content-Type and X-Voronka-… are the program's.",
    ),
    "secret-in-template": (
        "Секрет `$ИМЯ` и подстановка {{{{ … }}}} стоят в одном заголовке.",
        "A secret `$NAME` and a substitution {{{{ … }}}} stand in one header.",
        "Передайте их двумя заголовками.",
        "Send them as two headers.",
    ),
    "bad-host": (
        "«{host}» — не имя сервера.",
        "“{host}” is no server's name.",
        "Пишите без https:// и пути: api.example.ru, *.example.ru или crm.local:8443.",
        "Without https:// and path: api.example.ru, *.example.ru or crm.local:8443.",
    ),
    "bad-channel": (
        "«{channel}» — не канал и не сообщество.",
        "“{channel}” is no channel or community.",
        "Короткое имя (@my_channel) или номер (-1001234567890).",
        "A short name (@my_channel) or a number (-1001234567890).",
    ),
    "needs-id": (
        "«{verb}» стоит здесь второй раз под тем же именем «{place}».",
        "“{verb}” stands here again under the same name “{place}”.",
        "Дайте одному из шагов `id`: по нему человек найдёт своё место.",
        "Give one of the steps an `id`: people find their place by it.",
    ),
    "unknown-action": (
        "Нет действия «{name}».",
        "There is no action “{name}”.",
        "Действия — функции с `@action` в файле actions.py рядом с voronka.yaml.",
        "Actions are functions with `@action` in the file actions.py beside voronka.yaml.",
    ),
    "action-argument": (
        "Действие «{action}» не принимает «{argument}».",
        "The action “{action}” takes no “{argument}”.",
        "Исправьте имя под `with` или параметры функции.",
        "Mend the name under `with` or the function's parameters.",
    ),
    "action-lacks": (
        "Действию «{action}» нужно ещё «{argument}».",
        "The action “{action}” needs “{argument}” too.",
        "Добавьте под `with`: `{argument}: …`.",
        "Add under `with`: `{argument}: …`.",
    ),
    "actions-broken": (
        "Файл actions.py не выполняется: {reason}.",
        "The file actions.py cannot be executed: {reason}.",
        "Исправьте его: пока он сломан, действия, ответы и фильтры из него не видны.",
        "Mend it: as long as it is broken its actions, answers and filters are not seen.",
    ),
    "code-pattern": (
        "«{pattern}» не годится в вид промокода.",
        "“{pattern}” cannot be how a promo code looks.",
        "Буквы, цифры, дефис и хотя бы один «#» — вместо него станет цифра: EAT-####.",
        "Letters, digits, dashes and one “#” at least, a digit stands for it: EAT-####.",
    ),
    "code-source": (
        "У `code` должно быть ровно одно: `pool` или `pattern`.",
        "A `code` has exactly one of `pool` and `pattern`.",
        "Коды списком — `pool: имя`; по виду — `pattern: EAT-####`.",
        "Codes of a list: `pool: name`; made by a pattern: `pattern: EAT-####`.",
    ),
    "entry-save": (
        "`save` бывает только у входа `event`.",
        "Only an `event` entry has `save`.",
        "Возьмите `set`, если значение известно заранее.",
        "Use `set` where the value is known beforehand.",
    ),
    "bad-event-line": (
        "Событие в тесте — имя, или имя с тем, что оно принесло.",
        "An event of a test is a name, or a name with what it brings.",
        "Напишите `event: paid` или `event: {{paid: {{sum: 4500}}}}`.",
        "Write `event: paid` or `event: {{paid: {{sum: 4500}}}}`.",
    ),
    "host-not-allowed": (
        "Сервер «{host}» не разрешён в проекте.",
        "The server “{host}” is not allowed in the project.",
        "Добавьте в voronka.yaml: `http: {{allow: [{host}]}}`.",
        "Add to voronka.yaml: `http: {{allow: [{host}]}}`.",
    ),
    "member-cannot-tell": (
        "{channel} не скажет, подписан ли человек.",
        "Nobody can tell on {channel} whether the person is subscribed.",
        "Добавьте `otherwise` — что делать, когда этого не узнать.",
        "Add `otherwise`: what to do where nobody can tell.",
    ),
}
