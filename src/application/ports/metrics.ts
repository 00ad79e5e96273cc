/** The metrics of the service. */
export interface Metrics {
  /** All metrics as they are now, in the text format of Prometheus. */
  exposition(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}
