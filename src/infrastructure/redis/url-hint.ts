/** A sentence for operators: what can be wrong with the URL, given an error of Redis. Null where the error is clear. */
export const redisUrlHint = (url: string, error: unknown): string | null => {
  const { protocol, password } = new URL(url);
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('NOAUTH') && password === '')
    return 'REDIS_URL has no password, which comes after a colon: redis://:password@host, or redis://user:password@host';
  if (protocol === 'rediss:' && /^Connection timeout|wrong version number/.test(message))
    return 'The server may have no TLS on this port, which rediss:// demands: compare with redis://';
  if (protocol === 'redis:' && message === 'Socket closed unexpectedly')
    return 'The server may demand TLS on this port: compare with rediss://';
  return null;
};
