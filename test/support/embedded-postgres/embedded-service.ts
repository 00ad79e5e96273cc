// A stand-in for the service, to be killed: starts PostgreSQL in the folder it is given, stores a note, and tells on
// standard output that it was acknowledged. It never ends by itself, nor of a SIGTERM.
import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { query } from '../postgres/sql.ts';

process.on('SIGTERM', () => undefined);
const [folder = '', note = ''] = process.argv.slice(2);
const { url } = await startEmbeddedPostgres(folder);
// Behind a lock, since two at once would both find that there is no table.
await query(url, 'select pg_advisory_xact_lock(1); create table if not exists notes (note text)');
await query(url, 'insert into notes values ($1)', [note]);
console.log('stored');
setInterval(() => undefined, 60_000);
