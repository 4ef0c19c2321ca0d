# Odoo 19 with the addon; the demo's data set and walk are in it, too.
FROM odoo:19

USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        python3-phonenumbers \
        python3-requests-oauthlib \
    && rm -rf /var/lib/apt/lists/*

# Not in /mnt/extra-addons: that is a volume, and an old one would hide a new addon.
COPY lexoffice_connector /opt/lexoffice/addons/lexoffice_connector
COPY demo /opt/lexoffice/demo
COPY docker/odoo.conf /etc/odoo/odoo.conf
COPY docker/start-odoo.sh /opt/lexoffice/start-odoo.sh

USER odoo
WORKDIR /opt/lexoffice
ENV PYTHONPATH=/opt/lexoffice
# The image's own entry point waits for PostgreSQL with options of its own; here the
# health check of the database does that, and libpq's variables say where it is.
ENTRYPOINT []
CMD ["sh", "/opt/lexoffice/start-odoo.sh"]
EXPOSE 8069
