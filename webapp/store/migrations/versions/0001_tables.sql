-- The tables, as first decided. Their meaning stands in store/tables/.

CREATE TABLE district (
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_district PRIMARY KEY (id)
);

CREATE TABLE operator (
    email TEXT NOT NULL,
    secret_hash TEXT,
    setup_token_hash TEXT,
    setup_expires_at TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_operator PRIMARY KEY (id),
    CONSTRAINT uq_operator_email UNIQUE (email),
    CONSTRAINT uq_operator_setup_token_hash UNIQUE (setup_token_hash)
);

CREATE TABLE sign_in_attempt (
    state_hash TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    purpose TEXT NOT NULL,
    invitation_id UUID,
    sign_in_id UUID,
    next_path TEXT NOT NULL,
    unasked BOOLEAN NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
    CONSTRAINT uq_sign_in_attempt_state_hash UNIQUE (state_hash)
);

CREATE INDEX ix_sign_in_attempt_browser_hash ON sign_in_attempt (browser_hash, made_at);

CREATE TABLE audit (
    district_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_account_id UUID,
    actor_operator_id UUID,
    action TEXT NOT NULL,
    subject TEXT,
    subject_id TEXT,
    detail JSONB,
    id BIGSERIAL NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE INDEX ix_audit_district_id ON audit (district_id);

CREATE TABLE outbox (
    district_id UUID,
    kind TEXT NOT NULL,
    ids JSONB NOT NULL,
    sealed_token TEXT,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    next_try_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT 0 NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT fk_outbox_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_outbox_unsent ON outbox (written_at) WHERE sent_at is null;

CREATE INDEX ix_outbox_district_id ON outbox (district_id);

CREATE TABLE license (
    name TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    student_seats INTEGER NOT NULL,
    teacher_seats INTEGER,
    field_policy JSONB DEFAULT '{}'::jsonb NOT NULL,
    rules JSONB DEFAULT '{}'::jsonb NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_license PRIMARY KEY (id),
    CONSTRAINT fk_license_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE connection (
    provider TEXT NOT NULL,
    provider_district TEXT,
    library_account_id UUID,
    sealed_token TEXT,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    state_reason TEXT,
    limits JSONB DEFAULT '{}'::jsonb NOT NULL,
    cursors JSONB DEFAULT '{}'::jsonb NOT NULL,
    last_good_sync_at TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_connection PRIMARY KEY (id),
    CONSTRAINT ck_connection_state CHECK (state in ('unclaimed','connected','paused','attention','frozen','closed')),
    CONSTRAINT ck_connection_method CHECK (method in ('teacher_choice','all_sections','accounts_only','manual')),
    CONSTRAINT fk_connection_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_connection_live ON connection (provider, provider_district) WHERE state <> 'closed' and provider_district is not null;

CREATE TABLE license_school (
    license_id UUID NOT NULL,
    given_id TEXT NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_license_school PRIMARY KEY (id),
    CONSTRAINT uq_license_school_license_id_given_id UNIQUE (license_id, given_id),
    CONSTRAINT fk_license_school_license_id FOREIGN KEY(license_id) REFERENCES license (id) ON DELETE CASCADE,
    CONSTRAINT fk_license_school_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE account (
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT,
    roster_email TEXT,
    grade TEXT,
    sis_id TEXT,
    student_number TEXT,
    source_connection_id UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_sign_in_at TIMESTAMP WITH TIME ZONE,
    disabled_at TIMESTAMP WITH TIME ZONE,
    merged_into_id UUID,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT fk_account_source_connection_id FOREIGN KEY(source_connection_id) REFERENCES connection (id),
    CONSTRAINT fk_account_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES account (id),
    CONSTRAINT fk_account_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE school (
    nces_id TEXT DEFAULT '' NOT NULL,
    connection_id UUID NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_school PRIMARY KEY (id),
    CONSTRAINT uq_school_connection_id_source_id UNIQUE (connection_id, source_id),
    CONSTRAINT fk_school_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_school_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE term (
    starts_on DATE,
    ends_on DATE,
    connection_id UUID NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_term PRIMARY KEY (id),
    CONSTRAINT uq_term_connection_id_source_id UNIQUE (connection_id, source_id),
    CONSTRAINT fk_term_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_term_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE course (
    number TEXT DEFAULT '' NOT NULL,
    connection_id UUID NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_course PRIMARY KEY (id),
    CONSTRAINT uq_course_connection_id_source_id UNIQUE (connection_id, source_id),
    CONSTRAINT fk_course_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE section (
    school_source_id TEXT NOT NULL,
    course_source_id TEXT NOT NULL,
    term_source_ids TEXT[] NOT NULL,
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    number TEXT NOT NULL,
    grades TEXT[] NOT NULL,
    connection_id UUID NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_section PRIMARY KEY (id),
    CONSTRAINT uq_section_connection_id_source_id UNIQUE (connection_id, source_id),
    CONSTRAINT fk_section_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_section_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE lease (
    connection_id UUID NOT NULL,
    holder UUID,
    fence BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_lease PRIMARY KEY (connection_id),
    CONSTRAINT fk_lease_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE,
    CONSTRAINT fk_lease_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE school_class (
    license_id UUID NOT NULL,
    name_given TEXT,
    provider_name TEXT NOT NULL,
    product_course TEXT,
    state TEXT NOT NULL,
    state_reason TEXT,
    state_since TIMESTAMP WITH TIME ZONE NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by_id UUID,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_school_class PRIMARY KEY (id),
    CONSTRAINT ck_school_class_state CHECK (state in ('active','frozen','archived')),
    CONSTRAINT fk_school_class_license_id FOREIGN KEY(license_id) REFERENCES license (id),
    CONSTRAINT fk_school_class_made_by_id FOREIGN KEY(made_by_id) REFERENCES account (id),
    CONSTRAINT fk_school_class_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_school_class_license_id ON school_class (license_id);

CREATE TABLE license_member (
    license_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role TEXT NOT NULL,
    school_given_id TEXT,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_license_member PRIMARY KEY (id),
    CONSTRAINT ck_license_member_role CHECK (role in ('teacher','license_admin','school_admin','district_admin')),
    CONSTRAINT fk_license_member_license_id FOREIGN KEY(license_id) REFERENCES license (id) ON DELETE CASCADE,
    CONSTRAINT fk_license_member_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_license_member_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_license_member_live ON license_member (license_id, account_id, role) WHERE ended_at is null;

CREATE INDEX ix_license_member_account_id ON license_member (account_id);

CREATE TABLE invitation (
    license_id UUID NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    school_given_id TEXT,
    token_hash TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    accepted_by_id UUID,
    revoked_at TIMESTAMP WITH TIME ZONE,
    bound_provider TEXT,
    bound_authority TEXT,
    bound_kind TEXT,
    bound_subject TEXT,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT ck_invitation_role CHECK (role in ('teacher','license_admin','school_admin','district_admin')),
    CONSTRAINT fk_invitation_license_id FOREIGN KEY(license_id) REFERENCES license (id) ON DELETE CASCADE,
    CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_invitation_made_by_id FOREIGN KEY(made_by_id) REFERENCES account (id),
    CONSTRAINT fk_invitation_accepted_by_id FOREIGN KEY(accepted_by_id) REFERENCES account (id),
    CONSTRAINT fk_invitation_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_invitation_bound ON invitation (bound_provider, bound_authority, bound_subject);

CREATE INDEX ix_invitation_license_id ON invitation (license_id);

CREATE TABLE account_role (
    account_id UUID NOT NULL,
    role TEXT NOT NULL,
    school_id UUID,
    source_connection_id UUID,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_account_role PRIMARY KEY (id),
    CONSTRAINT uq_account_role_account_id_role_school_id_source_connection_id UNIQUE NULLS NOT DISTINCT (account_id, role, school_id, source_connection_id),
    CONSTRAINT ck_account_role_role CHECK (role in ('teacher','student','school_admin','district_admin','license_admin','staff')),
    CONSTRAINT fk_account_role_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_account_role_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_account_role_source_connection_id FOREIGN KEY(source_connection_id) REFERENCES connection (id),
    CONSTRAINT fk_account_role_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE TABLE identity (
    account_id UUID NOT NULL,
    provider TEXT NOT NULL,
    authority TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    secret_hash TEXT,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_to TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_identity PRIMARY KEY (id),
    CONSTRAINT ck_identity_subject_not_blank CHECK (subject <> ''),
    CONSTRAINT fk_identity_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_identity_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_identity_live ON identity (provider, authority, kind, subject) WHERE valid_to is null;

CREATE INDEX ix_identity_account_id ON identity (account_id);

CREATE TABLE sign_in (
    secret_hash TEXT NOT NULL,
    district_id UUID,
    account_id UUID,
    operator_id UUID,
    provider TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_sign_in PRIMARY KEY (id),
    CONSTRAINT uq_sign_in_secret_hash UNIQUE (secret_hash),
    CONSTRAINT fk_sign_in_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE,
    CONSTRAINT fk_sign_in_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_sign_in_operator_id FOREIGN KEY(operator_id) REFERENCES operator (id) ON DELETE CASCADE
);

CREATE INDEX ix_sign_in_district_id ON sign_in (district_id);

CREATE INDEX ix_sign_in_account_id ON sign_in (account_id);

CREATE TABLE password_reset (
    district_id UUID,
    account_id UUID,
    operator_id UUID,
    token_hash TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    CONSTRAINT pk_password_reset PRIMARY KEY (id),
    CONSTRAINT fk_password_reset_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE,
    CONSTRAINT fk_password_reset_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_password_reset_operator_id FOREIGN KEY(operator_id) REFERENCES operator (id) ON DELETE CASCADE,
    CONSTRAINT uq_password_reset_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_password_reset_district_id ON password_reset (district_id);

CREATE TABLE sync_run (
    connection_id UUID NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT[],
    licenses JSONB DEFAULT '{}'::jsonb NOT NULL,
    "full" BOOLEAN DEFAULT false NOT NULL,
    requested_by_id UUID,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_by_id UUID,
    state TEXT NOT NULL,
    reason TEXT,
    counts JSONB DEFAULT '{}'::jsonb NOT NULL,
    progress INTEGER DEFAULT 0 NOT NULL,
    plan_hash TEXT,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    alive_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    next_try_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT 0 NOT NULL,
    fence BIGINT,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_sync_run PRIMARY KEY (id),
    CONSTRAINT ck_sync_run_kind CHECK (kind in ('import','sync','undo')),
    CONSTRAINT ck_sync_run_state CHECK (state in ('requested','running','done','held','parked','failed','discarded','superseded')),
    CONSTRAINT fk_sync_run_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id),
    CONSTRAINT fk_sync_run_requested_by_id FOREIGN KEY(requested_by_id) REFERENCES account (id),
    CONSTRAINT fk_sync_run_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES account (id),
    CONSTRAINT fk_sync_run_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_sync_run_connection_id ON sync_run (connection_id, requested_at);

CREATE INDEX ix_sync_run_open ON sync_run (state, requested_at);

CREATE TABLE class_source (
    class_id UUID NOT NULL,
    connection_id UUID NOT NULL,
    section_id UUID NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    id UUID DEFAULT uuidv7() NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_class_source PRIMARY KEY (id),
    CONSTRAINT fk_class_source_class_id FOREIGN KEY(class_id) REFERENCES school_class (id) ON DELETE CASCADE,
    CONSTRAINT fk_class_source_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id),
    CONSTRAINT fk_class_source_section_id FOREIGN KEY(section_id) REFERENCES section (id),
    CONSTRAINT fk_class_source_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_class_source_section_live ON class_source (section_id) WHERE until_at is null;

CREATE UNIQUE INDEX uq_class_source_class_live ON class_source (class_id) WHERE until_at is null;

CREATE INDEX ix_class_source_connection_id ON class_source (connection_id);

CREATE TABLE enrollment (
    class_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role TEXT NOT NULL,
    primary_teacher BOOLEAN DEFAULT false NOT NULL,
    state TEXT NOT NULL,
    began_on DATE NOT NULL,
    ended_on DATE,
    source_connection_id UUID,
    put_by_account_id UUID,
    hand TEXT DEFAULT 'none' NOT NULL,
    id BIGSERIAL NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_enrollment PRIMARY KEY (id),
    CONSTRAINT uq_enrollment_class_id_account_id_role UNIQUE (class_id, account_id, role),
    CONSTRAINT ck_enrollment_role CHECK (role in ('student','teacher')),
    CONSTRAINT ck_enrollment_state CHECK (state in ('active','waiting','ended')),
    CONSTRAINT ck_enrollment_hand CHECK (hand in ('none','added','removed')),
    CONSTRAINT fk_enrollment_class_id FOREIGN KEY(class_id) REFERENCES school_class (id) ON DELETE CASCADE,
    CONSTRAINT fk_enrollment_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT fk_enrollment_source_connection_id FOREIGN KEY(source_connection_id) REFERENCES connection (id),
    CONSTRAINT fk_enrollment_put_by_account_id FOREIGN KEY(put_by_account_id) REFERENCES account (id),
    CONSTRAINT fk_enrollment_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_enrollment_account_id ON enrollment (account_id);

CREATE TABLE change (
    run_id UUID,
    actor_account_id UUID,
    record TEXT NOT NULL,
    record_id TEXT NOT NULL,
    class_id UUID,
    account_id UUID,
    what TEXT NOT NULL,
    before JSONB,
    after JSONB,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    id BIGSERIAL NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_change PRIMARY KEY (id),
    CONSTRAINT ck_change_what CHECK (what in ('added','updated','removed')),
    CONSTRAINT fk_change_run_id FOREIGN KEY(run_id) REFERENCES sync_run (id),
    CONSTRAINT fk_change_actor_account_id FOREIGN KEY(actor_account_id) REFERENCES account (id),
    CONSTRAINT fk_change_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_change_run_id ON change (run_id);

CREATE INDEX ix_change_class_id ON change (class_id, id);

CREATE TABLE held_removal (
    run_id UUID NOT NULL,
    record TEXT NOT NULL,
    record_id TEXT NOT NULL,
    class_id UUID,
    account_id UUID,
    reason TEXT NOT NULL,
    id BIGSERIAL NOT NULL,
    district_id UUID NOT NULL,
    CONSTRAINT pk_held_removal PRIMARY KEY (id),
    CONSTRAINT fk_held_removal_run_id FOREIGN KEY(run_id) REFERENCES sync_run (id) ON DELETE CASCADE,
    CONSTRAINT fk_held_removal_district_id FOREIGN KEY(district_id) REFERENCES district (id) ON DELETE CASCADE
);

CREATE INDEX ix_held_removal_run_id ON held_removal (run_id);

ALTER TABLE connection ADD CONSTRAINT fk_connection_library_account_id FOREIGN KEY(library_account_id) REFERENCES account (id);
