-- A copy for tests must neither send to lexoffice nor use the grant of the original.
UPDATE lexoffice_token
   SET api_key = NULL, client_secret = NULL, access_token = NULL,
       refresh_token = NULL, expires_at = NULL;
UPDATE lexoffice_connection
   SET state = 'disconnected', auto_export = false, database_mark = NULL;
