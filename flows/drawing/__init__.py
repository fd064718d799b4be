"""A funnel as something to look at: its outline, a Mermaid graph, a picture, a printable plan."""
