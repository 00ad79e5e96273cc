import { pino, type DestinationStream, type Level } from 'pino';
import type { Observation, Observer } from '../../application/ports/observer.ts';

/** One JSON line for each observation; no bodies, tokens, titles or user ids. */
export const jsonLog = (level: Level | 'silent', destination: DestinationStream): Observer => {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return (observation) => {
    if (observation.type === 'cache') return; // one for every read: the metrics count them
    const { type, ...details } = observation;
    log[levelOf(observation)](details, type);
  };
};

const levelOf = (observation: Exclude<Observation, { type: 'cache' }>): Level => {
  switch (observation.type) {
    case 'failure':
      return 'error';
    case 'database_error':
    case 'redis_lost':
    case 'keys_not_fetched':
      return 'warn';
    case 'request':
    case 'token_refused':
    case 'rate_limited':
    case 'redis_back':
    case 'listening':
    case 'stopping':
    case 'stopped':
      return 'info';
  }
};
