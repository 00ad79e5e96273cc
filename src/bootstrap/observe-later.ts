import type { Observation, Observer } from '../application/ports/observer.ts';

/** An observer for what starts before there is a log: it keeps observations until they can be forwarded. */
export const observeLater = (): { observe: Observer; forwardTo(observer: Observer): void } => {
  const kept: Observation[] = [];
  let target: Observer = (observation) => void kept.push(observation);
  return {
    observe: (observation) => target(observation),
    forwardTo: (observer) => {
      target = observer;
      for (const observation of kept.splice(0)) observer(observation);
    },
  };
};
