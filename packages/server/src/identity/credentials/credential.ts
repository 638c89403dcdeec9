import type { AccountPrincipal } from "../principal.ts";

/** Whose an access key is, and what its signatures have to be made with. */
export type Credential =
  | {
      readonly type: "known";
      readonly secretAccessKey: string;
      readonly principal: AccountPrincipal;
      /** Everybody knows it: `test`. */
      readonly isPublic?: true;
    }
  /** A made-up key under `--auth permissive`: any signature is good. */
  | { readonly type: "unchecked"; readonly principal: AccountPrincipal };
