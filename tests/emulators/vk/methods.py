"""The methods that the emulated VK carries out, by name."""

from tests.emulators.vk import groups, sending, servers, talking, uploads, walls
from tests.emulators.vk.calls import Method

METHODS: dict[str, Method] = {
    "docs.getMessagesUploadServer": uploads.doc_server,
    "docs.getWallUploadServer": uploads.wall_server,
    "docs.save": uploads.save_doc,
    "groups.addCallbackServer": servers.add_server,
    "groups.deleteCallbackServer": servers.delete_server,
    "groups.editCallbackServer": servers.edit_server,
    "groups.getById": groups.get_by_id,
    "groups.getCallbackConfirmationCode": servers.confirmation_code,
    "groups.getCallbackServers": servers.servers,
    "groups.getCallbackSettings": servers.settings,
    "groups.getLongPollServer": groups.long_poll_server,
    "groups.getLongPollSettings": groups.long_poll_settings,
    "groups.getTokenPermissions": groups.token_permissions,
    "groups.isMember": groups.is_member,
    "groups.setCallbackSettings": servers.set_settings,
    "groups.setLongPollSettings": groups.set_long_poll_settings,
    "messages.edit": sending.edit,
    "messages.getConversationsById": talking.conversations,
    "messages.getHistory": talking.history,
    "messages.isMessagesFromGroupAllowed": talking.is_allowed,
    "messages.send": sending.send,
    "messages.sendMessageEventAnswer": talking.answer_press,
    "messages.setActivity": talking.set_activity,
    "photos.getMessagesUploadServer": uploads.photo_server,
    "photos.saveMessagesPhoto": uploads.save_photo,
    "users.get": groups.users,
    "utils.getServerTime": groups.server_time,
    "video.save": uploads.save_video,
    "wall.createComment": walls.create_comment,
    "wall.getById": walls.get_by_id,
}
