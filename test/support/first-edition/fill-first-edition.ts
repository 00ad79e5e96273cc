import { connect } from '../postgres/sql.ts';

/** A user of a database, and the number of their tasks. */
interface Share {
  readonly user: string;
  readonly tasks: number;
}

/** Inserts tasks with the columns of the first edition. Their titles are those of no folded text. */
export const fillFirstEdition = async (url: string, shares: readonly Share[]): Promise<void> => {
  await using session = await connect(url);
  const parameters = [shares.map(({ user }) => user), shares.map(({ tasks }) => tasks)];
  await session.run(
    `insert into owners (id, revision, created_at)
     select id, tasks, now() from unnest($1::text[], $2::int[]) as share (id, tasks)`,
    parameters,
  );
  await session.run(
    `insert into tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
     select id, gen_random_uuid(), 'Cafe' || chr(769) || ' ' || n, case n % 3 when 0 then null else 'Two LITRES ' || n end,
       n % 2 = 0, at, at, n
     from unnest($1::text[], $2::int[]) as share (id, tasks), generate_series(1, tasks) as n,
       lateral (select now() - n * interval '1 second' as at) as moment`,
    parameters,
  );
};
