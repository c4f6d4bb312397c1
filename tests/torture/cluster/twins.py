"""Two twins in front of the cluster, each on a host of its own that only sees where clients come in."""

import contextlib
import json
import signal
import subprocess
import urllib.request

from hosts import Host, unprivileged, until

PORT = 8080


class Twin(Host):
    """A machine with `textmeter serve` on it."""

    def __init__(self, number, folder, program, card, url):
        super().__init__(f"twin{number}", 100 + number, folder, ("outer",))
        self.program, self.card, self.url = program, card, url
        self.process = None

    @property
    def place(self):
        """Host and port."""
        return self.address["outer"], PORT

    def serve(self):
        """Starts it; it is ready when it can write."""
        host, port = self.place
        self.process = self.start("twin", unprivileged([
            self.program, "serve", "--db", self.url, "--listen", f"{host}:{port}", "--rates", self.card,
            "--rate-limit", "0", "--demo", "off", "--log-level", "warn"]))

    def ready(self):
        def look():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} does not start: {self.log('twin')[-2000:]}")
            try:
                host, port = self.place
                with urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=5) as answer:
                    return answer.status == 200
            except OSError:
                return False
        until(f"{self.name} is ready", look, 120)

    def end(self):
        """SIGKILL, and nothing of it runs any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def desk(self, *words):
        """`textmeter …` over the same ledger: what it printed as JSON, and whether it went well."""
        command = unprivileged([self.program, *words, "--db", self.url, "--json"])

        def look():
            done = subprocess.run(["nsenter", f"--net={self.space}", "--", *command], cwd=self.folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)
            with contextlib.suppress(ValueError):
                return json.loads(done.stdout), done.returncode == 0
            if "cannot-open-ledger" not in done.stderr:
                raise RuntimeError(f"{' '.join(words)}: {done.stderr or done.stdout}")

        return until(f"textmeter {words[0]}", look)
