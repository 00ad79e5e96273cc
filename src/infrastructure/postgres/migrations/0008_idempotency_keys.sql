-- What a write under an Idempotency-Key has answered: the row of the task as it was written, null after a deletion.

create table idempotency_keys (
  owner_id    text not null references owners (id) on delete cascade,
  key         text collate "C" not null,
  fingerprint bytea not null,            -- SHA-256 of method, path, If-Match and body
  answer      jsonb,
  expires_at  timestamptz(3) not null,
  primary key (owner_id, key)
);

create index idempotency_keys_by_expiry on idempotency_keys (expires_at);

-- The roles that use tasks may use this table in the same way, so that an upgrade needs no GRANT.
do $$
declare
  given record;
begin
  for given in
    select privilege_type as privilege, case grantee when 0 then 'public' else grantee::regrole::text end as role
    from pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
    where pg_class.oid = 'tasks'::regclass and grantee <> quote_ident(current_user)::regrole
      and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format('grant %s on idempotency_keys to %s', given.privilege, given.role);
  end loop;
end $$;
