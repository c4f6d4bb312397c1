"""`cargo xtask torture cluster`: two twins in front of three machines with PostgreSQL, and what goes wrong with them.

Prints the section of RELIABILITY.md on standard output, and how far it is on standard error. To be started in network,
mount and process namespaces of its own, as xtask does.
"""

import argparse
import datetime
import os
import random
import shutil
import signal
import sys
import tempfile
import threading

import patroni.version

from checks import check, members_agree
from faults import FAULTS, play
from hosts import run, switches
from load import Load, open_workspaces
from members import DATABASE, LOOP, RETRY, TTL, Cluster, version
from report import measured, section
from twins import Twin

# What keeps the four zeros, to be seen missing: replication that is waited for, the same key when asking again, the
# database's own rules.
GUARDS = ("quorum", "keys", "constraints")
RULES = {"entries": ("entries_pkey", "entries_balance_micros_check"), "accounts": ("accounts_balance_micros_check",),
         "charges": ("charges_balance_micros_check",)}


def arguments():
    parser = argparse.ArgumentParser(prog="cargo xtask torture cluster")
    parser.add_argument("--twin", required=True, help="the program textmeter")
    parser.add_argument("--card", required=True, help="the rate card")
    parser.add_argument("--etcd", required=True, help="the program etcd")
    parser.add_argument("--long", action="store_true", help="every fault three times, in a mixed order")
    parser.add_argument("--rounds", type=int, help="how often each fault strikes")
    parser.add_argument("--only", choices=[fault.name for fault in FAULTS], action="append", help="these faults")
    parser.add_argument("--without", choices=GUARDS, action="append", default=[], help="see the checks fail")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--pause", type=float, default=0.06, help="seconds a client rests between orders, on average")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    return parser.parse_args()


def say(words):
    print(f"{datetime.datetime.now():%H:%M:%S} {words}", file=sys.stderr, flush=True)


def interrupt(*_):
    raise KeyboardInterrupt


def watch_parent():
    """Whoever started this is gone when standard input ends."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def databases(cluster):
    """The ledger's user and database, and a table for whoever asks an isolated primary."""
    cluster.rows("CREATE ROLE textmeter LOGIN", "postgres")
    cluster.rows(f"CREATE DATABASE {DATABASE} OWNER textmeter", "postgres")
    cluster.rows("CREATE DATABASE probe", "postgres")
    cluster.rows("CREATE TABLE probe (id bigserial PRIMARY KEY)", "probe")


def plan(options, dice):
    if not options.long and not options.rounds and not options.only:
        return FAULTS[:1]
    chosen = [fault for fault in FAULTS if not options.only or fault.name in options.only]
    rounds = chosen * (options.rounds or (3 if options.long else 1))
    dice.shuffle(rounds)
    return rounds


def torture(options, folder, hosts):
    """All rounds. `hosts` takes what is made, for whoever has to clear away."""
    dice = random.Random(options.seed)
    say(f"seed {options.seed}, in {folder}")
    switches()
    # Its own: a twin that is started again is the same, whatever is built meanwhile.
    program = shutil.copy(options.twin, folder)
    cluster = Cluster(folder, options.etcd, "quorum" not in options.without)
    hosts += cluster.members
    twins = [Twin(number, folder, program, options.card, cluster.url("textmeter")) for number in (1, 2)]
    hosts += twins
    cluster.boot()
    databases(cluster)
    say("the cluster is whole")
    for twin in twins:
        twin.serve()
        twin.ready()
    if "constraints" in options.without:
        for table, names in RULES.items():
            for name in names:
                cluster.rows(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    workspaces, paid = open_workspaces(twins[0].desk, "torture")
    load = Load([twin.place for twin in twins], workspaces, paid, options.clients, options.pause,
                "keys" not in options.without, options.seed)
    rounds = []
    for kind in plan(options, dice):
        say(f"{kind.name} …")
        fault, seen = kind(cluster, twins), len(load.orders)
        struck, mended, whole = play(fault, load)
        counted = check(cluster, load, twins[0].desk)
        if fault.probe:
            counted.count("isolated", fault.probe.acknowledged, f"by {fault.target.name}")
            counted.count("others", int(fault.probe.asked == 0), f"nobody could ask {fault.target.name}")
        members_agree(counted, cluster)
        asked = fault.probe.asked if fault.probe else 0
        rounds.append(measured(kind, load.orders[seen:], struck, mended, whole, asked, counted))
        say(rounds[-1].line())
    # Asking for it again moves nothing.
    wrong = load.again(1_000, dice)
    last = check(cluster, load, twins[0].desk)
    last.count("others", wrong, "paid orders were answered otherwise when asked for again")
    return rounds, last, setting(options, cluster)


def setting(options, cluster):
    [(postgresql,)] = cluster.rows("SHOW server_version")
    etcd = version(options.etcd, "--version").split()[-1]
    replication = "asynchronous" if "quorum" in options.without else "quorum synchronous, strict"
    guards = f" **Without {' and '.join(options.without)}.**" if options.without else ""
    return (f"PostgreSQL {postgresql.split()[0]}, {replication} replication; Patroni {patroni.version.__version__}, "
            f"`ttl` {TTL}, `loop_wait` {LOOP}, `retry_timeout` {RETRY} s; etcd {etcd}; two twins, {options.clients} clients; "
            f"seed {options.seed}.{guards}")


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, interrupt)
    if options.until_eof:
        threading.Thread(target=watch_parent, daemon=True).start()
    folder = tempfile.mkdtemp(prefix="textmeter-cluster-")
    os.chmod(folder, 0o755)
    hosts = []
    try:
        rounds, last, where = torture(options, folder, hosts)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except Exception:
        for host in hosts:
            say(host.last_words())
        raise
    finally:
        for host in hosts:
            host.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print(section(rounds, last, where))
    return 0 if last.is_sound() and all(each.counted.is_sound() for each in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
