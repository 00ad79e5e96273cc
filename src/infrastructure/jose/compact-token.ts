const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Whether a token is a signed one in its one spelling (RFC 7515, section 3.1): three parts, base64url without padding.
 * The decoders of the platform forgive more, a `=` at the end or a last character with idle bits set, and so would
 * let a signature be altered and still pass.
 */
export const isCompactToken = (token: string): boolean => {
  if (!compact.test(token)) return false;
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
};
