import { createDriverFactory, type DriverCommand, type DriverFactory } from '@slonik/driver';
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection/connection-settings.ts';
import { connectClient } from '../connection/connect.ts';
import type { SessionOptions } from '../connection/session-settings.ts';
import { preparedQueries } from './prepared-queries.ts';
import { types } from './type-parsers.ts';

/**
 * Slonik's driver for node-postgres, with connections as {@link connectClient} opens them. Slonik's own reads the
 * connection string in its own way, knows one host, and reports no connection that breaks while idle.
 */
export const postgresDriver = (
  settings: ConnectionSettings,
  session: SessionOptions,
  connectionLost: () => void,
): DriverFactory =>
  createDriverFactory(() =>
    Promise.resolve({
      createPoolClient: ({ clientEventEmitter }) => {
        let client: Client | null = null;
        let query: ReturnType<typeof preparedQueries> | null = null;
        return Promise.resolve({
          connect: async () => {
            client = await connectClient(settings, { ...session, types });
            query = preparedQueries(client);
            client.on('error', (error) => {
              clientEventEmitter.emit('error', error);
              connectionLost();
            });
          },
          end: async () => client?.end(),
          query: async (text, values, options) => {
            if (query === null) throw new Error('The connection is not open');
            const { command, fields, rowCount, rows } = await query(text, values ?? [], options?.name);
            return {
              command: commands.find((name) => name === command) ?? 'SELECT',
              fields: fields.map(({ dataTypeID, name }) => ({ dataTypeId: dataTypeID, name })),
              rowCount,
              rows,
            };
          },
          stream: () => {
            throw new Error('Streams are not used');
          },
        });
      },
    }),
  );

const commands = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'COPY'] as const satisfies DriverCommand[];
