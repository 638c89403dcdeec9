import type { Directory } from "./identity/directory.ts";
import { onceThere } from "./kernel/once.ts";
import { whenThere } from "./kernel/soon.ts";

/** A directory whose code is loaded when a call first needs it. */
export function lazyDirectory(make: () => Promise<Directory>): Directory {
  const load = onceThere(make);
  return {
    findAccessKey: (accessKeyId, tx) => whenThere(load(), (directory) => directory.findAccessKey(accessKeyId, tx)),
    policiesOf: (principal, tx) => whenThere(load(), (directory) => directory.policiesOf(principal, tx)),
    organizationOf: (account, tx) => whenThere(load(), (directory) => directory.organizationOf(account, tx)),
    organizations: {
      entityAt: async (...asked) => (await load()).organizations.entityAt(...asked),
      findScp: async (...asked) => (await load()).organizations.findScp(...asked),
    },
    createRole: async (...asked) => (await load()).createRole(...asked),
    emptied: () => void whenThere(load(), (directory) => directory.emptied()),
    used: (use, tx) => whenThere(load(), (directory) => directory.used(use, tx)),
    findRole: async (...asked) => (await load()).findRole(...asked),
    groupMembers: async (...asked) => (await load()).groupMembers(...asked),
    findManagedPolicy: async (...asked) => (await load()).findManagedPolicy(...asked),
    pinPrincipals: async (...asked) => (await load()).pinPrincipals(...asked),
    showPrincipals: async (...asked) => (await load()).showPrincipals(...asked),
    verifyMfa: async (...asked) => (await load()).verifyMfa(...asked),
    checkPassword: async (...asked) => (await load()).checkPassword(...asked),
    accountOfAlias: async (...asked) => (await load()).accountOfAlias(...asked),
    canAssumeRoot: async (...asked) => (await load()).canAssumeRoot(...asked),
    findOidcProvider: async (...asked) => (await load()).findOidcProvider(...asked),
    findSamlProvider: async (...asked) => (await load()).findSamlProvider(...asked),
    outboundIssuer: async (...asked) => (await load()).outboundIssuer(...asked),
  };
}
