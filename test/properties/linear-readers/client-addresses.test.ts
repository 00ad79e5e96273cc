import { clientAddress } from '../../../src/interfaces/http/request/client-address.ts';
import { httpContext } from '../../support/http/http-context.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const read = (forwarded: string) =>
  clientAddress(httpContext({ headers: { 'x-forwarded-for': forwarded } }).req, {
    hops: 20,
    isProxy: () => true,
  });

describe('X-Forwarded-For is read in linear time', () => {
  const more = ['1.', '1.1.1.1,', '[', '::', '::ffff:', '%a'];
  itReadsInLinearTime('given any text', read, hostileTexts('', 'x', more));
  itReadsInLinearTime('given text that starts with a bracket', read, hostileTexts('[', '', more));
  itReadsInLinearTime('given an IPv6 zone', read, hostileTexts('fe80::1%', '', more));
});
