/** The cloud under test, as far as it has to be known: where it is, and whose root user has which keys. */

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Endpoint {
  /** `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly region: string;
  /** The account that most cases happen in. */
  readonly account: string;
  /** Its root user's, or an administrator's; where left out, the account's number and `secret`. */
  readonly credentials?: Credentials | undefined;
  /** Secret of the root users whose access key id is the number of their account; where left out there are none. */
  readonly secret?: string | undefined;
}

/** The root user of an account. @throws {NotAnswered} where the endpoint has no keys for it. */
export function rootOf(account: string, endpoint: Endpoint): Credentials {
  const { credentials, secret } = endpoint;
  if (account === endpoint.account && credentials !== undefined) return credentials;
  if (secret === undefined) throw new NotAnswered("the endpoint has one account");
  return { accessKeyId: account, secretAccessKey: secret };
}

/** Why a case says nothing about an endpoint. */
export class NotAnswered extends Error {
  override readonly name = "NotAnswered";
}
