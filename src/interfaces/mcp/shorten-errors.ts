import { z } from 'zod';

/** The most characters of the message of an error. */
export const maxErrorLength = 2_000;

const failure = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/**
 * A response of the SDK, JSON or server-sent events, with the messages of JSON-RPC errors cut. The SDK reports every bad item of
 * a message: the response would be many times as long as the request.
 */
export const shortenErrors = (response: string): string =>
  response.length > maxErrorLength && mayFail(response)
    ? response.split('\n').map(shortenLine).join('\n')
    : response;

/** False for long results, which need not be parsed. In errors, only the id can stand before `error`. */
const mayFail = (response: string): boolean => response.slice(0, maxErrorLength).includes('"error":{');

const shortenLine = (line: string): string => {
  const begin = line.indexOf('{');
  if (begin < 0 || line.length <= maxErrorLength) return line;
  const { data } = failure.safeParse(JSON.parse(line.slice(begin)));
  if (data === undefined || data.error.message.length <= maxErrorLength) return line;
  const message = `${beginningOf(data.error.message)}…`;
  return line.slice(0, begin) + JSON.stringify({ ...data, error: { ...data.error, message } });
};

/** Without the half of a character at its end. */
const beginningOf = (message: string): string =>
  message.slice(0, maxErrorLength).replace(/\p{Surrogate}$/u, '');
