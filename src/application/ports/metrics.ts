/** What is counted, for whoever watches over the service. */
export interface Metrics {
  /** All of it as it is now, in the text format of Prometheus. */
  exposition(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}
