/** Federation, put together of those who vouch: this cloud's own issuers, and login providers. */
import type { AskProvider } from "./identity/federation/access-token.ts";
import type { Federation } from "./identity/federation/federation.ts";
import type { IssuerLoaders } from "./identity/federation/local-issuer.ts";
import type { Directory } from "./identity/directory.ts";
import type { KeyPlace } from "./idp/signing-key.ts";
import { isLoopbackHost } from "./kernel/loopback.ts";
import { once } from "./kernel/once.ts";

interface Parts extends KeyPlace {
  readonly directory: Directory;
  /** `test`, or an address; the providers themselves where left out. */
  readonly loginProviders: string | undefined;
}

/** Its code, and the libraries it stands on, are loaded when the first token comes in. */
export function lazyFederation(parts: Parts): Federation {
  const load = once(() => loadFederation(parts));
  return {
    verifyAccessToken: async (...asked) => (await load()).verifyAccessToken(...asked),
    verifyToken: async (...asked) => (await load()).verifyToken(...asked),
    verifySamlSignIn: async (...asked) => (await load()).verifySamlSignIn(...asked),
    samlSignInPlace: async (...asked) => (await load()).samlSignInPlace(...asked),
    verifySaml: async (...asked) => (await load()).verifySaml(...asked),
    verifyWebIdentity: async (...asked) => (await load()).verifyWebIdentity(...asked),
  };
}

const TEST = "test";

/** What is sent there could be read on the way. */
class OpenAddressError extends Error {
  override readonly name = "OpenAddressError";
  readonly remedy = "an address that begins with https://, or one of this machine";
  constructor(address: string) {
    super(`login providers cannot be asked at \`${address}\`: tokens would be sent there in the clear`);
  }
}

/**
 * @param address `test` is none
 * @throws {OpenAddressError}
 */
export function requireGuardedProviders(address: string | undefined): void {
  if (address === undefined || address === TEST) return;
  const url = URL.parse(address);
  const isPlain = url !== null && url.search === "" && url.hash === "" && url.username === "";
  const isGuarded = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.hostname));
  if (!isPlain || !isGuarded) throw new OpenAddressError(address);
}

async function loadFederation(parts: Parts): Promise<Federation> {
  const { clock, directory, loginProviders } = parts;
  const [{ FederationVerifier }, { localIssuers }, { askOverNetwork }] = await Promise.all([
    import("./identity/federation/verifier.ts"),
    import("./identity/federation/local-issuer.ts"),
    import("./identity/federation/login-provider.ts"),
  ]);
  const askProvider = loginProviders === TEST ? askTestProvider(parts) : askOverNetwork(loginProviders);
  return new FederationVerifier({ clock, directory, localIssuers: localIssuers(ISSUERS), askProvider });
}

/** The services that issue tokens. */
const ISSUERS: IssuerLoaders = {
  async identityPools() {
    const { identityPoolKeySet } = await import("./services/cognito-identity/signing-key.ts");
    return { keySetOf: (_issuer, tx) => identityPoolKeySet(tx) };
  },
  async userPools() {
    const [{ userPoolKeySet }, { standsByToken }] = await Promise.all([
      import("./services/cognito-identity-provider/token/key-set.ts"),
      import("./services/cognito-identity-provider/token/token-standing.ts"),
    ]);
    return { keySetOf: userPoolKeySet, standsBy: standsByToken };
  },
};

/** Asks in this process, so that it needs no address. */
const askTestProvider =
  (place: KeyPlace): AskProvider =>
  async (_provider, path, query) => {
    const { identityProvider } = await import("./idp/identity-provider.ts");
    const asked = { method: "GET", path: path.slice(1), query: `${new URLSearchParams(query)}`, body: "", issuer: "" };
    const { STATUS_CODES } = await import("node:http");
    const { status, body } = await identityProvider(place)(asked);
    return { status, reason: STATUS_CODES[status] ?? "", text: status === 200 ? body : undefined };
  };
