/** Requests to the test identity provider, and the commands that they equal. */
import type { Vouching } from "./lab.ts";

interface Order {
  readonly command: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
  /** What was asked for, in the answer's text. */
  readonly read: (text: string) => string;
}

export function orderOf(vouching: Vouching): Order {
  switch (vouching.kind) {
    case "token": {
      const { subject, audience } = vouching;
      return {
        command: `kumobako idp token --subject ${subject} --audience ${audience}`,
        method: "POST",
        path: "idp/issue",
        body: { claims: { sub: subject, aud: audience } },
        read: (text) => textIn(text, "token"),
      };
    }
    case "assertion": {
      const { subject, role, provider } = vouching;
      return {
        command: `kumobako idp assertion --subject ${subject} --role ${role} --provider ${provider}`,
        method: "POST",
        path: "idp/saml/issue",
        body: { subject, roles: [{ roleArn: role, providerArn: provider }] },
        read: (text) => textIn(text, "response"),
      };
    }
    case "metadata":
      return { command: "kumobako idp metadata", method: "GET", path: "idp/saml/metadata", read: (text) => text };
  }
}

function textIn(json: string, name: string): string {
  const { [name]: text }: Readonly<Record<string, string>> = JSON.parse(json);
  if (text === undefined) throw new TypeError(`the identity provider gave no ${name}`);
  return text;
}
