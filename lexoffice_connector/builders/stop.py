# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).


class DocumentStop(Exception):
    """A document can't be sent as it stands; a person has something to mend.

    :param str code: a key of ``models.error_messages.MESSAGES``.
    :param values: what its sentence names: records' names, figures. JSON types only.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values
