# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A local stand-in for the lexoffice / Lexware Office REST API."""

__version__ = "1.0.0"
