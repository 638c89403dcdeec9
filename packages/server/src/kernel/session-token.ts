/**
 * Session tokens that carry all there is to know of their session, sealed, so that temporary
 * credentials need no row and no clean-up. Here because both who issues them (STS, and services
 * that hand roles on) and who checks them (`identity`) need the one form.
 */
import { openText, sealText, type TextSealer } from "./sealed-text.ts";

/** Temporary credentials, and whose they are. */
export interface IssuedSession<Principal> {
  /** `ASIA…`. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

const PURPOSE = "session-token";

/** The session as a token: some 400 characters where it has no policies and tags, and `lengthMin` at the least. */
export function sealSession<Principal>(sealer: TextSealer, session: IssuedSession<Principal>, lengthMin = 0): string {
  const sealed = sealText(sealer, JSON.stringify(session), PURPOSE);
  return sealed.length >= lengthMin ? sealed : `${sealed}.`.padEnd(lengthMin, "A");
}

/** The session in `token`, or `undefined` where it was not made here or was changed. */
export function unsealSession<Principal>(sealer: TextSealer, token: string): IssuedSession<Principal> | undefined {
  const [sealed = ""] = token.split(".", 1);
  const text = openText(sealer, sealed, PURPOSE);
  return text === undefined ? undefined : (JSON.parse(text) as IssuedSession<Principal>);
}
