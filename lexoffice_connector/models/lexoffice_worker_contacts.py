# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
from datetime import timedelta

from odoo import fields, models

from ..builders.stop import DocumentStop
from ..lexware import (
    AuthError,
    ConflictError,
    LexwareError,
    RejectedError,
    UncertainError,
)
from .lexoffice_contact_link import customer_number
from .lexoffice_transfer import OUTCOME_DELAY
from .lexoffice_worker import CONFLICTS
from .lexoffice_worker_directory import ContactDirectory
from .lexoffice_worker_run import NotYet

_logger = logging.getLogger(__name__)

# Two contacts made at one moment may race for a number in lexoffice.
NUMBER_RACE = "account_number_already_exists"
NUMBER_RACE_WAIT = 3
STALE_WAIT = 5
# One page of contacts brings as many numbers as this many single reads.
FEW_CONTACTS = 2
# Whose number didn't come within this time has none.
NUMBER_WANTED = timedelta(days=1)


class LexofficeWorker(models.AbstractModel):
    """Customers: linked, else found, else created."""

    _inherit = "lexoffice.worker"

    def _contact_link(self, connection, partner):
        return self.env["lexoffice.contact.link"].search(
            [("connection_id", "=", connection.id), ("partner_id", "=", partner.id)]
        )

    def _prepare_contacts(self, rows, run):
        """Have the debtors of these rows linked, each once."""
        linked = self.env["lexoffice.contact.link"].search(
            [
                ("connection_id", "=", run.connection.id),
                ("partner_id", "in", rows.move_id.commercial_partner_id.ids),
                ("lexoffice_uuid", "!=", False),
            ]
        )
        new = rows.filtered(
            lambda row: row.move_id.commercial_partner_id not in linked.partner_id
        )
        directory = ContactDirectory(run.client)
        self._for_each(new, lambda row: self._prepare_contact(row, run, directory), run)

    def _prepare_contact(self, row, run, directory):
        """Have the row's debtor linked with a contact in lexoffice.

        :raises DocumentStop: the customer lacks something, or is not unique.
        :raises NotYet: somebody is creating this very contact.
        """
        if row.state != "pending" or not self._may_be_sent(row):
            return
        partner = row.move_id.commercial_partner_id
        link = self._contact_link(run.connection, partner)
        if link.lexoffice_uuid:
            return
        if link.creating_since and self._lost_contact_found(link, directory):
            return
        # Whatever the customer lacks is said before anything is done.
        self.env["lexoffice.builder.contact"]._build(partner, "")
        match = self._unique_match(partner, directory, run.connection)
        link = link or self.env["lexoffice.contact.link"].create(
            {"connection_id": run.connection.id, "partner_id": partner.id}
        )
        if match:
            self._link_existing(link, match, run.client)
        else:
            self._create_contact(link, run)

    def _lost_contact_found(self, link, directory):
        """Settle a creation whose answer is missing.

        :return: whether the contact had been created.
        """
        age = fields.Datetime.now() - link.creating_since
        if age < OUTCOME_DELAY:
            raise NotYet(min((OUTCOME_DELAY - age).total_seconds() + 1, 10))
        contact = directory.with_note(link._note())
        if contact:
            link._adopt(contact)
        return bool(contact)

    def _unique_match(self, partner, directory, connection):
        """The contact in lexoffice that surely is this partner, or None.

        A contact that another partner is linked with is not this one: two branches of
        a firm may share its VAT id, and a couple its mailbox.
        """
        taken = self.env["lexoffice.contact.link"].search(
            [
                ("connection_id", "=", connection.id),
                ("partner_id", "!=", partner.id),
                ("lexoffice_uuid", "!=", False),
            ]
        )
        taken = set(taken.mapped("lexoffice_uuid"))
        matches = directory.matches(partner, taken)
        if len(matches) > 1:
            numbers = [str(customer_number(match) or "–") for match in matches]
            raise DocumentStop(
                "contact_ambiguous",
                customer=partner.display_name,
                numbers=", ".join(numbers),
            )
        if matches and matches[0].get("archived"):
            raise DocumentStop("contact_archived", customer=partner.display_name)
        return matches[0] if matches else None

    def _link_existing(self, link, contact, client):
        """Link a contact that was there; a supplier becomes a customer, too."""
        if not customer_number(contact):
            contact = client.contact(contact["id"])
            contact["roles"] = {**(contact.get("roles") or {}), "customer": {}}
            try:
                client.update_contact(contact["id"], contact)
            except (ConflictError, UncertainError) as error:
                # Changed meanwhile, or done already: it is read anew.
                raise NotYet(STALE_WAIT) from error
            contact = client.contact(contact["id"])
        link._adopt(contact)

    def _create_contact(self, link, run):
        """Create the contact; that we are at it is committed before."""
        link.creating_since = fields.Datetime.now()
        payload = self.env["lexoffice.builder.contact"]._build(
            link.partner_id, link._note()
        )
        self._commit()
        try:
            with run.leaving():
                uuid = run.client.create_contact(payload)["id"]
        except UncertainError:
            raise  # looked up by its note, when its turn comes again
        except LexwareError as error:
            # Certainly not executed: the next attempt need not look it up.
            self.env.cr.rollback()
            self._repeat(lambda: link.write({"creating_since": False}))
            if isinstance(error, RejectedError) and NUMBER_RACE in {
                issue.key for issue in error.details
            }:
                raise NotYet(NUMBER_RACE_WAIT) from error
            raise
        values = {
            "lexoffice_uuid": uuid,
            "creating_since": False,
            "created_at": fields.Datetime.now(),
        }
        self.env.cr.rollback()
        self._repeat(lambda: link.write(values))

    # --- Customer numbers

    def _adopt_contacts(self, run):
        """Customer numbers of contacts just made; no document waits for them."""
        links = self.env["lexoffice.contact.link"].search(
            [
                ("connection_id", "=", run.connection.id),
                ("lexoffice_uuid", "!=", False),
                ("customer_number", "=", False),
                ("created_at", ">", fields.Datetime.now() - NUMBER_WANTED),
            ]
        )
        if not links or self._due(run, ["pending"], ["document"], limit=1):
            return  # one page brings the numbers of all, at the end
        ids_by_uuid = dict(zip(links.mapped("lexoffice_uuid"), links.ids, strict=True))
        try:
            if len(ids_by_uuid) <= FEW_CONTACTS:
                contacts = [run.client.contact(uuid) for uuid in ids_by_uuid]
            else:
                contacts = list(run.client.contacts())
        except AuthError:
            raise
        except LexwareError as error:
            _logger.info("Customer numbers come later: %s", error.code)
            return
        for contact in contacts:
            if link_id := ids_by_uuid.get(contact["id"]):
                link = links.browse(link_id)
                self._adopt_contact(link, contact)

    def _adopt_contact(self, link, contact):
        try:
            link._adopt(contact)
            self._commit()
        except CONFLICTS:
            self.env.cr.rollback()  # somebody edits the customer; next time
