const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Whether a token is a canonical compact JWS (RFC 7515, section 3.1): three parts, base64url without padding. Node's
 * decoder is more lenient: it accepts `=` at the end and unused bits in the last character, so that several spellings of
 * one signature would be valid.
 */
export const isCompactToken = (token: string): boolean => {
  if (!compact.test(token)) return false;
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
};
