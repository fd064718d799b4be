"""The sentences of all problems that files can have, and which of them only warn."""

from __future__ import annotations

from flows.broadcast_messages import MESSAGES as BROADCAST_MESSAGES
from flows.check_messages import MESSAGES as CHECK_MESSAGES
from flows.file_messages import MESSAGES as FILE_MESSAGES
from flows.media_messages import MESSAGES as MEDIA_MESSAGES
from flows.outside_messages import MESSAGES as OUTSIDE_MESSAGES
from flows.proof_messages import MESSAGES as PROOF_MESSAGES
from flows.proof_messages import WARNINGS as PROOF_WARNINGS
from flows.step_messages import MESSAGES as STEP_MESSAGES
from flows.type_messages import MESSAGES as TYPE_MESSAGES
from flows.type_messages import WARNINGS as TYPE_WARNINGS

WARNINGS = (
    PROOF_WARNINGS
    | TYPE_WARNINGS
    | frozenset(
        {
            "not-acted-yet",
            "word-taken",
            "waits-for-ever",
            "field-may-be-empty",
            "track-without-public-url",
            "entry-overlap",
            "moment-is-past",
            "wait-is-past",
            "slot-any-hour",
            "unreachable-flow",
            "unreachable-step",
            "unused-series",
            "degraded",
            "label-too-long",
            "member-cannot-tell",
            "team-without-chat",
            "channel-without-bot",
            "funnel-unused",
            "consent-not-published",
            "media-plain",
            "album-split",
        }
    )
)
"""Codes that only warn: the exit code stays 0 unless ``--strict``."""

MESSAGES = {
    **PROOF_MESSAGES,
    **TYPE_MESSAGES,
    **FILE_MESSAGES,
    **STEP_MESSAGES,
    **OUTSIDE_MESSAGES,
    **CHECK_MESSAGES,
    **MEDIA_MESSAGES,
    **BROADCAST_MESSAGES,
}
"""Code → the sentence in Russian and English, the hint in Russian and English."""
