# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Where a token may be sent."""

import pytest
from lexware import LexwareClient, RejectedError


@pytest.mark.parametrize(
    "url, code",
    [
        ("", "bad_url"),
        (None, "bad_url"),
        ("api.lexware.io", "bad_url"),
        ("ftp://api.lexware.io", "bad_url"),
        ("https://user:pw@api.lexware.io", "bad_url"),
        ("https://api.lexware.io?x=1", "bad_url"),
        ("https://api.lexware.io:port", "bad_url"),
        ("http://api.lexware.io", "insecure_url"),
        ("http://8.8.8.8", "insecure_url"),
    ],
)
def test_addresses_that_would_leak_the_token_are_refused(url, code):
    with pytest.raises(RejectedError) as caught:
        LexwareClient(url, lambda rejected=None: "t")
    assert caught.value.code == code


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8099/",
        "http://lexoffice:8099",
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://192.168.1.5",
        "https://api.lexware.io/",
    ],
)
def test_a_local_stand_in_may_speak_plain_http(url):
    LexwareClient(url, lambda rejected=None: "t").close()
