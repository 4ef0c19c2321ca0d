# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from . import contact, credit_note, invoice, sales_document, stop, tax, voucher
