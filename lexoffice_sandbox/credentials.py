# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Bearer tokens: API keys and OAuth access tokens, found by their text."""


class Credentials:
    """Index from token to the record it belongs to, kept by the store."""

    def __init__(self, store):
        self._store = store
        self._tokens = {}
        self._owned = {}
        store.listen(self._on_change)

    def _on_change(self, kind, record_id, record):
        if kind not in ("api_key", "connection"):
            return
        self._tokens.pop(self._owned.pop((kind, record_id), None), None)
        token = record and (record.get("key") or record.get("access_token"))
        if token:
            self._tokens[token] = (kind, record_id)
            self._owned[kind, record_id] = token

    def find(self, token):
        """The API key or connection a token belongs to, valid or not."""
        found = self._tokens.get(token)
        return self._store.get(*found) if found else None

    def check(self, token, timestamp):
        """The record of a token that may be used now, else None."""
        record = self.find(token)
        if record is None or record["expires"] <= timestamp:
            return None
        client_id = record.get("client_id")
        client = client_id and self._store.get("client", client_id)
        if client_id and not (client and client["enabled"]):
            return None
        return record
