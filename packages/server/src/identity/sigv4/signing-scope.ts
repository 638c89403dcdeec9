import type { HmacKey } from "../../kernel/hmac-key.ts";
import { deriveSigningKey } from "./signing-key.ts";

/** What a credential is good for: one day, region and service. Remembers its last signing key. */
export class SigningScope {
  readonly accessKeyId: string;
  /** `20150830`. */
  readonly date: string;
  readonly region: string;
  /** The signing name of the service: `s3`, `sts`, `execute-api`. */
  readonly service: string;
  readonly terminator: string;
  /** `20150830/us-east-1/iam/aws4_request`. */
  readonly text: string;
  #secret: string | undefined;
  #key: HmacKey | undefined;

  constructor([accessKeyId, date, region, service, terminator]: readonly [string, string, string, string, string]) {
    this.accessKeyId = accessKeyId;
    this.date = date;
    this.region = region;
    this.service = service;
    this.terminator = terminator;
    this.text = `${date}/${region}/${service}/${terminator}`;
  }

  keyFor(secretAccessKey: string): HmacKey {
    if (this.#key === undefined || this.#secret !== secretAccessKey) {
      this.#key = deriveSigningKey(secretAccessKey, this);
      this.#secret = secretAccessKey;
    }
    return this.#key;
  }
}

/** `credential` is `AKID/20150830/us-east-1/iam/aws4_request`; `undefined` where it has not five parts. */
export function parseSigningScope(credential: string): SigningScope | undefined {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split("/");
  if (!accessKeyId || date === undefined || region === undefined || service === undefined) return undefined;
  if (terminator === undefined || more.length > 0) return undefined;
  return new SigningScope([accessKeyId, date, region, service, terminator]);
}
