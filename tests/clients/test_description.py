"""The served description, taken at its word by schemathesis: what it says is accepted is accepted, what it rules out is
refused, and every answer is one it describes."""

import os
import pathlib
import subprocess
import sys
import unittest

from program import Program

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "20")
SEED = "20261123"


class Description(unittest.TestCase):
    def setUp(self):
        # A key that may do everything, so that every operation is tried and not only refused.
        scopes = "send,read,credits,manage,top-up,operate"
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        self.program = Program("--payments-secret", secret, before=[
            ("workspace", "open", "tried"),
            ("credits", "top-up", "tried", "1000", "--payment", "1"),
            ("key", "create", "tried", "--scopes", scopes),
        ])
        self.key = self.program.said[-1].strip()
        self.addCleanup(self.program.close)

    def test_is_kept(self):
        home = self.program.folder.name
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"),
                "run", self.program.address + "/openapi.json",
                "--header", f"Authorization: {self.key}",
                "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful",
                "--max-examples", EXAMPLES, "--seed", SEED, "--generation-deterministic",
                # One worker: two threads that parse Python at once trip over each other in CPython 3.11 (gh-106905).
                "--continue-on-failure", "--workers", "1", "--no-color",
            ],
            cwd=home, capture_output=True, text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.program.stop(), 0)
        self.assertIn("every balance is the sum of its journal", self.program.run("reconcile"))


if __name__ == "__main__":
    unittest.main()
