import fc from 'fast-check';
import { DatabaseError } from 'pg';
import { databaseWithLocale } from '../support/postgres/postgres.ts';
import { postgresRepository, type PostgresRepository } from '../support/postgres/postgres-repository.ts';
import { runs, seed } from '../support/runs.ts';
import { operations } from '../support/tasks/operations.ts';
import { expectSameAsMemory } from '../support/tasks/same-as-memory.ts';

/** Options of CREATE DATABASE. Upper and lower case and the order of texts differ between these locales. */
const locales = [
  "locale_provider libc locale 'C'",
  "locale_provider libc locale 'C.UTF-8'",
  "locale_provider libc locale 'en_US.UTF-8'",
  "locale_provider libc locale 'tr_TR.UTF-8'",
  "locale_provider builtin locale 'C.UTF-8'",
  "locale_provider icu icu_locale 'und' locale 'C'",
  "locale_provider icu icu_locale 'en-US' locale 'C'",
  "locale_provider icu icu_locale 'tr-TR' locale 'C'",
];

/** SQLSTATEs of a locale or a provider of locales that the server does not have. */
const lacking = ['0A000', '22023', '42601', '42704', '42809', '42P17'];

for (const locale of locales)
  describe(`a database with ${locale}`, function () {
    const tries = runs(15);
    this.timeout(30_000 + tries * 500);
    let postgres: PostgresRepository | null = null;

    before(async function () {
      try {
        postgres = await postgresRepository({}, { newDatabase: () => databaseWithLocale(locale) });
      } catch (error) {
        if (!(error instanceof DatabaseError && lacking.includes(error.code ?? ''))) throw error;
        console.log(`Skipped, because the server lacks ${locale}: ${error.message}`);
        this.skip();
      }
    });
    after(() => postgres?.close());

    it('given random operations in random order: the same results as in memory', () =>
      fc.assert(
        fc.asyncProperty(operations, (calls) => expectSameAsMemory({ PostgreSQL: postgres! }, calls)),
        { numRuns: tries, ...seed },
      ));
  });
