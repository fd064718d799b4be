"""The tests' side over HTTP: the same people and places, for an emulator of its own process."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.telegram import places
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.world import Bot, Chat, Message, Press

if TYPE_CHECKING:
    from tests.emulators.telegram.server import TelegramEmulator

Body = dict[str, Any]


class Control:
    """Actions by name; each takes the JSON body and returns JSON."""

    def __init__(self, emulator: "TelegramEmulator") -> None:
        self.emulator = emulator
        self.actions: dict[str, Callable[[Body], Any]] = {
            "bots": self.add_bot,
            "users": self.add_user,
            "groups": lambda body: _chat(emulator.add_group(**body)),
            "channels": self.add_channel,
            "put_bot": self.put_bot,
            "remove_bot": self.remove_bot,
            "join": lambda body: places.join(*self.entrance(body)),
            "leave": lambda body: places.leave(*self.entrance(body)),
            "post": lambda body: _said(
                places.post(emulator.world, self.chat(body["chat"]), body["text"])
            ),
            "migrate": lambda body: _chat(places.migrate(emulator.world, self.chat(body["chat"]))),
            "comment": self.comment,
            "start": lambda body: _said(
                self.person(body).start(body.get("payload", ""), bot=self.bot(body))
            ),
            "write": self.write,
            "press": self.press,
            "press_data": self.press_data,
            "contact": self.contact,
            "file": self.file,
            "location": self.location,
            "block": lambda body: self.person(body).block(self.bot(body)),
            "unblock": lambda body: self.person(body).unblock(self.bot(body)),
            "delete_account": lambda body: self.person(body).delete_account(),
            "raw_update": self.raw_update,
            "faults": self.plan,
            "clear_faults": lambda _: emulator.faults.clear(),
            "release": lambda _: emulator.release(),
            "expire_presses": lambda _: emulator.expire_presses(),
        }

    def bot(self, body: Body) -> Bot:
        """Return the bot named by token or id; without one, the only bot."""
        named = self.named(body)
        if named is None:
            (named,) = self.emulator.world.bots.values()
        return named

    def named(self, body: Body) -> Bot | None:
        """Return the bot named by token or id, None when the body names none."""
        bots = self.emulator.world.bots
        named = body.get("bot")
        if named is None:
            return None
        found = bots.get(str(named)) or self.emulator.world.bot_by_id(int(named))
        if found is None:
            raise LookupError(f"there is no bot {named}")
        return found

    def person(self, body: Body) -> Person:
        """Return the person in the body's `user`."""
        return self.emulator.people[body["user"]]

    def chat(self, chat_id: int) -> Chat:
        """Return a group or a channel."""
        return self.emulator.world.chats[chat_id]

    def place(self, body: Body) -> Chat | None:
        """Return the group in the body's `chat`, None for the private chat."""
        chat_id = body.get("chat")
        return None if chat_id is None or chat_id > 0 else self.chat(chat_id)

    def screen(self, body: Body) -> Chat:
        """Return the chat the body means: `chat`, or the private one of `user`."""
        return self.place(body) or self.emulator.people[body.get("user") or body["chat"]].chat(
            self.bot(body)
        )

    def entrance(self, body: Body) -> tuple[Any, Chat, Any]:
        """Return world, chat and user."""
        return self.emulator.world, self.chat(body["chat"]), self.person(body).user

    def add_bot(self, body: Body) -> Body:
        """Register a bot: token, username, first_name, reads_all."""
        bot = self.emulator.add_bot(**body)
        return {"id": bot.id, "username": bot.username}

    def add_user(self, body: Body) -> Body:
        """Create a user: id, first_name, username, language, last_name."""
        person = self.emulator.add_user(body.pop("id"), **body)
        return person.user.json()

    def add_channel(self, body: Body) -> Body:
        """Create a channel: title, username, discussion (a group's id)."""
        discussion = body.pop("discussion", None)
        group = self.chat(discussion) if discussion is not None else None
        return _chat(self.emulator.add_channel(**body, discussion=group))

    def put_bot(self, body: Body) -> None:
        """Add the bot to a chat: chat, user (who adds), admin."""
        chat, admin = self.chat(body["chat"]), bool(body.get("admin"))
        self.emulator.put_bot(chat, self.bot(body), self.person(body), admin=admin)

    def remove_bot(self, body: Body) -> None:
        """Throw the bot out: chat, user."""
        self.emulator.remove_bot(self.chat(body["chat"]), self.bot(body), self.person(body))

    def write(self, body: Body) -> Body:
        """Send a text: user, text, chat, reply_to (a message id in that chat)."""
        reply_to = None
        if "reply_to" in body:
            reply_to = self.screen(body).messages[body["reply_to"]]
        person = self.person(body)
        return _said(
            person.write(
                body["text"], chat=self.place(body), bot=self.named(body), reply_to=reply_to
            )
        )

    def comment(self, body: Body) -> Body:
        """Comment a channel post: user, chat (the channel), message_id (the post), text."""
        post = self.chat(body["chat"]).messages[body["message_id"]]
        return _said(self.person(body).comment(post, body["text"]))

    def press(self, body: Body) -> Body:
        """Press a button: user, label, chat, message_id."""
        chat = self.screen(body)
        message = chat.messages[body["message_id"]] if "message_id" in body else None
        done = self.person(body).press(
            body["label"], chat=chat, bot=self.named(body), message=message
        )
        return _pressed(done)

    def press_data(self, body: Body) -> Body:
        """Send a callback query with any data: user, chat, message_id, data."""
        message = self.screen(body).messages[body["message_id"]]
        return _pressed(self.person(body).press_data(message, body["data"]))

    def contact(self, body: Body) -> Body:
        """Share a contact: user, phone, foreign, owner."""
        sent = self.person(body).share_contact(
            body["phone"],
            owner=body.get("owner"),
            foreign=bool(body.get("foreign")),
            chat=self.place(body),
            bot=self.named(body),
        )
        return _said(sent)

    def file(self, body: Body) -> Body:
        """Send a file: user, kind, caption, name, album, chat."""
        sent = self.person(body).send_file(
            body.get("kind", "photo"),
            caption=body.get("caption", ""),
            name=body.get("name", "file"),
            album=body.get("album", ""),
            chat=self.place(body),
            bot=self.named(body),
        )
        return _said(sent)

    def location(self, body: Body) -> Body:
        """Share a place: user, latitude, longitude, title, address, chat."""
        sent = self.person(body).send_location(
            body["latitude"],
            body["longitude"],
            title=body.get("title", ""),
            address=body.get("address", ""),
            chat=self.place(body),
            bot=self.named(body),
        )
        return _said(sent)

    def raw_update(self, body: Body) -> Body:
        """Queue an update of any shape: update, bot."""
        return self.bot(body).queue.push_raw(body["update"])

    def plan(self, body: Body) -> Body:
        """Plan a fault: the fields of Fault; `seed` restarts the dice."""
        if "seed" in body:
            self.emulator.faults.seed(body.pop("seed"))
        if body:
            self.emulator.faults.add_json(body)
        return {"pending": self.emulator.faults.pending()}

    # --- reading ------------------------------------------------------------------------------

    async def act(self, request: web.Request) -> web.Response:
        """Answer POST /_control/<action>."""
        action = self.actions.get(request.match_info["action"])
        if action is None:
            return web.json_response({"error": "there is no such action"}, status=404)
        body = await request.json() if request.can_read_body else {}
        try:
            return web.json_response({"result": action(body)})
        except (LookupError, ValueError, TypeError) as problem:
            text = f"{type(problem).__name__}: {problem}"
            return web.json_response({"error": text}, status=422)

    async def journal(self, request: web.Request) -> web.Response:
        """Answer GET /_control/journal?after=SEQ&chat=ID&wait=SECONDS."""
        query = request.query
        after = int(query.get("after", 0))
        chat = int(query["chat"]) if "chat" in query else None
        journal = self.emulator.journal
        rows = journal.after(after, chat)
        if not rows and float(query.get("wait", 0)) > 0:
            try:
                rows = await journal.wait_for(
                    lambda: journal.after(after, chat), float(query["wait"])
                )
            except TimeoutError:
                rows = []
        return web.json_response([asdict(row) for row in rows])

    async def calls(self, request: web.Request) -> web.Response:
        """Answer GET /_control/calls?after=SEQ&method=NAME."""
        after, method = int(request.query.get("after", 0)), request.query.get("method")
        rows = self.emulator.journal.calls
        return web.json_response(
            [asdict(row) for row in rows if row.seq > after and method in (None, row.method)]
        )

    async def transcript(self, request: web.Request) -> web.Response:
        """Answer GET /_control/transcript?chat=ID&bot=TOKEN."""
        body: Body = {"chat": int(request.query["chat"]), "bot": request.query.get("bot")}
        try:
            return web.json_response(self.screen(body).transcript())
        except (LookupError, ValueError) as problem:
            return web.json_response({"error": str(problem)}, status=422)


def _chat(chat: Chat) -> Body:
    return chat.json()


def _said(message: Message) -> Body:
    return {"chat": message.chat.id, "message_id": message.id}


def _pressed(done: Press | Message | str) -> Body:
    if isinstance(done, str):
        return {"url": done}
    if isinstance(done, Message):
        return _said(done)
    return {"query": done.id, "chat": done.chat.id, "message_id": done.message.id}


def add_control_routes(app: web.Application, emulator: "TelegramEmulator") -> None:
    """Put the control endpoints under /_control."""
    control = Control(emulator)
    app.router.add_get("/_control/journal", control.journal)
    app.router.add_get("/_control/calls", control.calls)
    app.router.add_get("/_control/transcript", control.transcript)
    app.router.add_post("/_control/{action}", control.act)
