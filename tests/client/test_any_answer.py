# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Whatever a server sends, the caller gets data or an error of the family."""

import json

import lexware
from hypothesis import given, settings
from hypothesis import strategies as st
from lexware import CODES, LexwareError
from lexware.answers import Answer, error_for

from .conftest import API

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"


@settings(
    max_examples=150,
    deadline=None,
)
@given(
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    status=st.integers(200, 599),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
)
def test_any_bytes_make_an_error_of_the_family(body, status, method):
    error = error_for(Answer(status, {}, body), method=method)
    assert isinstance(error, LexwareError)
    assert type(error) is not LexwareError
    assert error.code in CODES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "version",
                    "content",
                    "last",
                    "openAmount",
                    "paymentItems",
                    "organizationId",
                    "totalPages",
                    "number",
                    "message",
                    "IssueList",
                    "details",
                    "i18nKey",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
CALLS = [
    lambda api: api.profile(),
    lambda api: api.contact(ID),
    lambda api: list(api.contacts(name="abc")),
    lambda api: list(api.voucherlist(voucher_type="invoice")),
    lambda api: api.payments(ID),
    lambda api: api.countries(),
    lambda api: api.event_subscriptions(),
    lambda api: api.invoice_file(ID),
    lambda api: api.create_invoice({}, finalize=True),
    lambda api: api.upload_file("a.pdf", b"%PDF-", "application/pdf"),
    lambda api: api.update_contact(ID, {}),
]


class _Response:
    """What the transport reads of a ``requests.Response``."""

    raw = None

    def __init__(self, content):
        self.status_code = 200
        self.headers = {"Content-Type": "application/json"}
        self.content = content

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        pass


@settings(
    max_examples=300,
    deadline=None,
)
@given(data=JSON | st.binary(max_size=60), call=st.sampled_from(CALLS))
def test_any_answer_is_data_or_an_error_of_the_family(data, call):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    with lexware.LexwareClient(API, lambda rejected=None: "token") as api:
        api._transport._session.request = lambda *args, **kwargs: _Response(body)
        try:
            call(api)
        except LexwareError as error:
            assert error.code in CODES
