import type { Directory } from "./identity/directory.ts";

/** A directory whose code is loaded when a call first needs it: the root user does not. */
export function lazyDirectory(load: () => Promise<Directory>): Directory {
  return {
    findAccessKey: async (...asked) => (await load()).findAccessKey(...asked),
    policiesOf: async (...asked) => (await load()).policiesOf(...asked),
    resourceControls: async (...asked) => (await load()).resourceControls(...asked),
    organizationKeys: async (...asked) => (await load()).organizationKeys(...asked),
    organizationOf: async (...asked) => (await load()).organizationOf(...asked),
    createRole: async (...asked) => (await load()).createRole(...asked),
    used: async (...asked) => (await load()).used(...asked),
    findRole: async (...asked) => (await load()).findRole(...asked),
    findManagedPolicy: async (...asked) => (await load()).findManagedPolicy(...asked),
    pinPrincipals: async (...asked) => (await load()).pinPrincipals(...asked),
    showPrincipals: async (...asked) => (await load()).showPrincipals(...asked),
    verifyMfa: async (...asked) => (await load()).verifyMfa(...asked),
    canAssumeRoot: async (...asked) => (await load()).canAssumeRoot(...asked),
    findOidcProvider: async (...asked) => (await load()).findOidcProvider(...asked),
    findSamlProvider: async (...asked) => (await load()).findSamlProvider(...asked),
    outboundIssuer: async (...asked) => (await load()).outboundIssuer(...asked),
  };
}
