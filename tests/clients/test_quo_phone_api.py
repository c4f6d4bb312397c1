"""A client that was written for the provider's API, and knows nothing of the twin: PyPI's `quo_phone_api`."""

import unittest

import quo_phone_api.core as quo
import requests

from program import Program

AMERICAN = "(212) 555-0123"


class QuoPhoneApi(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.addCleanup(self.program.close)
        self.answers = []
        post = requests.post

        def overheard(*arguments, **named):
            # The client keeps of an error only that there was one: what it was told is read here.
            answer = post(*arguments, **named)
            self.answers.append(answer)
            return answer

        requests.post = overheard
        self.addCleanup(setattr, requests, "post", post)
        self.phone = quo.Phone(self.program.key, self.program.address)

    def balance(self):
        headers = {"Authorization": self.program.key}
        return requests.get(self.program.address + "/v1/balance", headers=headers, timeout=30).json()["balance"]

    def refused(self, number, text):
        """What the client was told when it could not read a success."""
        with self.assertRaises(KeyError):
            self.phone.send_message(number, text)
        return self.answers[-1]

    def test_sends_and_reads_the_answer_as_a_success(self):
        self.assertTrue(self.phone.connect())
        self.assertEqual(self.phone.show_phone_info(), {"id": "PNtextmeter", "number": "+12025550100"})
        sent = self.phone.send_message(AMERICAN, "Your table is ready")
        self.assertNotIn("error", sent)
        self.assertRegex(sent["id"], "^AC[0-9a-f]{32}$")
        self.assertEqual(sent["to"], ["+12125550123"])
        self.assertEqual(sent["text"], "Your table is ready")
        self.assertEqual((sent["cost"], sent["balance"]), ("0.01", "4.99"))
        self.assertEqual(self.answers[-1].status_code, 202)
        group = self.phone.send_message(AMERICAN + ",(212) 555-0124", "Your table is ready")
        self.assertEqual((group["to"], group["cost"]), (["+12125550123", "+12125550124"], "0.02"))
        self.assertEqual(self.balance(), "4.97")

    def test_is_refused_with_402_when_credits_run_out_and_nothing_is_deducted(self):
        self.phone.connect()
        # 1,500 characters are 10 segments: 0.10 to each of ten recipients is 1.00.
        ten = ",".join(f"(212) 555-01{number}" for number in range(10, 20))
        for left in ["4.00", "3.00", "2.00", "1.00", "0.00"]:
            self.assertEqual(self.phone.send_message(ten, "a" * 1500)["balance"], left)
        told = self.refused(AMERICAN, "Hello there")
        error = told.json()
        self.assertEqual((told.status_code, error["status"], error["code"]), (402, 402, "0200402"))
        self.assertEqual(error["title"], "Not Enough Credits")
        self.assertEqual((error["balance"], error["required"], error["shortfall"]), ("0.00", "0.01", "0.01"))
        self.assertEqual(self.balance(), "0.00")

    def test_is_told_which_field_is_wrong(self):
        self.phone.connect()
        for number, text, path in [(AMERICAN, "   ", "/content"), ("000", "Hello", "/to/0")]:
            told = self.refused(number, text)
            error = told.json()
            self.assertEqual((told.status_code, error["status"]), (400, 400))
            self.assertEqual(error["errors"][0]["path"], path)
            self.assertTrue(error["message"] and error["docs"])
        self.assertEqual(self.balance(), "5.00")

    def test_with_another_key_it_is_refused_with_401(self):
        self.phone.connect()
        self.phone.set_api_key("tm_not-a-key")
        told = self.refused(AMERICAN, "Hello there")
        self.assertEqual((told.status_code, told.json()["code"]), (401, "0200401"))


if __name__ == "__main__":
    unittest.main()
