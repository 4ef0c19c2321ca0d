# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What a user reads: made from a stored code and values when it is read.

Each sentence says what happened and what to do next.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Codes of lexware.errors.CODES, which the client sets.
CLIENT_MESSAGES = {
    "rate_limited": _lt(
        "lexoffice asks for a slower pace. Odoo tries again by itself."
    ),
    "timeout": _lt("lexoffice did not answer in time. Odoo tries again by itself."),
    "connect_failed": _lt(
        "lexoffice can't be reached. Odoo tries again by itself; check the network if"
        " this lasts."
    ),
    "tls_failed": _lt(
        "No trusted connection to lexoffice could be made. Ask your administrator to"
        " check the certificates of the server."
    ),
    "connection_lost": _lt(
        "The connection to lexoffice broke. Odoo looks up what happened by itself."
    ),
    "server_error": _lt(
        "lexoffice has a fault at the moment. Odoo tries again by itself."
    ),
    "bad_response": _lt(
        "lexoffice gave an answer that could not be read. Odoo tries again by itself."
    ),
    "response_too_large": _lt(
        "lexoffice gave an answer that is too large. Ask your administrator."
    ),
    "redirected": _lt(
        "lexoffice's address has moved. Ask your administrator to check the addresses"
        " in the system parameters."
    ),
    "unauthorized": _lt(
        "lexoffice does not accept the connection any more. Connect again under"
        " Invoicing → Configuration → lexoffice."
    ),
    "missing_scope": _lt(
        "A permission for lexoffice is missing. Connect again and allow all"
        " permissions, or make a new API key with all of them."
    ),
    "forbidden": _lt(
        "lexoffice refuses access. Check in lexoffice that your plan includes the"
        " interface and that your user has all rights."
    ),
    "invalid_grant": _lt(
        "The permission in lexoffice has ended. Connect again under Invoicing →"
        " Configuration → lexoffice."
    ),
    "unauthorized_client": _lt(
        "lexoffice has disabled this client. Ask Lexware's partner support."
    ),
    "invalid_client": _lt(
        "lexoffice does not know the client ID, or the client secret is wrong. Check"
        " both on the connection."
    ),
    "rejected": _lt(
        "lexoffice refused the document: %(details)s Mend it and press Try Again."
    ),
    "payment_required": _lt(
        "lexoffice asks for another plan, or the subscription has ended. Check it in"
        " lexoffice, then press Try Again."
    ),
    "bad_url": _lt(
        "The address of lexoffice in the system parameters is not a valid URL."
    ),
    "insecure_url": _lt(
        "The address of lexoffice in the system parameters must begin with https://."
    ),
    "not_found": _lt("lexoffice does not know this document or customer any more."),
    "conflict": _lt(
        "The record in lexoffice is in another state than expected. Check it there,"
        " then press Try Again."
    ),
    "stale_version": _lt(
        "The record was changed in lexoffice at the same moment. Press Try Again."
    ),
    "not_connected": _lt(
        "There is no connection with lexoffice. Connect under Invoicing →"
        " Configuration → lexoffice."
    ),
    "refreshing": _lt("Another worker renews the permission. Odoo goes on by itself."),
    "error": _lt("lexoffice could not be used. Odoo tries again by itself."),
}

# Reasons to stop a document before anything is sent.
STOP_MESSAGES = {
    "no_lines": _lt("The document has no line with an amount. Add one."),
    "line_without_tax": _lt(
        "The line “%(line)s” has no tax. Choose the tax that applies; 0 %% is never"
        " assumed."
    ),
    "line_with_several_taxes": _lt(
        "The line “%(line)s” has several taxes. lexoffice takes one per line."
    ),
    "tax_not_supported": _lt(
        "The tax “%(tax)s” on the line “%(line)s” can't be transferred: so far only"
        " the domestic rates of 19 %% and 7 %% are. Enter this document in lexoffice"
        " by hand."
    ),
    "foreign_currency": _lt(
        "The document is in %(currency)s, but lexoffice takes only EUR."
    ),
    "company_currency": _lt(
        "The company keeps its books in %(currency)s, but lexoffice only in EUR."
    ),
    "too_many_decimals": _lt(
        "%(field)s on the line “%(line)s” has more decimals than lexoffice takes"
        " (%(digits)s)."
    ),
    "too_many_lines": _lt(
        "The document has %(count)s lines; lexoffice takes 300. Split it."
    ),
    "totals_differ": _lt(
        "At %(rate)s %% lexoffice would compute %(theirs)s EUR of tax on"
        " %(their_net)s EUR, but Odoo booked %(ours)s EUR on %(our_net)s EUR. Adjust"
        " quantities or prices, or book the document in the voucher variant."
    ),
    "lines_dont_sum": _lt(
        "The lines add up to %(lines)s EUR, but the document's total is %(total)s EUR,"
        " perhaps because of a cash rounding. Remove the rounding."
    ),
    "cash_discount_upon_invoice": _lt(
        "The payment term “%(term)s” reduces the tax by the cash discount on the"
        " invoice already. lexoffice can't; choose another payment term."
    ),
    "instalments": _lt(
        "The payment term “%(term)s” has several instalments; lexoffice knows one due"
        " date. Choose another payment term."
    ),
    "no_posting_category": _lt(
        "No posting category is chosen. Choose one under Invoicing → Configuration →"
        " lexoffice."
    ),
    "posting_category_alone": _lt(
        "The posting category “%(category)s” does not allow several tax rates on one"
        " voucher. Choose another category."
    ),
    "sent_under_own_number": _lt(
        "The customer has this invoice already, under Odoo's number %(number)s."
        " lexoffice would issue a second original with another number (§ 14c UStG)."
        " Enter it in lexoffice as a voucher."
    ),
    "locked_period": _lt(
        "The invoice date %(date)s lies in a locked period (%(lock)s), so that"
        " lexoffice's number could not be entered. Allow an exception first."
    ),
    "journal_secured": _lt(
        "The journal “%(journal)s” secures its entries with a hash, so that"
        " lexoffice's number could not be entered. Choose a journal without it."
    ),
    "sequence_regex": _lt(
        "The journal “%(journal)s” prescribes a number format, so that lexoffice's"
        " number could not be entered. Remove the format."
    ),
    "contact_field_missing": _lt(
        "%(field)s is missing on the customer “%(customer)s”. Enter it and press Try"
        " Again."
    ),
    "contact_country_unknown": _lt(
        "The customer “%(customer)s” has no country that lexoffice knows."
    ),
    "leitweg_without_vendor_number": _lt(
        "The customer “%(customer)s” has a Leitweg-ID. lexoffice also needs your"
        " vendor number at this customer: enter it on the customer."
    ),
    "contact_ambiguous": _lt(
        "Several contacts in lexoffice fit the customer “%(customer)s”: %(numbers)s."
        " Enter the right customer number as the customer's reference in Odoo."
    ),
    "contact_archived": _lt(
        "The customer “%(customer)s” is archived in lexoffice. Restore it there."
    ),
    "invoice_not_transferred": _lt(
        "The invoice %(invoice)s that this credit note corrects has not been"
        " transferred. Mend that one first, then press Try Again."
    ),
    "pdf_failed": _lt("Odoo could not make the PDF: %(reason)s"),
    "pdf_too_large": _lt(
        "The PDF has %(size)s MB; lexoffice takes 5. Make it smaller and try again."
    ),
}

