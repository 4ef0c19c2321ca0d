#!/bin/sh
# Make the demo database once, then serve it. PGHOST, PGUSER and PGPASSWORD say where
# PostgreSQL is; ODOO_URL and LEXOFFICE_URL are the addresses that the browser uses.
set -eu

database=${DEMO_DATABASE:-lexoffice_demo}
part="${database}_part"
data_dir=${ODOO_DATA_DIR:-/var/lib/odoo}

sql() {
    psql --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --dbname "$@"
}

# The database gets its name last: one that was interrupted is made anew.
if [ "$(sql postgres --command "SELECT 1 FROM pg_database WHERE datname = '$database'")" != 1 ]; then
    echo "Making the demo database (about two minutes) …"
    sql postgres --command "DROP DATABASE IF EXISTS $part WITH (FORCE)"
    rm -rf "$data_dir/filestore/$part" "$data_dir/filestore/$database"
    odoo --database "$part" --init account,l10n_de,contacts \
        --load-language=de_DE --without-demo=1 --stop-after-init --no-http
    odoo --database "$part" --init lexoffice_connector \
        --load-language=de_DE --without-demo=1 --stop-after-init --no-http
    echo "from demo import dataset; dataset.create(env)" \
        | odoo shell --database "$part" --no-http
    mv "$data_dir/filestore/$part" "$data_dir/filestore/$database"
    sql postgres --command "ALTER DATABASE $part RENAME TO $database"
fi

# Each time, because ports may have changed.
sql "$database" --set url="$ODOO_URL" --set lexoffice="$LEXOFFICE_URL" <<'SQL'
INSERT INTO ir_config_parameter (key, value) VALUES
    ('web.base.url', :'url'),
    ('web.base.url.freeze', 'True'),
    ('report.url', 'http://127.0.0.1:8069'),
    ('lexoffice_connector.api_url', :'lexoffice'),
    ('lexoffice_connector.app_url', :'lexoffice')
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
SQL

exec odoo --database "$database" --db-filter "^$database\$" --no-database-list \
    --http-port 8069 --workers=0 --max-cron-threads=2
