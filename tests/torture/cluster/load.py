"""Customers: threads that send messages through HTTP, each under an idempotency key, and ask again under the same key
until they know what came of it."""

import dataclasses
import http.client
import itertools
import json
import random
import threading
import time
from decimal import Decimal

# How long a customer waits for one answer before asking again (the twin goes on with what it was asked), and for an order
# to be settled at all.
ANSWER_SECONDS, SETTLED_SECONDS = 3, 240
# Of the workspaces: the first is everybody's, the last ones are always short of money.
WORKSPACES, POOR = 10, 2


@dataclasses.dataclass
class Workspace:
    name: str
    id: str
    key: str
    poor: bool


@dataclasses.dataclass
class Order:
    """A message that somebody wants sent once."""

    user: str
    workspace: Workspace
    asked_at: float
    keys: list = dataclasses.field(default_factory=list)
    # `paid`, `refused`, or nothing while that is not known.
    outcome: str = None
    charge: str = None
    cost: Decimal = None
    balance: Decimal = None
    settled_at: float = None
    tries: int = 0

    def document(self):
        """What is asked for; `userId` tells the order from all others, whatever keys it is asked for under."""
        return {"content": f"Order {self.user} is ready", "from": "+12025550100", "to": ["+12025550123"],
                "userId": self.user}


def open_workspaces(desk, tag):
    """Workspaces with money, or nearly none: their keys, and what was paid in."""
    opened, paid = [], {}
    for number in range(WORKSPACES):
        poor = number >= WORKSPACES - POOR
        name = f"{tag}-{number}"
        made, _ = desk("workspace", "open", name)
        key, _ = desk("key", "create", name, "--scopes", "send,read,top-up")
        amount = "0.05" if poor else "1000000"
        desk("credits", "top-up", name, amount, "--payment", f"{name}-first", "--provider", "desk")
        paid["desk", f"{name}-first"] = Decimal(amount)
        opened.append(Workspace(name, made["id"], key["secret"], poor))
    return opened, paid


class Line:
    """A customer's connection to one of the twins; to the next one when it breaks, as through a load balancer."""

    def __init__(self, places, first):
        self.places = itertools.cycle(places[first:] + places[:first])
        self.connection = None

    def ask(self, path, workspace, document, key=None):
        """Status and document, or nothing when no whole answer came."""
        headers = {"authorization": workspace.key, "content-type": "application/json"}
        if key:
            headers["idempotency-key"] = key
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*next(self.places), timeout=ANSWER_SECONDS)
            self.connection.request("POST", path, json.dumps(document), headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None, None

    def insist(self, path, workspace, document, key=None):
        """The same until there is an answer that says what was done."""
        end = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < end:
            status, said = self.ask(path, workspace, document, key)
            if status not in (None, 503):
                return status, said
            time.sleep(0.3)
        return None, None

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Load:
    """All customers. `orders` and `payments` are what they know; what is in the database is held against it."""

    def __init__(self, places, workspaces, paid, clients, pause, same_keys, seed):
        self.places, self.workspaces, self.clients, self.pause = places, workspaces, clients, pause
        self.same_keys, self.seed = same_keys, seed
        self.orders, self.payments, self.odd = [], dict(paid), []
        self.numbers = itertools.count(1)
        self.shift = 0
        self.threads, self.over = [], None

    def start(self):
        self.over = threading.Event()
        self.shift += 1
        jobs = [(self.customer, number) for number in range(self.clients)] + [(self.payer, 0)]
        self.threads = [threading.Thread(target=job, args=(number,), daemon=True) for job, number in jobs]
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Nobody asks for anything new; what was asked for is settled first."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def paid(self):
        return [order for order in list(self.orders) if order.outcome == "paid"]

    def customer(self, number):
        dice = random.Random(f"{self.seed}/{self.shift}/{number}")
        line = Line(self.places, number % len(self.places))
        while not self.over.is_set():
            one = dice.random()
            if one < 0.25:
                workspace = self.workspaces[0]
            elif one < 0.4:
                workspace = dice.choice(self.workspaces[-POOR:])
            else:
                workspace = dice.choice(self.workspaces[1:-POOR])
            order = Order(f"US{next(self.numbers)}", workspace, time.monotonic())
            self.orders.append(order)
            self.settle(order, line, dice)
            self.over.wait(dice.uniform(0, 2 * self.pause))
        line.close()

    def settle(self, order, line, dice):
        """Asks until the answer says what was done: money taken, or not."""
        key = f"key-{order.user}"
        while time.monotonic() < order.asked_at + SETTLED_SECONDS:
            order.tries += 1
            if not self.same_keys:
                key = f"key-{order.user}-{order.tries}"
            order.keys.append(key)
            status, said = line.ask("/v1/messages", order.workspace, order.document(), key)
            if status == 202:
                data = said["data"]
                order.charge, order.cost = data["charge_id"], Decimal(data["cost"])
                order.balance, order.outcome = Decimal(data["balance"]), "paid"
            elif status == 402:
                order.balance, order.outcome = Decimal(said["balance"]), "refused"
            elif status not in (None, 503):
                self.odd.append((order.user, status, said))
                return
            if order.outcome:
                order.settled_at = time.monotonic()
                return
            time.sleep(dice.uniform(0.1, 0.4))

    def payer(self, _):
        """Pays a little into the poor workspaces, so that they are always about to run out."""
        dice, line = random.Random(f"{self.seed}/{self.shift}/payer"), Line(self.places, 0)
        while not self.over.is_set():
            workspace = dice.choice(self.workspaces[-POOR:])
            payment = {"amount": "0.07", "provider": "bank", "payment": f"{workspace.name}-{next(self.numbers)}"}
            status, said = line.insist("/v1/top-ups", workspace, payment)
            if status in (200, 201):
                self.payments["bank", payment["payment"]] = Decimal(payment["amount"])
            else:
                self.odd.append((payment["payment"], status, said))
            self.over.wait(0.2)
        line.close()

    def again(self, many, dice):
        """Orders that were paid, asked for once more: how many were answered with anything but the same charge."""
        line, wrong = Line(self.places, 0), 0
        paid = self.paid()
        for order in dice.sample(paid, min(many, len(paid))):
            status, said = line.insist("/v1/messages", order.workspace, order.document(), order.keys[-1])
            wrong += status != 202 or said["data"]["charge_id"] != order.charge
        line.close()
        return wrong
