/** From an access key id to whose it is. */
import type { Clock } from "../../clock/clock.ts";
import type { AccountId } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Sealer } from "../../store/sealer.ts";
import type { Directory } from "../directory.ts";
import type { Claim } from "../sigv4/claim.ts";
import type { Credential } from "./credential.ts";

export type { Credential } from "./credential.ts";

export interface CredentialOptions {
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly directory: Pick<Directory, "findAccessKey">;
  /** Whose root `test` is. */
  readonly defaultAccount: AccountId;
  /** `test`, or what `KUMOBAKO_ROOT_SECRET` says. */
  readonly rootSecret: string;
  /** `permissive`: an unknown key is root of the default account, whatever its signature. */
  readonly auth: "enforced" | "permissive";
}

export interface CredentialResolver {
  /** @throws {AuthenticationError} where the key is unknown, inactive or expired, or its token is not its own. */
  resolve(claim: Claim, tx: Transaction): Promise<Credential>;
}

export declare function credentialResolver(options: CredentialOptions): CredentialResolver;
