"""What goes wrong: each fault strikes a healthy cluster under load, and is mended afterwards."""

import contextlib
import threading
import time

import psycopg2

from hosts import until


class Fault:
    """`strike` returns when it is done; `gone` says whether somebody else must become the primary; `probe` is who goes
    on asking a primary that was cut off, where there is one."""

    gone = True

    def __init__(self, cluster, twins):
        self.cluster, self.twins = cluster, twins
        self.target = self.probe = None

    def strike(self):
        raise NotImplementedError

    def meanwhile(self):
        """What happens to the struck machine a little later."""

    def mend(self):
        self.target.boot()


class PrimaryKilled(Fault):
    name = "primary killed"
    what = "etcd, Patroni and PostgreSQL of the primary get SIGKILL; its network still answers"

    def strike(self):
        self.target = self.cluster.leader()
        self.target.kill()


class PrimaryPower(Fault):
    name = "primary without power"
    what = "both cables of the primary first, then SIGKILL: nobody is told, as when a machine loses power"

    def strike(self):
        self.target = self.cluster.leader()
        self.target.lose_power()


class PrimaryCutOff(Fault):
    name = "primary cut off"
    what = "the primary loses the other machines; the twins still reach it"

    def strike(self):
        self.target = self.cluster.leader()
        self.target.plug("inner", False)
        self.probe = Probe(self.target)

    def mend(self):
        self.probe.stop()
        self.target.plug("inner", True)

class PrimaryForgotten(PrimaryCutOff):
    name = "primary cut off, Patroni halted"
    what = "the same, and its Patroni is stopped: that PostgreSQL goes on as a primary that nobody demotes"

    def strike(self):
        self.target = self.cluster.leader()
        self.target.halt_patroni()
        self.target.plug("inner", False)
        self.probe = Probe(self.target)

    def mend(self):
        super().mend()
        self.target.resume_patroni()


class PrimaryCrashed(PrimaryForgotten):
    name = "primary cut off, halted, crashed"
    what = ("the same, and some seconds later its PostgreSQL crashes and starts again by itself: what was written there "
            "and never confirmed can be seen from then on, also by who asks again")

    def meanwhile(self):
        time.sleep(6)
        self.target.crash()


class ReplicaLost(Fault):
    name = "replica lost"
    what = "a replica without power"
    gone = False

    def strike(self):
        self.target = self.cluster.replica()
        self.target.lose_power()


class TwinKilled(Fault):
    name = "twin killed"
    what = "one of the two twins gets SIGKILL, and is started again at once"
    gone = False

    def strike(self):
        self.target = self.twins[0]
        self.target.end()
        self.target.serve()

    def mend(self):
        self.target.ready()


class Probe:
    """A customer of the isolated primary itself: asks it for writes, and counts what it acknowledges."""

    def __init__(self, member):
        self.member = member
        self.asked = self.acknowledged = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.over.is_set():
            # Each in a thread of its own: a commit that nobody confirms does not come back.
            threading.Thread(target=self.ask, daemon=True).start()
            self.over.wait(0.5)

    def ask(self):
        with contextlib.suppress(psycopg2.Error):
            connection = self.member.connect("probe")
            with connection, connection.cursor() as cursor:
                cursor.execute("INSERT INTO probe DEFAULT VALUES")
                # Left to do is the commit.
                self.asked += 1
            self.acknowledged += not self.over.is_set()

    def stop(self):
        """From here on it is no longer isolated."""
        self.over.set()
        self.thread.join()


FAULTS = [PrimaryKilled, PrimaryPower, PrimaryCutOff, PrimaryForgotten, PrimaryCrashed, ReplicaLost,
          TwinKilled]


def play(fault, load, warm=4, calm=4):
    """One round under load; when it struck, and when it was mended and whole again."""
    load.start()
    time.sleep(warm)
    before = fault.cluster.leader()
    fault.strike()
    struck = time.monotonic()
    fault.meanwhile()
    if fault.gone:
        # Somebody else is the primary.
        until("another primary", lambda: fault.cluster.primary() not in (None, before), 120)
    since = time.monotonic()
    until("acknowledged charges", lambda: acknowledged_since(load, since) >= 50, 180, 0.25)
    time.sleep(calm)
    fault.mend()
    mended = time.monotonic()
    fault.cluster.whole()
    whole = time.monotonic()
    time.sleep(1)
    load.stop()
    return struck, mended, whole


def acknowledged_since(load, moment):
    return sum(order.outcome == "paid" and order.settled_at > moment for order in list(load.orders))
