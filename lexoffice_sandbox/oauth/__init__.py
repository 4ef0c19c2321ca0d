# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The authorization server: consent pages, tokens, revocation."""
