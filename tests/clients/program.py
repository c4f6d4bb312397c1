"""The program `textmeter` of this build, serving over a new ledger."""

import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TEXTMETER_BIN", str(ROOT / "target" / "debug" / "textmeter"))


class Program:
    """`textmeter serve` on a free port; `address` is its URL, `key` the demo workspace's.

    `before` are commands over the same ledger before it serves; `said` is what each printed.
    """

    def __init__(self, *arguments, before=()):
        self.folder = tempfile.TemporaryDirectory()
        self.said = [self.run(*command) for command in before]
        command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"]
        command += ["--rates", str(ROOT / "rates.json"), "--log-level", "error", *arguments]
        self.process = subprocess.Popen(command, cwd=self.folder.name, stdout=subprocess.PIPE, text=True)
        self.address = self.key = None
        for line in self.process.stdout:
            if line.strip().startswith("tm_"):
                self.key = line.strip()
            if "http://" in line:
                self.address = line.split()[-1]
                break
        assert self.address, "it does not start"

    def run(self, *arguments):
        """Another command over the same ledger, while nobody serves it."""
        done = subprocess.run([BINARY, *arguments], cwd=self.folder.name, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(timeout=60)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()
