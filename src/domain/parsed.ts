/** The valid value, or the problem as a phrase that follows the name of the field. */
export type Parsed<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };
