#!/bin/sh
# Runs once, when PostgreSQL makes its data: one login owns the tables and migrates them, another serves and owns nothing.
# The two roles stand before the migrations, so that the owner needs no right to make roles.
set -eu

psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password FEEDBACK_OWNER_PASSWORD
\getenv service_password FEEDBACK_SERVICE_PASSWORD
CREATE ROLE feedback_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE feedback_system NOLOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE feedback_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE feedback_service LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOINHERIT PASSWORD :'service_password';
GRANT feedback_app, feedback_system TO feedback_service;
CREATE DATABASE feedback OWNER feedback_owner;
REVOKE ALL ON DATABASE feedback FROM PUBLIC;
GRANT CONNECT ON DATABASE feedback TO feedback_service;
GRANT TEMPORARY ON DATABASE feedback TO feedback_app;
SQL
