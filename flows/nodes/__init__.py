"""The node types: one module each, one line here."""

from flows.nodes.ask import Ask
from flows.nodes.base import REGISTRY
from flows.nodes.branches import If, Match
from flows.nodes.code import Code
from flows.nodes.consent import Consent
from flows.nodes.do import Do
from flows.nodes.goal import Goal
from flows.nodes.handover import Handover
from flows.nodes.http import Http
from flows.nodes.jumps import Call, End, Go
from flows.nodes.letters import Start, Stop
from flows.nodes.marks import Add, Set, Tag, Untag
from flows.nodes.member import Member
from flows.nodes.say import Say
from flows.nodes.split import Split
from flows.nodes.team import Lead, Notify
from flows.nodes.wait import Wait

NODES = (
    Say,
    Ask,
    Consent,
    Set,
    Tag,
    Untag,
    Add,
    If,
    Match,
    Go,
    Call,
    End,
    Start,
    Stop,
    Lead,
    Notify,
    Wait,
    Split,
    Goal,
    Handover,
    Http,
    Member,
    Do,
    Code,
)
REGISTRY.verbs.update({node.VERB: node for node in NODES})
REGISTRY.not_built = frozenset[str]()
