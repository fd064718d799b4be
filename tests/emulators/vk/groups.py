"""groups.*, users.get and utils.getServerTime: who is who, and the long poll's settings."""

from typing import Any

from tests.emulators import clock
from tests.emulators.vk.calls import Call
from tests.emulators.vk.refusals import invalid
from tests.emulators.vk.world import EVENT_TYPES, PERMISSIONS, Community, User

# the schema requires them of the answer, and setLongPollSettings cannot switch them
TOLD_ONLY = ("wall_schedule_post_new", "wall_schedule_post_delete")
PICTURE = "https://vk.com/images/community_200.png"


def get_by_id(call: Call) -> dict[str, Any]:
    """Return communities by id or screen name, by default the key's own."""
    asked = call.params.get("group_ids") or [call.params.get("group_id", str(call.community.id))]
    names = {str(one.id): one for one in call.world.communities.values()}
    names |= {one.screen_name: one for one in call.world.communities.values()}
    unknown = [name for name in asked if str(name) not in names]
    if unknown:
        raise invalid("group_id is invalid")
    return {"groups": [_group(names[str(name)]) for name in asked], "profiles": []}


def _group(community: Community) -> dict[str, Any]:
    return {
        "id": community.id,
        "name": community.name,
        "screen_name": community.screen_name,
        "is_closed": 0,
        "type": "group",
        "photo_50": PICTURE,
        "photo_100": PICTURE,
        "photo_200": PICTURE,
    }


def is_member(call: Call) -> int:
    """Return 1 when the person is a member of the community, else 0."""
    names = {str(one.id): one for one in call.world.communities.values()}
    names |= {one.screen_name: one for one in call.world.communities.values()}
    asked = str(call.params["group_id"])
    if asked not in names:
        raise invalid("group_id is invalid")
    user_id = call.params.get("user_id")
    if user_id is None:
        raise invalid("user_id is undefined")
    return int(names[asked].relation(user_id).member)


def long_poll_server(call: Call) -> dict[str, str]:
    """Return where to poll, with which key and from which event on."""
    call.need("manage")
    polled = call.own_group().longpoll
    if not polled.enabled:
        raise invalid("longpoll for this group is not enabled")  # VK's words
    server = f"{call.world.base_url}/lp/{polled.group_id}"
    return {"key": polled.key, "server": server, "ts": str(polled.ts)}


def long_poll_settings(call: Call) -> dict[str, Any]:
    """Return which events the long poll produces."""
    call.need("manage")
    polled = call.own_group().longpoll
    events = {name: int(switched) for name, switched in polled.types.items()}
    events |= dict.fromkeys(TOLD_ONLY, 0)
    return {"api_version": polled.version, "is_enabled": polled.enabled, "events": events}


def set_long_poll_settings(call: Call) -> int:
    """Return 1 after changing the settings given; the others stay."""
    call.need("manage")
    polled = call.own_group().longpoll
    polled.enabled = call.params.get("enabled", polled.enabled)
    polled.version = call.params.get("api_version", polled.version)
    polled.types.update({k: v for k, v in call.params.items() if k in EVENT_TYPES})
    return 1


def token_permissions(call: Call) -> dict[str, Any]:
    """Return the rights of the key used."""
    rights = {name: PERMISSIONS[name] for name in sorted(call.community.permissions)}
    listed = [{"name": name, "setting": bit} for name, bit in rights.items()]
    return {"mask": sum(rights.values()), "permissions": listed}


def users(call: Call) -> list[dict[str, Any]]:
    """Return people by id or screen name; an unknown one is left out, as in VK."""
    names = {str(user.id): user for user in call.world.users.values()}
    names |= {user.screen_name: user for user in call.world.users.values()}
    asked = [str(name) for name in call.params.get("user_ids", [])]
    fields = set(call.params.get("fields", []))
    return [_user(names[name], fields) for name in asked if name in names]


def _user(user: User, fields: set[str]) -> dict[str, Any]:
    known: dict[str, Any] = {"id": user.id, "first_name": user.first_name}
    known["last_name"] = user.last_name
    if user.deactivated:
        return {**known, "deactivated": user.deactivated}
    known |= {"can_access_closed": True, "is_closed": False}
    optional: dict[str, Any] = {"sex": user.sex, "screen_name": user.screen_name}
    optional["domain"] = user.screen_name
    if user.city:
        optional["city"] = {"id": 1, "title": user.city}
    return known | {name: value for name, value in optional.items() if name in fields}


def server_time(call: Call) -> int:
    """Return the present moment."""
    return clock.timestamp()
