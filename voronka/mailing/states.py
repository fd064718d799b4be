"""The states of a broadcast in words."""

STATES = {
    "planned": ("ждёт своего времени", "waits for its time"),
    "running": ("идёт", "is going"),
    "stopped": ("остановлена", "is stopped"),
    "done": ("закончена", "is done"),
}
