/** What a span is about. Attributes are named as in OpenTelemetry's semantic conventions. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A piece of work as a trace shows it, while it is done. */
export interface Span {
  name(name: string): void;
  add(attributes: Attributes): void;
  /** It has come to a bad end, though nothing was thrown. */
  fail(): void;
}

/** Tells where the time of a request goes. */
export interface Tracer {
  /**
   * Does the work as a span below the one that it is part of; `carrier`, the header fields of a request, may say that
   * it is part of one elsewhere (W3C Trace Context). What the work throws is thrown on.
   */
  span<Result>(
    kind: 'server' | 'internal' | 'client',
    name: string,
    work: (span: Span) => Promise<Result>,
    carrier?: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<Result>;
}
