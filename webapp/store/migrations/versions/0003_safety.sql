-- Undo and its marks, thresholds that fall back, blackouts, records that were set aside, people who may be the same.
-- Everything here is new or has a default, so that code which knows nothing of it still runs.

ALTER TABLE sync_run
    ADD COLUMN undoes_run_id UUID CONSTRAINT fk_sync_run_undoes_run_id REFERENCES sync_run (id),
    ADD COLUMN undo_class_id UUID CONSTRAINT fk_sync_run_undo_class_id REFERENCES school_class (id),
    ADD COLUMN undo_to TIMESTAMP WITH TIME ZONE,
    ADD COLUMN continues JSONB DEFAULT '{}'::jsonb NOT NULL,
    ADD COLUMN whole_held BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE school_class ADD COLUMN hand BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE account ADD COLUMN hand BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE connection
    ADD COLUMN limits_until TIMESTAMP WITH TIME ZONE,
    ADD COLUMN blackout_from DATE,
    ADD COLUMN blackout_until DATE,
    ADD COLUMN archive_after_days INTEGER DEFAULT 14 NOT NULL;

CREATE TABLE record_set_aside (
    connection_id UUID NOT NULL,
    record TEXT NOT NULL,
    source_id TEXT NOT NULL,
    section_source_id TEXT DEFAULT '' NOT NULL,
    reason TEXT NOT NULL,
    odd BOOLEAN DEFAULT false NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id BIGSERIAL NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_record_set_aside PRIMARY KEY (id),
    CONSTRAINT uq_record_set_aside_connection_id_record_source_id_reason UNIQUE (connection_id, record, source_id, reason),
    CONSTRAINT fk_record_set_aside_connection_id FOREIGN KEY (connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_record_set_aside_district_id FOREIGN KEY (district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE identity_proposal (
    connection_id UUID NOT NULL,
    known_account_id UUID NOT NULL,
    new_account_id UUID NOT NULL,
    evidence JSONB NOT NULL,
    state TEXT NOT NULL,
    run_id UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by_id UUID,
    moved JSONB,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_identity_proposal PRIMARY KEY (id),
    CONSTRAINT uq_identity_proposal_known_account_id_new_account_id UNIQUE (known_account_id, new_account_id),
    CONSTRAINT ck_identity_proposal_state CHECK (state in ('open','accepted','declined','undone')),
    CONSTRAINT fk_identity_proposal_connection_id FOREIGN KEY (connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_identity_proposal_known_account_id FOREIGN KEY (known_account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_identity_proposal_new_account_id FOREIGN KEY (new_account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_identity_proposal_run_id FOREIGN KEY (run_id) REFERENCES sync_run (id),
    CONSTRAINT fk_identity_proposal_decided_by_id FOREIGN KEY (decided_by_id) REFERENCES account (id),
    CONSTRAINT fk_identity_proposal_district_id FOREIGN KEY (district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_account_sis_id ON account (source_connection_id, sis_id) WHERE sis_id is not null;
CREATE INDEX ix_account_student_number ON account (source_connection_id, student_number) WHERE student_number is not null;

CREATE INDEX ix_change_person_values ON change (district_id, at)
    WHERE record = 'account' and (jsonb_strip_nulls(before) <> '{}' or jsonb_strip_nulls(after) <> '{}');

CREATE INDEX ix_identity_proposal_connection_id ON identity_proposal (connection_id, state);

CREATE INDEX ix_audit_district_id_at ON audit (district_id, at);

do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array['record_set_aside', 'identity_proposal'] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format(
            'create policy tenant on %I to rollbook_app using (district_id = current_district()) with check (district_id = current_district())',
            tenant_table);
        execute format('grant select, insert, update, delete on %I to rollbook_app', tenant_table);
    end loop;
end $$;

grant usage on all sequences in schema public to rollbook_app;
