declare const brand: unique symbol;

/** A type that only the function that checks its rules can make. */
export type Branded<Base, Name> = Base & { readonly [brand]: Name };
