# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Starting the stand-in as a process of its own, and talking to it."""

import re
import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
KEY = "test-api-key"
CLIENT_ID = "5f0c3a38-3c3c-4bb0-9d59-2a6c1f6a1f10"
CLIENT_SECRET = "test-client-secret"
REDIRECT_URI = "https://odoo.example/lexoffice/oauth/callback"
DEFAULTS = (
    "--api-key",
    KEY,
    "--client-id",
    CLIENT_ID,
    "--client-secret",
    CLIENT_SECRET,
    "--redirect-uri",
    REDIRECT_URI,
    "--no-rate-limit",
)


class Server:
    """A running stand-in; ``url`` is its address."""

    def __init__(self, *options, port=0):
        command = [sys.executable, "-m", "lexoffice_sandbox", "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.greeting = self.process.stdout.readline()
        found = re.search(r"http://\S+", self.greeting)
        self.url = found and found[0]

    def stop(self):
        """SIGTERM; gives back the exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self):
        self.process.kill()
        return self._ended()

    def _ended(self):
        code = self.process.wait(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class Api(requests.Session):
    """A client of the service: paths instead of addresses, a key at hand."""

    def __init__(self, url, token=KEY):
        super().__init__()
        self.url = url
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method, path, **options):
        options["allow_redirects"] = False
        options.setdefault("timeout", 10)
        return super().request(method, self.url + path, **options)

    def create(self, path, body):
        """POST that has to succeed; gives back the id."""
        answer = self.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def read(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()
