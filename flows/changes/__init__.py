"""What differs between two versions of a funnel: changes as data, told in a marketer's words."""

from flows.changes.change import Change
from flows.changes.funnels import compare_funnels
from flows.changes.projects import compare_projects

__all__ = ["Change", "compare_funnels", "compare_projects"]
