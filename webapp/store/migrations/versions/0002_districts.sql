-- The services' tables of districts, what a connection remembers of them, and who may sign in. Everything here is new
-- or has a default, so that code which knows nothing of it still runs.

CREATE TABLE unclaimed_district (
    provider TEXT NOT NULL,
    provider_district TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_unclaimed_district PRIMARY KEY (id),
    CONSTRAINT uq_unclaimed_district_provider_provider_district UNIQUE (provider, provider_district)
);

CREATE TABLE service_poll (
    provider TEXT NOT NULL,
    good_at TIMESTAMP WITH TIME ZONE,
    trouble TEXT,
    trouble_since TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_service_poll PRIMARY KEY (id),
    CONSTRAINT uq_service_poll_provider UNIQUE (provider)
);

grant select, insert, update, delete on unclaimed_district, service_poll to rollbook_directory;

ALTER TABLE connection
    ADD COLUMN note TEXT,
    ADD COLUMN missing_since TIMESTAMP WITH TIME ZONE,
    ADD COLUMN feed_cursor TEXT,
    ADD COLUMN look_at TIMESTAMP WITH TIME ZONE;

grant select (state_reason, note, missing_since, look_at), update (look_at) on connection to rollbook_directory;

ALTER TABLE identity ADD COLUMN enabled BOOLEAN DEFAULT true NOT NULL;
