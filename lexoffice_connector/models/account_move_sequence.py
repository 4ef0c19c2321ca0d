# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PROVISIONAL_PREFIX = "VORL"
PROVISIONAL = "lexoffice_provisional"
WITHOUT_PROVISIONAL = "lexoffice_without_provisional"
ADOPTING = "lexoffice_adopting_number"


class AccountMove(models.Model):
    """Numbers that lexoffice gives.

    Until the number is back, a move bears a provisional one. Such moves, before and
    after, stand outside Odoo's own sequence: they neither continue it nor report gaps
    in it, and it goes on for all other moves as if they weren't there.
    """

    _inherit = "account.move"

    lexoffice_provisional_name = fields.Char(
        "Provisional Number", readonly=True, copy=False, index="btree_not_null"
    )

    def _set_next_sequence(self):
        self.ensure_one()
        move = self
        if self._lexoffice_numbers_document():
            name = f"{PROVISIONAL_PREFIX}/{self.date.year}/{self.id}"
            # Within the computation of another field: no write(), as for the name.
            with self.env.protecting(
                [self._fields["lexoffice_provisional_name"]], self
            ):
                self.lexoffice_provisional_name = name
            move = self.with_context(**{PROVISIONAL: name})
        return super(AccountMove, move)._set_next_sequence()

    def _get_next_sequence_format(self):
        if self.env.context.get(PROVISIONAL):
            return "", {}
        return super()._get_next_sequence_format()

    def _locked_increment(self, format_string, format_values):
        # The id makes it unique: no need to try and lock numbers.
        if name := self.env.context.get(PROVISIONAL):
            return name
        return super()._locked_increment(format_string, format_values)

    def _lexoffice_numbers_document(self):
        """Whether lexoffice, not Odoo's sequence, gives this move its number."""
        self.ensure_one()
        if self.lexoffice_provisional_name:
            return True
        connection = self._lexoffice_connection_for_post()
        return bool(connection) and connection.export_variant == "invoice"

    def _post(self, soft=True):
        self._lexoffice_drop_unused_provisional_names()
        return super()._post(soft)

    def _lexoffice_drop_unused_provisional_names(self):
        """A draft that lexoffice will not number after all gets Odoo's number."""
        for move in self.filtered("lexoffice_provisional_name"):
            connection = move._lexoffice_connection_for_post()
            if not move.lexoffice_number and connection.export_variant != "invoice":
                move.with_context(**{ADOPTING: True}).write(
                    {"name": False, "lexoffice_provisional_name": False}
                )

    # --- Left out of Odoo's own sequence

    def _get_last_sequence_domain(self, relaxed=False):
        without = self.with_context(**{WITHOUT_PROVISIONAL: True})
        where, params = super(AccountMove, without)._get_last_sequence_domain(relaxed)
        return f"{where} AND lexoffice_provisional_name IS NULL ", params

    @api.model
    def _search(self, domain, *args, **kwargs):
        # The reference move of a sequence is found by a search inside the method
        # above, where its domain can't be reached.
        if self.env.context.get(WITHOUT_PROVISIONAL):
            domain = Domain(domain) & Domain("lexoffice_provisional_name", "=", False)
        return super()._search(domain, *args, **kwargs)

    def _must_check_constrains_date_sequence(self):
        return not self.lexoffice_provisional_name and (
            super()._must_check_constrains_date_sequence()
        )

    @api.depends("lexoffice_provisional_name")
    def _compute_made_sequence_gap(self):
        numbered_elsewhere = self.filtered("lexoffice_provisional_name")
        numbered_elsewhere.made_sequence_gap = False
        others = self - numbered_elsewhere
        return super(AccountMove, others)._compute_made_sequence_gap()

    def _set_next_made_sequence_gap(self, made_gap):
        own = self.filtered(lambda move: not move.lexoffice_provisional_name)
        return super(AccountMove, own)._set_next_made_sequence_gap(made_gap)

    # --- Written once

    def write(self, vals):
        if "name" in vals and not self.env.context.get(ADOPTING):
            self._check_number_not_lexoffices(vals["name"])
        return super().write(vals)

    def _check_number_not_lexoffices(self, name):
        """:raises UserError: a number from lexoffice would be overwritten."""
        for move in self:
            provisional = move.lexoffice_provisional_name
            if not provisional or name in (move.name, provisional):
                continue
            raise UserError(
                self.env._(
                    "The number of %(move)s comes from lexoffice and can't be changed"
                    " in Odoo.",
                    move=move.name or provisional,
                )
            )

    def _lexoffice_adopt_number(self, number):
        """lexoffice's number becomes the move's, with its payment reference.

        :param str number: as lexoffice gave it.
        :raises UserError: the journal, a lock date or a hash forbids it.
        """
        self.ensure_one()
        move = self.with_context(**{ADOPTING: True}, skip_is_manually_modified=True)
        if not move.lexoffice_provisional_name:
            move.lexoffice_provisional_name = move.name
        move.write({"name": number, "payment_reference": number})
