import { expect } from 'chai';
import {
  reasonInLog,
  remedyFor,
} from '../../../../src/infrastructure/embedded-postgres/unusable-cluster-error.ts';

const line = (text: string): string => `2026-01-01 00:00:00.000 UTC [7] ${text}\n`;
const starting = line('FATAL:  the database system is starting up');
const stopping = line('FATAL:  the database system is shutting down');

describe('reasonInLog', () => {
  const missing = 'could not open file "base/1/2": No such file or directory';
  const found: readonly (readonly [what: string, log: string, reason: string])[] = [
    ['refused connections before', starting + line(`FATAL:  ${missing}`), missing],
    ['refused connections behind', line(`PANIC:  ${missing}`) + stopping, missing],
    [
      'an earlier end of a connection',
      line('FATAL:  role "a" does not exist') + line(`FATAL:  ${missing}`),
      missing,
    ],
    ['a detail', line('FATAL:  incompatible') + line('DETAIL:  Version 17.'), 'incompatible. Version 17.'],
    [
      'an end before the log begins',
      'postgres: could not find it\nin "/a",\nbut not b\n',
      'could not find it in "/a", but not b',
    ],
  ];
  for (const [what, log, reason] of found)
    it(`given ${what}: the message that ended the server`, () => {
      expect(reasonInLog(line('LOG:  starting PostgreSQL') + log)).to.equal(reason);
    });
  it('given the log of a server that was stopped or killed during its start: none', () => {
    const recovery = line('LOG:  startup process (PID 8) was terminated by signal 9: Killed');
    for (const log of ['', starting, starting + recovery + stopping, 'setpriv: not permitted\n'])
      expect(reasonInLog(log)).to.equal(null);
  });
});

describe('remedyFor', () => {
  const cluster = '/srv/memory-game/pg_hba.conf/postgres';
  const damages = [
    'could not locate a valid checkpoint record at 0/1',
    'invalid checkpoint record',
    'required WAL directory "pg_wal" does not exist',
    'incorrect checksum in control file',
    'could not read file "global/pg_control": read 100 of 296',
    `could not find the database system … could not open file "${cluster}/global/pg_control": No such file or directory`,
    `"${cluster}" is not a valid data directory. File "${cluster}/PG_VERSION" is missing.`,
    'could not open file "base/5/1259": No such file or directory',
    'could not open directory "pg_tblspc": No such file or directory',
    'could not access status of transaction 7. Could not open file "pg_xact/0000": No such file or directory.',
    'relation mapping file "global/pg_filenode.map" contains incorrect checksum',
    'invalid page in block 0 of relation base/5/1259',
  ];
  for (const reason of damages)
    it(`given ${reason}: a backup`, () => {
      expect(remedyFor(reason, cluster)).to.equal(
        `Restore ${cluster} from a backup, or move it elsewhere: the next start then creates an empty database.`,
      );
    });

  const others = [
    'could not create any TCP/IP sockets',
    'could not create semaphores: No space left on device. Failed system call was semget(1, 17, 03600).',
    'could not bind IPv4 address "127.0.0.1": Permission denied',
    'could not open file "global/pg_control": Too many open files in system',
    'could not read file "base/5/1259": Input/output error',
    `could not stat "${cluster}"`,
  ];
  for (const reason of others)
    it(`given ${reason}: to keep the folder, and no backup`, () => {
      expect(remedyFor(reason, cluster)).to.equal(
        `${cluster} has the tasks: keep it, copy it before you change anything, and read the log.`,
      );
    });

  const named: readonly (readonly [reason: string, remedy: string])[] = [
    ['could not write to file "pg_wal/xlogtemp.7": No space left on device', 'Free space on the disk of'],
    [`could not open file "${cluster}/PG_VERSION": Permission denied`, 'Make the user that runs PostgreSQL'],
    [`data directory "${cluster}" has wrong ownership`, 'Make the user that runs PostgreSQL'],
    [`configuration file "${cluster}/postgresql.conf" contains errors`, 'correct what the message names'],
    ['could not map anonymous shared memory: Cannot allocate memory', 'correct what the message names'],
    [
      'incompatible. The data directory was initialized by PostgreSQL version 17',
      'start it with the release',
    ],
  ];
  for (const [reason, remedy] of named)
    it(`given ${reason}: what to do about that`, () => {
      expect(remedyFor(reason, cluster)).to.include(remedy);
    });
});
