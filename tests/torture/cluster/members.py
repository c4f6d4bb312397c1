"""The members of the cluster: on each of three hosts etcd, Patroni and the PostgreSQL that Patroni runs."""

import contextlib
import glob
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.request

import psycopg2

from hosts import Host, unprivileged, until

# Patroni's own least: how long a leader's lock lasts without being renewed, in seconds.
TTL, LOOP, RETRY = 20, 5, 5
DATABASE = "textmeter"


def postgresql_programs():
    """The folder of PostgreSQL's programs: Debian's newest, or the one on the path."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if found:
        return pathlib.Path(found[-1]).parent
    for folder in os.environ["PATH"].split(os.pathsep):
        if pathlib.Path(folder, "initdb").is_file():
            return pathlib.Path(folder)
    raise RuntimeError("PostgreSQL's server is missing")


class Member(Host):
    """One of the three machines."""

    def __init__(self, number, folder, count, etcd, synchronous):
        super().__init__(f"db{number}", number, folder, ("inner", "outer"))
        self.etcd = etcd
        self.everybody = [f"10.77.1.{each}" for each in range(1, count + 1)]
        settings = self.settings(synchronous)
        # JSON is YAML.
        (self.folder / "patroni.yml").write_text(json.dumps(settings, indent=1))

    def settings(self, synchronous):
        inner, outer = self.address["inner"], self.address["outer"]
        who = {name: {"username": user} for name, user in
               (("superuser", "postgres"), ("replication", "replicator"), ("rewind", "rewinder"))}
        trust = ["local all all trust", "host all all 127.0.0.1/32 trust", "host all all 10.77.0.0/16 trust",
                 "host replication all 10.77.1.0/24 trust"]
        return {
            "scope": "ledger", "name": self.name,
            "restapi": {"listen": f"{inner}:8008", "connect_address": f"{inner}:8008"},
            "etcd3": {"hosts": [f"{each}:2379" for each in self.everybody]},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL, "loop_wait": LOOP, "retry_timeout": RETRY,
                    "synchronous_mode": "quorum" if synchronous else "off",
                    "synchronous_mode_strict": synchronous, "synchronous_node_count": 1,
                    # Without the guard a replica may take over however far behind it is.
                    "maximum_lag_on_failover": 1 << 20 if synchronous else 1 << 40,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": {
                        "max_connections": 100, "wal_keep_size": "512MB", "max_wal_size": "1GB"}},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{inner},{outer}:5432", "connect_address": f"{inner}:5432",
                "data_dir": str(self.folder / "data"), "bin_dir": str(postgresql_programs()),
                "pgpass": str(self.folder / "pgpass"), "authentication": who, "pg_hba": trust,
                "parameters": {"unix_socket_directories": str(self.folder), "shared_buffers": "64MB"},
            },
        }

    def boot(self):
        """Switches the machine on."""
        for card in self.cards:
            self.plug(card, True)
        inner = self.address["inner"]
        self.start("etcd", unprivileged([
            self.etcd, "--name", self.name, "--data-dir", str(self.folder / "etcd"),
            "--listen-peer-urls", f"http://{inner}:2380", "--initial-advertise-peer-urls", f"http://{inner}:2380",
            "--listen-client-urls", f"http://{inner}:2379", "--advertise-client-urls", f"http://{inner}:2379",
            "--initial-cluster",
            ",".join(f"db{n}=http://{each}:2380" for n, each in enumerate(self.everybody, 1)),
            "--initial-cluster-token", "ledger", "--log-level", "warn", "--logger", "zap",
            # Two cores carry three machines: a beat that comes late is no dead leader.
            "--heartbeat-interval", "250", "--election-timeout", "2500",
        ]), {"ETCD_UNSUPPORTED_ARCH": "arm64"} if os.uname().machine == "aarch64" else None)
        self.patroni = self.start("patroni", unprivileged(
            [sys.executable, "-m", "patroni", str(self.folder / "patroni.yml")]))

    def says(self, path="patroni"):
        """What its Patroni says; nothing when it says nothing."""
        try:
            with urllib.request.urlopen(f"http://{self.address['inner']}:8008/{path}", timeout=2) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def connect(self, database):
        """A connection of PostgreSQL's own user, from where clients come in."""
        return psycopg2.connect(host=self.address["outer"], user="postgres", dbname=database, connect_timeout=5)

    def rows(self, sql, database=DATABASE):
        """What a statement finds here."""
        connection = self.connect(database)
        # Some statements refuse to be part of a transaction.
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def crash(self):
        """Kills the process of one of its clients: PostgreSQL then starts again, because shared memory may be torn."""
        titles = ((pathlib.Path(f"/proc/{program}/cmdline").read_text(), program) for program in self.programs())
        victim = next(program for title, program in titles if title.startswith("postgres: ledger: textmeter"))
        os.kill(victim, signal.SIGKILL)

    def halt_patroni(self):
        """Stops Patroni without ending it: nobody tells this PostgreSQL any more that it is no longer the primary."""
        os.kill(self.patroni.pid, signal.SIGSTOP)

    def resume_patroni(self):
        os.kill(self.patroni.pid, signal.SIGCONT)


class Cluster:
    """The three of them."""

    def __init__(self, folder, etcd, synchronous):
        self.synchronous = synchronous
        self.members = [Member(number, folder, 3, etcd, synchronous) for number in (1, 2, 3)]

    def url(self, user):
        """All three addresses, as Patroni's users give them: who is the primary is found out by asking."""
        hosts = ",".join(f"{member.address['outer']}:5432" for member in self.members)
        return f"postgres://{user}@{hosts}/{DATABASE}"

    def rows(self, sql, database=DATABASE):
        """What a statement finds on the primary, whichever that is."""
        def look():
            with contextlib.suppress(psycopg2.OperationalError):
                # In a list, because nothing found is an answer too.
                return [self.leader().rows(sql, database)]
        return until(f"an answer to {sql}", look)[0]

    def boot(self):
        for member in self.members:
            member.boot()
        self.whole(180)

    def primary(self):
        """The member that holds the leader's lock, if it is at work; the first who answers says so."""
        seen = next(filter(None, (member.says("cluster") for member in self.members)), {"members": []})
        leaders = [each["name"] for each in seen["members"] if each["role"] == "leader" and each["state"] == "running"]
        return next((member for member in self.members if member.name in leaders), None)

    def leader(self):
        """The same, waited for."""
        return until("a primary", self.primary)

    def replica(self):
        primary = self.leader()
        return next(member for member in self.members if member is not primary)

    def is_whole(self):
        """A primary, and two replicas that follow it and count for its quorum: each says so itself."""
        said = [member.says() for member in self.members]
        primaries = [each for each in said if each.get("role") == "primary"]
        if len(primaries) != 1 or not all(each.get("state") in ("running", "streaming") for each in said):
            return False
        counts = "quorum" if self.synchronous else "async"
        followers = [each for each in primaries[0].get("replication", []) if each["sync_state"] == counts]
        return sum(each["state"] == "streaming" for each in followers) == 2

    def whole(self, seconds=240):
        until("the cluster is whole", self.is_whole, seconds, 0.25)


def version(*command):
    """The first line of what a program says of itself."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip().splitlines()[0]
