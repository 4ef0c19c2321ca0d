# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Documents in memory, written through to one SQLite file when asked for.

The dictionaries are the truth while the server runs, which keeps answers fast.
With a data file every change is committed before the answer leaves, so that a
killed process loses nothing it confirmed.
"""

import sqlite3

from . import jsonio

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT, id TEXT, account TEXT, seq INTEGER, body TEXT, content BLOB,
    PRIMARY KEY (kind, id))
"""


class Store:
    """Records by kind, account and id, in the order they came."""

    def __init__(self, path=None):
        self._listeners = []
        self._dirty = {}
        self._database = None
        self._clear()
        if path:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(_SCHEMA)
            self._load()

    def _clear(self):
        self._by_id = {}
        self._by_account = {}
        self._seq = 0

    def _load(self):
        rows = self._database.execute(
            "SELECT kind, account, seq, body, content FROM records ORDER BY seq"
        )
        for kind, account, seq, body, content in rows:
            record = jsonio.loads(body)
            record.update(_kind=kind, _account=account, _seq=seq)
            if content is not None:
                record["_content"] = content
            self._seq = max(self._seq, seq)
            self._keep(record)

    def _keep(self, record):
        kind, account = record["_kind"], record["_account"]
        self._by_id.setdefault(kind, {})[record["id"]] = record
        self._by_account.setdefault((kind, account), {})[record["id"]] = record

    def listen(self, listener):
        """Call ``listener(kind, id, record or None)`` for every change."""
        self._listeners.append(listener)
        for kind, records in self._by_id.items():
            for record in records.values():
                listener(kind, record["id"], record)

    def put(self, kind, account, record):
        """Add a record or write back a changed one."""
        if "_seq" not in record:
            self._seq += 1
            record.update(_kind=kind, _account=account, _seq=self._seq)
        self._keep(record)
        self._changed(kind, record["id"], record)
        return record

    def delete(self, kind, record_id):
        record = self._by_id.get(kind, {}).pop(record_id, None)
        if record is not None:
            self._by_account[kind, record["_account"]].pop(record_id)
            self._changed(kind, record_id, None)

    def _changed(self, kind, record_id, record):
        if self._database:
            self._dirty[kind, record_id] = record
        for listener in self._listeners:
            listener(kind, record_id, record)

    def get(self, kind, record_id, account=None):
        """One record; with an account, only if it belongs to that one."""
        record = self._by_id.get(kind, {}).get(record_id)
        if record is not None and account and record["_account"] != account:
            return None
        return record

    def all(self, kind, account=None):
        """All records of a kind, oldest first."""
        if account:
            return self._by_account.get((kind, account), {}).values()
        return self._by_id.get(kind, {}).values()

    def next_number(self, account, name, start=1):
        """Take the next number of an account's sequence."""
        key = f"{account}:{name}"
        record = self.get("sequence", key) or {"id": key, "next": start}
        number = record["next"]
        record["next"] = number + 1
        self.put("sequence", account, record)
        return number

    def commit(self):
        """Make all changes durable; called before an answer leaves."""
        if not self._dirty:
            return
        self._database.execute("BEGIN")
        for (kind, record_id), record in self._dirty.items():
            if record is None:
                self._database.execute(
                    "DELETE FROM records WHERE kind=? AND id=?", (kind, record_id)
                )
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?)",
                    self._row(kind, record_id, record),
                )
        self._database.execute("COMMIT")
        self._dirty.clear()

    @staticmethod
    def _row(kind, record_id, record):
        hidden = ("_kind", "_account", "_seq", "_content")
        body = {key: value for key, value in record.items() if key not in hidden}
        return (
            kind,
            record_id,
            record["_account"],
            record["_seq"],
            jsonio.dumps(body),
            record.get("_content"),
        )

    def wipe(self):
        """Forget everything, in memory and in the file."""
        for kind, records in self._by_id.items():
            for record_id in records:
                for listener in self._listeners:
                    listener(kind, record_id, None)
        self._clear()
        self._dirty.clear()
        if self._database:
            self._database.execute("DELETE FROM records")

    def close(self):
        if self._database:
            self.commit()
            self._database.close()
