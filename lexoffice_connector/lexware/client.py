# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The lexoffice / Lexware Office public API, one method per endpoint."""

import contextlib
from functools import partial

from . import parsing
from .errors import NotFoundError, TransientError
from .files import download, upload_part
from .parsing import dump_json
from .query import encode, path, search, words
from .transport import CONNECT_TIMEOUT, READ_TIMEOUT, Transport

USER_AGENT = "lexoffice_connector (Odoo addon)"

PAGE_SIZE = 250  # the largest that every list accepts
_MAX_PAGES = 1000

# lexoffice refuses these in a PUT although its own GET delivers them.
_VOUCHER_READ_ONLY = frozenset(
    ("voucherStatus", "contactName", "createdDate", "updatedDate", "organizationId")
)


class LexwareClient:
    """A session with one lexoffice account.

    ::

        with LexwareClient("https://api.lexware.io", lambda rejected=None: key) as api:
            stub = api.create_invoice(payload, finalize=True)
            number = api.invoice(stub["id"])["voucherNumber"]

    Plain data in and out: dicts shaped like the API's JSON. Numbers with a
    fraction arrive as ``Decimal`` (whole ones may be ``int``) and should be sent
    as ``Decimal``. No request is ever repeated, except once after a 401.

    Every method raises the kinds of :class:`~.errors.LexwareError`; reads only
    TransientError, AuthError, RejectedError, NotFoundError and ConflictError.

    :param str base_url: e.g. ``https://api.lexware.io``
    :param token_provider: ``token_provider(rejected=None) -> str``. Called before
        each request; after a 401 once more with the refused token. If it then
        returns another one, the request is repeated once, writes too.
    :param before_request: called before each HTTP request; may sleep to keep pace
    :param after_response: called with the HTTP status, or None, after each one
    :param float connect_timeout: seconds
    :param float read_timeout: seconds without a byte; the whole answer may take
        1.7 times as long
    """

    def __init__(
        self,
        base_url,
        token_provider,
        *,
        before_request=None,
        after_response=None,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        user_agent=USER_AGENT,
    ):
        self._transport = Transport(
            base_url,
            token_provider,
            before_request=before_request,
            after_response=after_response,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            user_agent=user_agent,
        )

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the connection to lexoffice."""
        self._transport.close()

    @property
    def request_count(self):
        """Number of HTTP requests made so far, repeated ones included."""
        return self._transport.request_count

    # --- account and master data ---------------------------------------------

    def profile(self):
        """Return the organization; ``organizationId`` is an id ("Profile")."""
        return self._get("/v1/profile", parsing.profile)

    def posting_categories(self):
        """Return all posting categories ("Posting categories")."""
        return self._get("/v1/posting-categories", parsing.rows)

    def countries(self):
        """Return all countries with their tax class ("Countries")."""
        return self._get("/v1/countries", parsing.rows)

    def print_layouts(self):
        """Return the print layouts ("Print layouts")."""
        return self._get("/v1/print-layouts", parsing.rows)

    def payment_conditions(self):
        """Return the payment conditions ("Payment conditions")."""
        return self._get("/v1/payment-conditions", parsing.rows)

    # --- contacts --------------------------------------------------------------

    def contact(self, id):
        """Return a contact with its ``version`` ("Contacts")."""
        return self._get(path("/v1/contacts", id), parsing.versioned)

    def contacts(
        self, *, email=None, name=None, number=None, customer=None, vendor=None
    ):
        """Iterate over the matching contacts, archived ones included.

        ``email`` and ``name`` find **parts** of a value in any case, ``_`` and
        ``%`` are wildcards, and fewer than 3 characters are refused: compare what
        you get before you believe it.

        :param number: customer or vendor number, exactly
        :param customer: True for those with the role, False for those without
        :rtype: iterator of dict
        """
        return self._pages(
            "/v1/contacts",
            {
                "email": search(email),
                "name": search(name),
                "number": number,
                "customer": customer,
                "vendor": vendor,
            },
        )

    def create_contact(self, payload):
        """Create a contact (``version: 0``); returns ``id`` and ``version``."""
        return self._write("POST", "/v1/contacts", payload)

    def update_contact(self, id, payload):
        """Replace a contact: **what the payload lacks is emptied**.

        :param dict payload: a contact as read, changed, with its ``version``
        :raise ConflictError: ``stale_version`` when it was changed meanwhile
        """
        return self._write("PUT", path("/v1/contacts", id), payload)

    # --- sales documents ---------------------------------------------------------

    def invoice(self, id):
        """Return an invoice ("Invoices")."""
        return self._get(path("/v1/invoices", id), parsing.identified)

    def create_invoice(self, payload, *, finalize, preceding_id=None):
        """Create an invoice; the answer is only a stub without its number.

        :param bool finalize: True makes it legally valid, and nothing in the API
            can undo that; False leaves a draft that the API can't finalize later
        :param str preceding_id: the sales document this one follows
        :raise UncertainError: it may exist; look it up, don't repeat
        """
        return self._create_sales("invoices", payload, finalize, preceding_id)

    def invoice_file(self, id, accept="application/pdf"):
        """Download the document; a draft has none (ConflictError).

        :param str accept: ``application/pdf``, or ``application/xml``, which only
            an XRechnung has (others NotFoundError)
        :rtype: Download
        """
        return self._file(path("/v1/invoices", id, "/file"), id, accept)

    def credit_note(self, id):
        """Return a credit note ("Credit notes")."""
        return self._get(path("/v1/credit-notes", id), parsing.identified)

    def create_credit_note(self, payload, *, finalize, preceding_id=None):
        """Create a credit note; see :meth:`create_invoice`.

        :param str preceding_id: the finalized invoice it settles; one per invoice
        """
        return self._create_sales("credit-notes", payload, finalize, preceding_id)

    def credit_note_file(self, id, accept="application/pdf"):
        """Download a credit note's document; see :meth:`invoice_file`."""
        return self._file(path("/v1/credit-notes", id, "/file"), id, accept)

    # --- bookkeeping vouchers and files ------------------------------------------

    def voucher(self, id):
        """Return a bookkeeping voucher with its ``version`` ("Vouchers")."""
        return self._get(path("/v1/vouchers", id), parsing.versioned)

    def create_voucher(self, payload):
        """Book a voucher (``version: 0``). Equal numbers are **not** refused."""
        return self._write("POST", "/v1/vouchers", payload)

    def update_voucher(self, id, payload):
        """Replace a voucher; read-only fields of a GET are left out for you.

        :param dict payload: a voucher as read, changed. ``files`` must be there:
            lexoffice deletes for good every file that isn't named.
        :raise ValueError: without ``files``; nothing was sent
        """
        if "files" not in payload:
            raise ValueError("a PUT without files would delete them at lexoffice")
        payload = {k: v for k, v in payload.items() if k not in _VOUCHER_READ_ONLY}
        return self._write("PUT", path("/v1/vouchers", id), payload)

    def upload_voucher_file(self, voucher_id, filename, content, content_type):
        """Attach a file to a voucher; the same bytes twice give the same id.

        :param bytes content: up to 5 MB of pdf, jpg, png or XRechnung xml
        :return: dict with the file's ``id``
        """
        return self._transport.request(
            "POST",
            path("/v1/vouchers", voucher_id, "/files"),
            _json(parsing.identified),
            files=upload_part(filename, content, content_type),
        )

    def upload_file(self, filename, content, content_type, type="voucher"):
        """Upload a file as a new, unchecked voucher ("Files").

        :return: dict with ``id`` and, from newer servers, ``voucherId``
        """
        return self._transport.request(
            "POST",
            "/v1/files",
            _json(parsing.identified),
            data={"type": type},
            files=upload_part(filename, content, content_type),
        )

    def file(self, id, accept="*/*"):
        """Download a file by its id ("Files").

        :rtype: Download
        """
        return self._file(path("/v1/files", id), id, accept)

    # --- lists and payments --------------------------------------------------------

    def voucherlist(
        self,
        *,
        voucher_type,
        voucher_status="any",
        page_size=PAGE_SIZE,
        limit=None,
        sort=None,
        archived=None,
        contact_id=None,
        voucher_number=None,
        voucher_date_from=None,
        voucher_date_to=None,
        created_date_from=None,
        created_date_to=None,
        updated_date_from=None,
        updated_date_to=None,
    ):
        """Iterate over the index of all documents ("Voucherlist").

        ``totalAmount`` and ``openAmount`` are Decimal or None. lexoffice serves
        at most 10,000 rows of one search; narrow it by dates.

        :param voucher_type: word or iterable of words, e.g. ``invoice``
        :param voucher_status: likewise; ``overdue`` must stand alone
        :param int limit: stop after so many rows
        :param str sort: e.g. ``createdDate,DESC``
        :param voucher_number: exactly, in any case
        :param voucher_date_from: date or ``yyyy-MM-dd``; whole days in German
            time, both ends inclusive; likewise the other dates
        :rtype: iterator of dict
        """
        query = {
            "voucherType": words(voucher_type),
            "voucherStatus": words(voucher_status),
            "archived": archived,
            "contactId": contact_id,
            "voucherNumber": search(voucher_number),
            "voucherDateFrom": voucher_date_from,
            "voucherDateTo": voucher_date_to,
            "createdDateFrom": created_date_from,
            "createdDateTo": created_date_to,
            "updatedDateFrom": updated_date_from,
            "updatedDateTo": updated_date_to,
            "sort": sort,
        }
        check = partial(parsing.page, amounts=("totalAmount", "openAmount"))
        return self._pages("/v1/voucherlist", query, check, page_size, limit)

    def payments(self, voucher_id):
        """Return what is open and how it was paid ("Payments").

        :return: dict; ``openAmount`` is Decimal, ``paymentItems`` a list
        :raise RejectedError: for documents without payments, e.g. drafts
        """
        return self._get(path("/v1/payments", voucher_id), parsing.payments)

    # --- webhooks --------------------------------------------------------------------

    def event_subscriptions(self):
        """Return all subscriptions; each has its id under ``id``."""
        return self._get("/v1/event-subscriptions", parsing.subscriptions)

    def create_event_subscription(self, event_type, callback_url):
        """Subscribe to one event type ("Event subscriptions").

        :raise ConflictError: this type and URL are subscribed already
        """
        payload = {"eventType": event_type, "callbackUrl": callback_url}
        return self._write("POST", "/v1/event-subscriptions", payload)

    def delete_event_subscription(self, id):
        """Delete a subscription; one that is gone already counts as deleted."""
        target = path("/v1/event-subscriptions", id)
        with contextlib.suppress(NotFoundError):
            self._transport.request("DELETE", target, lambda answer: None)

    # --- the ways to the network -----------------------------------------------------

    def _get(self, target, check, query=""):
        return self._transport.request("GET", target, _json(check), query=query)

    def _write(self, method, target, payload, query=""):
        return self._transport.request(
            method,
            target,
            _json(parsing.identified),
            query=query,
            data=dump_json(payload),
            headers={"Content-Type": "application/json"},
        )

    def _create_sales(self, resource, payload, finalize, preceding_id):
        # This flag alone decides between a draft and a legally valid document, and
        # a value that lexoffice doesn't understand silently makes a draft.
        if not isinstance(finalize, bool):
            raise TypeError("finalize must be True or False")
        query = encode(
            {
                "finalize": finalize or None,
                "precedingSalesVoucherId": preceding_id,
            }
        )
        return self._write("POST", f"/v1/{resource}", payload, query)

    def _file(self, target, id, accept):
        parse = partial(download, fallback=id)
        return self._transport.request("GET", target, parse, accept=accept)

    def _pages(
        self, target, query, check=parsing.page, page_size=PAGE_SIZE, limit=None
    ):
        """Yield the rows of all pages, each id once.

        Rows move while one reads, so an id may come twice. A page that brings
        nothing new and is not the last one is an error and never a quiet end: a
        caller may conclude from "not listed" that a document must be sent again.
        """
        seen = set()
        for number in range(_MAX_PAGES):
            paging = encode({**query, "page": number, "size": page_size})
            content, last = self._get(target, check, paging)
            before = len(seen)
            for row in content:
                if limit is not None and len(seen) >= limit:
                    return
                if row["id"] not in seen:
                    seen.add(row["id"])
                    yield row
            if last or (last is None and not content):
                return
            if len(seen) == before:
                break
        raise TransientError(f"{target} has no last page", code="bad_response")


def _json(check):
    return lambda answer: check(parsing.load_json(answer.body))
