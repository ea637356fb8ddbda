-- Two roles, three schemas: the wall between the visitors' process and the back office, kept by the database.
-- Run once by the database's owner, after `python app.py db upgrade` has made the schemas, and again after each
-- upgrade that adds tables. Give both roles a password or a client certificate of your own.
--
--   psql --set ON_ERROR_STOP=1 --file deploy/postgresql.sql kentering

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kentering_visitors') THEN
        CREATE ROLE kentering_visitors LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kentering_office') THEN
        CREATE ROLE kentering_office LOGIN;
    END IF;
END
$$;

REVOKE ALL ON SCHEMA public, helpline, office, counts FROM PUBLIC;

-- The visitors' process reads the rota, the draw, the public door and the roster; it writes talks, and nothing else.
GRANT USAGE ON SCHEMA helpline TO kentering_visitors;
GRANT SELECT ON ALL TABLES IN SCHEMA helpline TO kentering_visitors;
GRANT INSERT, UPDATE, DELETE ON helpline.booking, helpline.busy_atom, helpline.envelope, helpline.spent_token
    TO kentering_visitors;
-- A code that the back office handed over is used up by booking with it.
GRANT DELETE ON helpline.follow_up TO kentering_visitors;

-- The back office owns what it works on: its clock writes tables anew (VACUUM FULL), which only an owner may.
GRANT USAGE, CREATE ON SCHEMA helpline, office, counts TO kentering_office;
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('helpline', 'office', 'counts') LOOP
        EXECUTE format('ALTER TABLE %I.%I OWNER TO kentering_office', place.schemaname, place.tablename);
    END LOOP;
END
$$;

-- The clock ends a purge with pg_switch_wal() and CHECKPOINT, so that deleted rows leave the log as well.
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO kentering_office;
GRANT pg_checkpoint TO kentering_office;
