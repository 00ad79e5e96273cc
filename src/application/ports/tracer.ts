/** Attributes of a span, named as in OpenTelemetry's semantic conventions. */
export type Attributes = Readonly<Record<string, string | number>>;

/** The span of a piece of work that is under way. */
export interface Span {
  name(name: string): void;
  add(attributes: Attributes): void;
  /** Marks the span as failed although nothing was thrown. */
  fail(): void;
}

/** Records spans. */
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
