"""Hosts: network namespaces with a cable to each of two switches, as machines with two network cards.

`inner` is where a cluster's machines speak with each other, `outer` where its clients come in. Everything is made inside
of the namespace that the command itself was started in, so nothing of it is seen outside and all of it is gone with it.
"""

import os
import pathlib
import signal
import subprocess
import time

SWITCHES = {"inner": "10.77.1", "outer": "10.77.2"}
# The command's own place on both switches.
WATCHER = 254


def run(*words):
    """A command that must go well; what it printed."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def until(what, look, seconds=120, pause=0.1):
    """Waits until something is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(pause)
    raise TimeoutError(f"waited {seconds} s in vain: {what}")


def switches():
    """Both switches, with the command itself on them."""
    run("ip", "link", "set", "lo", "up")
    for name, network in SWITCHES.items():
        run("ip", "link", "add", name, "type", "bridge")
        run("ip", "address", "add", f"{network}.{WATCHER}/24", "dev", name)
        run("ip", "link", "set", name, "up")


def unprivileged(command):
    """The command as the user PostgreSQL's package made: PostgreSQL refuses root. It may read what root may, because
    programs and Python may lie below somebody's home."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search", "--", *command]


class Host:
    """A machine: its network, its folder, and the programs that run on it."""

    def __init__(self, name, number, folder, cards):
        self.name, self.cards = name, cards
        self.folder = pathlib.Path(folder, name)
        self.folder.mkdir()
        os.chown(self.folder, int(run("id", "-u", "postgres")), int(run("id", "-g", "postgres")))
        self.address = {card: f"{SWITCHES[card]}.{number}" for card in cards}
        mine = os.readlink("/proc/self/ns/net")
        # Keeps the namespace while nothing else runs in it.
        self.keeper = subprocess.Popen(["unshare", "--net", "--", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        self.space = f"/proc/{self.keeper.pid}/ns/net"
        until("a network namespace", lambda: os.readlink(self.space) != mine, 10, 0.01)
        self.network = os.readlink(self.space)
        self.inside("ip", "link", "set", "lo", "up")
        for card in cards:
            cable = self.cable(card)
            run("ip", "link", "add", cable, "type", "veth", "peer", "name", card, "netns", str(self.keeper.pid))
            run("ip", "link", "set", cable, "master", card, "up")
            self.inside("ip", "address", "add", f"{self.address[card]}/24", "dev", card)
            self.inside("ip", "link", "set", card, "up")

    def cable(self, card):
        return f"{self.name}-{card}"

    def inside(self, *words):
        return run("nsenter", f"--net={self.space}", "--", *words)

    def start(self, name, command, environment=None):
        """Starts a program; what it says goes into its log."""
        with open(self.folder / f"{name}.log", "a") as log:
            # In a session of its own: a Ctrl-C is for the command, which then ends what it started.
            return subprocess.Popen(
                ["nsenter", f"--net={self.space}", "--", *command], cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, env={**os.environ, **(environment or {})})

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def last_words(self):
        """The ends of its logs, for whoever has to find out why."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.parent.name}/{log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def programs(self):
        """The ids of all that runs here."""
        for place in os.listdir("/proc"):
            try:
                if place.isdecimal() and os.readlink(f"/proc/{place}/ns/net") == self.network:
                    if int(place) != self.keeper.pid and not zombie(place):
                        yield int(place)
            except OSError:
                pass  # It ended meanwhile.

    def plug(self, card, is_in):
        run("ip", "link", "set", self.cable(card), "up" if is_in else "down")

    def kill(self):
        """SIGKILL to everything; nothing runs here any more when this returns."""
        def some():
            found = list(self.programs())
            for program in found:
                try:
                    os.kill(program, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            return found
        until(f"{self.name} is still", lambda: not some(), 30, 0.01)

    def lose_power(self):
        """The cables first: nobody is told that anything ended here."""
        for card in self.cards:
            self.plug(card, False)
        self.kill()

    def remove(self):
        self.kill()
        self.keeper.kill()
        self.keeper.wait()


def zombie(place):
    """Whether a process has ended and is only waiting to be asked how."""
    stat = pathlib.Path(f"/proc/{place}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "Z"
