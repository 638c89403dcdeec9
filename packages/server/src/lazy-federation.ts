import type { Federation } from "./identity/federation/federation.ts";

/** A federation whose code, and the libraries it stands on, are loaded when the first token comes in. */
export function lazyFederation(load: () => Promise<Federation>): Federation {
  return {
    verifyToken: async (...asked) => (await load()).verifyToken(...asked),
    verifySaml: async (...asked) => (await load()).verifySaml(...asked),
    verifyWebIdentity: async (...asked) => (await load()).verifyWebIdentity(...asked),
  };
}
