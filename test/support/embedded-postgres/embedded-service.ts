// Replaces the service in tests that kill it: starts PostgreSQL in the given folder, stores a note, and prints "stored"
// once that is acknowledged. It ignores SIGTERM and does not end by itself.
import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { query } from '../postgres/sql.ts';

process.on('SIGTERM', () => undefined);
const [folder = '', note = ''] = process.argv.slice(2);
const { url } = await startEmbeddedPostgres(folder);
// The lock prevents two processes from creating the table at the same time.
await query(url, 'select pg_advisory_xact_lock(1); create table if not exists notes (note text)');
await query(url, 'insert into notes values ($1)', [note]);
console.log('stored');
setInterval(() => undefined, 60_000);