# What became of a document on its way.
OUTCOME_MESSAGES = {
    "outcome_unknown": _lt(
        "lexoffice's answer got lost. Odoo looks up whether the document arrived"
        " before anything is sent again."
    ),
    "no_match_found": _lt(
        "The answer got lost, and lexoffice shows %(count)s documents that might be"
        " this one but don't bear its sign %(marker)s. Check them in lexoffice, then"
        " say here what is true."
    ),
    "attempts_used_up": _lt(
        "%(attempts)s attempts have failed, the last one because: %(reason)s Press Try"
        " Again when the cause is mended."
    ),
    "total_differs": _lt(
        "lexoffice shows a total of %(theirs)s EUR, Odoo one of %(ours)s EUR. Compare"
        " both documents; correct the wrong one by a Rechnungskorrektur."
    ),
    "number_taken": _lt(
        "The document stands in lexoffice under the number %(number)s, but another"
        " entry in Odoo bears this number. Change that entry, then press Adopt Number."
    ),
    "number_not_written": _lt(
        "The document stands in lexoffice under the number %(number)s, but Odoo could"
        " not enter it: %(reason)s Then press Adopt Number."
    ),
    "internal_error": _lt(
        "A fault in the program stopped this document (%(error)s). Nothing has been"
        " sent. Tell your administrator, who finds it in the log; then try again."
    ),
    "adoption_fault": _lt(
        "The document stands in lexoffice, but a fault in the program kept Odoo from"
        " entering its number (%(error)s). Tell your administrator, who finds it in"
        " the log; then press Adopt Number."
    ),
    "outcome_unreadable": _lt(
        "The document was created in lexoffice, but can't be read there any more:"
        " %(details)s Check it in lexoffice, then press Adopt Number."
    ),
    "late_answer": _lt(
        "lexoffice made a document for this invoice whose answer came too late (ID"
        " %(uuid)s). Check in lexoffice that there is only one."
    ),
    "given_up": _lt("%(user)s gave this transfer up."),
    "several": _lt("%(reasons)s"),
}

MESSAGES = {**CLIENT_MESSAGES, **STOP_MESSAGES, **OUTCOME_MESSAGES}


class _Missing(dict):
    def __missing__(self, key):
        return "…"


def render(env, code, values=None):
    """A sentence in the language of ``env``.

    :param str code: a key of MESSAGES; an unknown one gives the general sentence.
    :param dict values: what the sentence names.
    """
    values = dict(values or {})
    if code == "several":
        return "\n".join(
            render(env, one["code"], one["values"]) for one in values["reasons"]
        )
    if reason := values.get("reason_code"):
        values["reason"] = render(env, reason, values.get("reason_values"))
    template = MESSAGES.get(code) or MESSAGES["error"]
    sentence = env._(template)
    return sentence % _Missing(values)


def error_values(error):
    """The JSON values of a client error: lexoffice's own complaints, as text."""
    details = "; ".join(
        " ".join(part for part in (issue.source, issue.message or issue.key) if part)
        for issue in error.details
    )
    details = details or str(error.message or "")
    if details and details[-1] not in ".!?":
        details += "."
    return {"details": details[:1000]}


def of_error(env, error):
    """The sentence about a ``lexware.LexwareError``."""
    return render(env, error.code, error_values(error))
