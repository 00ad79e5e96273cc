/** Where clients see the service. The proxy in front removes the path, so no request arrives with it. */
export interface PublicUrl {
  /** Such as `https://example.com`; empty where it is unknown. */
  readonly origin: string;
  /** Such as `/todo`, without a slash at the end; empty where there is none. Leads every address that is sent. */
  readonly path: string;
}

/** Without `PUBLIC_URL`: clients see the service at the root of an unknown origin. */
export const rootOfAnyOrigin: PublicUrl = { origin: '', path: '' };
