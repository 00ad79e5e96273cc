import { startSignIn, type SignIn } from './sign-in.ts';

/** The sign-in example with PostgreSQL for the suite, stopped at its end. Call it inside of a `describe`. */
export const ownSignIn = (): { readonly origin: string } => {
  let signIn: SignIn | null = null;
  before(async () => {
    signIn = await startSignIn({ store: 'PostgreSQL' });
  });
  after(() => signIn?.[Symbol.asyncDispose]());
  return {
    get origin() {
      if (signIn === null) throw new Error('The example is available only inside of tests');
      return signIn.origin;
    },
  };
};
