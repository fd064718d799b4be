"""wall.createComment and wall.getById: the community under its own posts."""

from typing import Any

from tests.emulators import clock
from tests.emulators.vk.calls import Call
from tests.emulators.vk.journal import Commented
from tests.emulators.vk.refusals import Refusal, invalid
from tests.emulators.vk.sending import attachments
from tests.emulators.vk.world import Community, Post


def create_comment(call: Call) -> dict[str, Any]:
    """Return the id of a new comment; the same guid returns the first one."""
    call.need("wall")
    params, community = call.params, call.community
    post = community.posts.get(params["post_id"])
    if params.get("owner_id") != -community.id or post is None:
        raise Refusal(212)
    if not post.comments_open:
        raise Refusal(213)
    text, attached = params.get("message", ""), attachments(call, "attachments")
    if not text.strip() and not attached and not params.get("sticker_id"):
        raise invalid("message is undefined")
    reply = params.get("reply_to_comment", 0)
    if reply and reply not in post.comments:
        raise invalid("reply_to_comment is invalid")
    guid = params.get("guid", "")
    if guid in post.guids:
        return {"comment_id": post.guids[guid], "parents_stack": []}
    number = add_comment(community, post, -community.id, text, reply)
    if guid:
        post.guids[guid] = number
    entry = Commented(community.id, post.id, number, text, reply, attached)
    call.world.journal.add(entry)
    return {"comment_id": number, "parents_stack": [reply] if reply else []}


def add_comment(community: Community, post: Post, author: int, text: str, reply: int = 0) -> int:
    """Return the number of a new comment; VK reports the community's own ones as well."""
    number = community.next_number()
    post.comments[number] = (author, text)
    content = {
        "id": number,
        "from_id": author,
        "date": clock.timestamp(),
        "text": text,
        "post_id": post.id,
        "owner_id": -community.id,
        "post_owner_id": -community.id,
        "parents_stack": [reply] if reply else [],
        "thread": {"count": 0, "items": [], "can_post": True},
    }
    if reply:
        content |= {"reply_to_comment": reply, "reply_to_user": post.comments[reply][0]}
    community.longpoll.produce("wall_reply_new", content)
    return number


def get_by_id(call: Call) -> dict[str, Any]:
    """Return posts by "-group_number"; VK gives them to user and service keys only."""
    posts = {
        f"{-community.id}_{post.id}": post
        for community in call.world.communities.values()
        for post in community.posts.values()
    }
    return {"items": [_post(name, posts[name]) for name in call.params["posts"] if name in posts]}


def _post(name: str, post: Post) -> dict[str, Any]:
    owner = int(name.split("_", maxsplit=1)[0])
    shown = {"inner_type": "wall_wallpost", "type": "post", "id": post.id, "owner_id": owner}
    comments = {"count": len(post.comments), "can_post": int(post.comments_open)}
    return {**shown, "from_id": owner, "text": post.text, "comments": comments}
