# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Addresses a person can open in the web app."""

from urllib.parse import quote

_ACTIONS = {
    "invoices": {"view", "edit"},
    "credit-notes": {"view", "edit"},
    "quotations": {"view", "edit"},
    "order-confirmations": {"view", "edit"},
    "delivery-notes": {"view", "edit"},
    "dunnings": {"view", "edit"},
    "vouchers": {"view", "edit"},
    "contacts": {"view"},  # contacts/edit is a 404 in the real app
    "recurring-templates": {"edit"},
}
# Down payment invoices are shown among the invoices.
_ALIASES = {"down-payment-invoices": "invoices"}


def permalink(app_url, resource, id, action="view"):
    """Return the deep link to a document or contact ("Permalinks").

    Where the app knows only one of view and edit, that one is used.

    :param str app_url: base URL of the web app as a browser reaches it
    :param str resource: plural name as in the API, e.g. ``credit-notes``
    :param str id: lexoffice id
    :param str action: ``view`` or ``edit``
    :rtype: str
    :raise ValueError: for a resource without a permalink
    """
    resource = _ALIASES.get(resource, resource)
    actions = _ACTIONS.get(resource)
    if not actions or action not in ("view", "edit"):
        raise ValueError(f"no permalink for {action} {resource}")
    if action not in actions:
        action = next(iter(actions))
    return f"{app_url.rstrip('/')}/permalink/{resource}/{action}/{quote(id, safe='')}"
