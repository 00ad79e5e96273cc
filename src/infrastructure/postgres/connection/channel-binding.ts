import type { Client } from 'pg';
import { z } from 'zod';

const offer = z.object({ mechanisms: z.array(z.string()) });

/**
 * `channel_binding=require`: the server proves by SCRAM-SHA-256-PLUS that it is the end of the TLS connection. Ends a
 * connection that asks for the password in any other way, before it is sent. Returns whether the proof was given.
 */
export const requireChannelBinding = (client: Client): (() => boolean) => {
  const { connection } = client;
  let isOffered = false;
  let isBound = false;
  const refuse = (): void => {
    connection.stream.destroy(new ChannelBindingError());
  };
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  connection.on('authenticationSASL', (message: unknown) => {
    isOffered = offer.safeParse(message).data?.mechanisms.includes('SCRAM-SHA-256-PLUS') === true;
    if (!isOffered) refuse();
  });
  connection.on('authenticationSASLFinal', () => {
    isBound = isOffered;
  });
  return () => isBound;
};

export class ChannelBindingError extends Error {
  constructor() {
    super('channel_binding=require: the server did not authenticate by SCRAM-SHA-256-PLUS over TLS');
  }
}
