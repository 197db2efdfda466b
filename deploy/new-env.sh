#!/bin/sh
# Prints what docker-compose.yml needs, with new secrets: sh deploy/new-env.sh > .env
# Keep FEEDBACK_SECRET_KEYS and FEEDBACK_PEPPER: without them, identities stay unreadable and external ids unknown.
set -eu
umask 077

hex() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
fernet() { head -c 32 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }

cat <<END
# Address and port on this machine at which the API answers.
API_ADDRESS=127.0.0.1
PORT=8000

POSTGRES_PASSWORD=$(hex 24)
FEEDBACK_OWNER_PASSWORD=$(hex 24)
FEEDBACK_SERVICE_PASSWORD=$(hex 24)
REDIS_PASSWORD=$(hex 24)

# Newest first, separated by commas; older ones still decrypt.
FEEDBACK_SECRET_KEYS=$(fernet)
# Never changes.
FEEDBACK_PEPPER=$(hex 32)
END
