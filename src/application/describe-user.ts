import type { Owner } from '../domain/owner.ts';
import type { OwnerReader, OwnerSummary } from './ports/owner-reader.ts';

/** A user as the service sees them. */
export interface UserDescription extends Owner, OwnerSummary {}

/** The token's word on email and display name comes first, for it is the newest; then what is kept. */
export type DescribeUser = (owner: Owner) => Promise<UserDescription>;

export const describeUser =
  (deps: { owners: OwnerReader }): DescribeUser =>
  async ({ id, email, displayName }) => {
    const kept = await deps.owners.summary(id);
    return { ...kept, id, email: email ?? kept.email, displayName: displayName ?? kept.displayName };
  };
