"""PyPI's `smsutil` as an oracle for the lower of our two counts: it cuts between code points."""

import json
import os
import random
import subprocess
import unittest

import smsutil
from smsutil.codecs import GSM_CHARSET

from program import BINARY, ROOT

MESSAGES = int(os.environ.get("ORACLE_CODE_POINTS", "20000"))
SEED = int(os.environ.get("ORACLE_SEED", "20260525"))

GSM = GSM_CHARSET.replace("\x1b", "")
EXTENSION = "^{}\\[~]|€\f"
OTHERS = "абвгдежз" "漢字短信" "‘’“”…" "\u200b\u200d\ufe0f\u00a0" "e\u0301\u0308" "👍👨👩👧🎉" "🏽🇺🇸" "𝒜𠀀"


def message(dice):
    """A message whose end lies near the end of a segment."""
    letters = dice.choice([GSM, GSM + EXTENSION * 4, OTHERS, GSM + OTHERS, GSM * 4 + OTHERS])
    end = dice.choice([70, 134, 140, 160, 201, 306, 459]) + dice.randint(-4, 4)
    return "".join(dice.choice(letters) for _ in range(max(end - dice.choice([0, 0, 0, 5, 20, 60]), 1)))


class SmsUtil(unittest.TestCase):
    def test_as_many_segments_between_code_points(self):
        dice = random.Random(SEED)
        messages = [message(dice) for _ in range(MESSAGES)]
        asked = "".join(json.dumps({"text": text, "to": [], "smart": False}) + "\n" for text in messages)
        command = [BINARY, "quote", "--jsonl", "--rates", str(ROOT / "rates.json")]
        told = subprocess.run(command, input=asked.encode(), capture_output=True).stdout.splitlines()
        self.assertEqual(len(told), len(messages))
        seen = set()
        for text, line in zip(messages, told):
            ours, theirs = json.loads(line), smsutil.split(text)
            encoding = {"gsm0338": "GSM-7", "utf_16_be": "UCS-2"}[theirs.encoding]
            self.assertEqual((ours["encoding"], ours["segments_min"]), (encoding, len(theirs.parts)), repr(text))
            seen.add((encoding, len(theirs.parts)))
        self.assertGreater(len(seen), 6, "long and short ones of both encodings")
