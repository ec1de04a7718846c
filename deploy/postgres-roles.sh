#!/bin/sh
# Once per cluster, as its superuser: the owner (migrates), the application (everything else), and the database.
# postgres:18 runs this at first start; elsewhere: sudo -u postgres env OWNER_PASSWORD=… APP_PASSWORD=… sh postgres-roles.sh
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"

# The words travel in the environment, not in the arguments, which any user of the machine can read.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
CREATE ROLE owner LOGIN PASSWORD :'owner_password';
CREATE ROLE app LOGIN PASSWORD :'app_password';
CREATE DATABASE hehuoren OWNER owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE hehuoren FROM PUBLIC;
GRANT CONNECT ON DATABASE hehuoren TO app;
SQL
