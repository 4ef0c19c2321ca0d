# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Invoices, credit notes and the other sales documents: create and read.

Nothing can be changed afterwards: a document is a draft or final from its birth.
"""

from fastapi import APIRouter

from .. import dates, ledger
from ..call import CurrentCall
from ..jsonio import JsonResponse, public
from ..money import ZERO
from . import sales_build, sales_files, sales_request, sales_rules, sales_types

router = APIRouter(prefix="/v1")


def _routes(kind):
    """The four routes of one kind of document."""
    path = f"/{kind.path}"

    async def create(call: CurrentCall):
        return create_document(call, kind)

    async def read(document_id: str, call: CurrentCall):
        return JsonResponse(public(find(call, kind, document_id)))

    async def file(document_id: str, call: CurrentCall):
        return sales_files.download(call, find(call, kind, document_id))

    async def document(document_id: str, call: CurrentCall):
        return sales_files.document(call, find(call, kind, document_id))

    router.add_api_route(path, create, methods=["POST"])
    router.add_api_route(path + "/{document_id}", read, methods=["GET"])
    router.add_api_route(path + "/{document_id}/file", file, methods=["GET"])
    router.add_api_route(path + "/{document_id}/document", document, methods=["GET"])


for _kind in sales_types.ALL:
    _routes(_kind)


def find(call, kind, document_id):
    """A document of this kind; other kinds are as unknown as unknown ids."""
    record = call.get("sales", document_id)
    if record["_type"] != kind.voucher_type:
        raise call.not_found()
    return record


def create_document(call, kind):
    """Check, compute, number and store a document."""
    # a missing predecessor of a dunning is reported before the body is looked at
    preceding = sales_rules.predecessor(call, kind)
    request = sales_request.parse(call.json(), call.settings)
    finalize = kind.finalizable and call.params.get("finalize", "").lower() == "true"
    sales_rules.check(call, kind, request, finalize)
    contact = sales_rules.referenced_contact(call, request.address)
    record = sales_build.build(call, kind, request, contact)
    tie = preceding is not None and _is_correction(record, finalize)
    if tie:
        _refuse_second_correction(call, preceding)
    if kind.prefix:
        number = call.store.next_number(call.account_id, kind.voucher_type)
        record["voucherNumber"] = f"{kind.prefix}{number:04d}"
    if finalize:
        finalize_document(call.store, record, kind, call.account)
    call.store.put("sales", call.account_id, record)
    if preceding is not None:
        _relate(record, preceding)
        if tie:
            _settle_with(call, record, preceding)
        for changed in (record, preceding):
            call.store.put("sales", call.account_id, changed)
    return call.action_result(kind.path, record, 201)


def finalize_document(store, record, kind, account):
    """Open a draft and make its file id known to ``/v1/files``."""
    sales_build.finalize(record, kind, account)
    link = {"id": record["files"]["documentFileId"], "document": record["id"]}
    store.put("document_file", account["id"], link)


def _is_correction(record, finalize):
    return finalize and record["_type"] == "creditnote"


def _refuse_second_correction(call, invoice):
    for related in invoice["relatedVouchers"]:
        other = call.store.get("sales", related["id"])
        if other and other.get(ledger.TIED_CREDIT_NOTE):
            text = "The invoice has a credit note already"
            raise sales_rules.RegularError(406, text)


def _relate(record, preceding):
    for one, other in ((record, preceding), (preceding, record)):
        one["relatedVouchers"].append(
            {
                "id": other["id"],
                "voucherNumber": other.get("voucherNumber"),
                "voucherType": other["_type"],
            }
        )


def _settle_with(call, credit_note, invoice):
    """A credit note for an invoice is paid off at once and lowers its claim."""
    day = dates.midnight(call.now.date())
    amount = ledger.gross_total(credit_note)
    credit_note[ledger.TIED_CREDIT_NOTE] = invoice["id"]
    ledger.add_payment(credit_note, amount, day, "partPaymentCreditNote")
    left = ledger.open_amount(invoice) or ZERO
    if left > 0:
        ledger.add_payment(invoice, min(left, amount), day, "partPaymentCreditNote")
        invoice["updatedDate"] = dates.render(call.now)
        invoice["version"] += 1
