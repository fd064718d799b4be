"""groups.*Callback*: the servers of the Callback API and what they are told of."""

from typing import Any

from tests.emulators.vk.callbacks import VERSION, CallbackServer
from tests.emulators.vk.calls import Call

CREATOR = 1
TOLD_ONLY = ("wall_schedule_post_new", "wall_schedule_post_delete")


def confirmation_code(call: Call) -> dict[str, str]:
    """Return what a server must answer."""
    call.need("manage")
    return {"code": call.own_group().callbacks.code or "0" * 8}


def servers(call: Call) -> dict[str, Any]:
    """Return the servers, all or those asked for."""
    call.need("manage")
    asked = call.params.get("server_ids")
    known = call.own_group().callbacks.servers.values()
    items = [_server(one) for one in known if not asked or one.id in asked]
    return {"count": len(items), "items": items}


def _server(server: CallbackServer) -> dict[str, Any]:
    return {
        "id": server.id,
        "title": server.title,
        "creator_id": CREATOR,
        "url": server.url,
        "secret_key": server.secret_key,
        "status": server.status,
    }


def add_server(call: Call) -> dict[str, int]:
    """Return the new server's id; it is asked for the code at once."""
    call.need("manage")
    return {"server_id": call.own_group().callbacks.add(*_told(call)).id}


def edit_server(call: Call) -> int:
    """Return 1; the server is asked for the code anew."""
    call.need("manage")
    callbacks = call.own_group().callbacks
    callbacks.edit(callbacks.find(call.params["server_id"]), *_told(call))
    return 1


def delete_server(call: Call) -> int:
    """Return 1; what it was not told is told no more."""
    call.need("manage")
    callbacks = call.own_group().callbacks
    del callbacks.servers[callbacks.find(call.params["server_id"]).id]
    return 1


def settings(call: Call) -> dict[str, Any]:
    """Return which events the server gets."""
    call.need("manage")
    server = call.own_group().callbacks.find(call.params.get("server_id", 0))
    events = {name: int(on) for name, on in server.types.items()}
    return {"api_version": server.version, "events": dict.fromkeys(TOLD_ONLY, 0) | events}


def set_settings(call: Call) -> int:
    """Return 1 after changing the events given; the others stay."""
    call.need("manage")
    server = call.own_group().callbacks.find(call.params.get("server_id", 0))
    server.version = call.params.get("api_version", VERSION)
    server.types.update({k: v for k, v in call.params.items() if k in server.types})
    return 1


def _told(call: Call) -> tuple[str, str, str]:
    params = call.params
    return params["url"], params["title"], params.get("secret_key", "")
