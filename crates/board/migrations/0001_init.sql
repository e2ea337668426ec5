-- One text for SQLite and PostgreSQL: bigint and text only. Instants are Unix milliseconds, dates ISO text, switches 0
-- or 1, lists, settings and what people write at length JSON (a text of PostgreSQL holds no NUL). {serial} is the engine's own numbering of keys.

-- One row, raised by every write: what is kept in memory is looked at again when it has grown.
create table board (
    id bigint primary key check (id = 1),
    revision bigint not null
);
insert into board (id, revision) values (1, 1);

create table classes (
    id {serial},
    slug text not null unique,
    code text not null unique,
    settings text not null,
    week text not null,
    changes text not null,
    revision bigint not null,
    created_at bigint not null,
    archived_at bigint
);

create table users (
    id {serial},
    name text not null unique,
    password text not null,
    admin bigint not null,
    disabled bigint not null,
    created_at bigint not null,
    last_sign_in bigint
);

create table roles (
    user_id bigint not null references users (id) on delete cascade,
    class_id bigint not null references classes (id) on delete cascade,
    role text not null,
    primary key (user_id, class_id)
);

create table keys (
    digest text primary key,
    nonce text not null,
    user_id bigint not null references users (id) on delete cascade,
    kind text not null,
    address text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index keys_by_user on keys (user_id);

create table subjects (
    class_id bigint not null references classes (id) on delete cascade,
    number bigint not null,
    name text not null,
    note text not null,
    source text not null,
    archived bigint not null,
    primary key (class_id, number)
);

create table timetables (
    id {serial},
    class_id bigint not null references classes (id) on delete cascade,
    valid_from text not null,
    plan text not null
);
create index timetables_by_class on timetables (class_id);

create table day_changes (
    class_id bigint not null references classes (id) on delete cascade,
    day text not null,
    changes text not null,
    primary key (class_id, day)
);

create table assignments (
    id {serial},
    class_id bigint not null references classes (id) on delete cascade,
    subject bigint not null,
    due text not null,
    task text not null
);
create index assignments_by_due on assignments (class_id, due);

create table history (
    id {serial},
    class_id bigint references classes (id) on delete cascade,
    at bigint not null,
    by_user bigint,
    by_name text not null,
    address text not null,
    via text not null,
    request text not null,
    resource text not null,
    resource_key text not null,
    before text,
    after text,
    undoes bigint
);
create index history_by_class on history (class_id, id);

create table chats (
    platform text not null,
    peer bigint not null,
    class_id bigint references classes (id) on delete cascade,
    alerts text,
    told_until bigint not null,
    bound_at bigint not null,
    primary key (platform, peer)
);

create table events (
    platform text not null,
    event text not null,
    at bigint not null,
    primary key (platform, event)
);
create index events_by_time on events (at);

-- How far a platform was listened to.
create table positions (
    platform text primary key,
    position text not null
);

create table outbox (
    id {serial},
    platform text not null,
    peer bigint not null,
    body text not null,
    created_at bigint not null,
    due_at bigint not null,
    tries bigint not null
);
create index outbox_by_due on outbox (platform, due_at);

create table fillings (
    class_id bigint primary key references classes (id) on delete cascade,
    profile text not null,
    child text not null,
    bound_by text not null,
    bound_at bigint not null,
    last_at bigint,
    outcome text,
    refused text
);

-- What came from elsewhere: what it is there, and what it is here.
create table imported (
    class_id bigint not null references classes (id) on delete cascade,
    kind text not null,
    origin_key text not null,
    resource_key text not null,
    body text not null,
    primary key (class_id, kind, origin_key)
);
