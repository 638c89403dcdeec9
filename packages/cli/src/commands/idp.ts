import type { Session } from "../session.ts";

export interface TokenOptions {
  readonly subject: string;
  readonly audience: string;
  readonly claim?: readonly (readonly [name: string, value: string])[];
  readonly for?: number;
}

export interface AccessTokenOptions {
  readonly provider: string;
  readonly subject: string;
  readonly application: string;
  readonly client?: string;
  readonly for?: number;
}

export interface AssertionOptions {
  readonly subject: string;
  readonly role: string;
  readonly provider: string;
  readonly sessionName?: string;
  readonly attribute?: readonly (readonly [name: string, value: string])[];
  readonly for?: number;
}

export async function issueToken({ control, output }: Session, options: TokenOptions): Promise<void> {
  const given = Object.fromEntries((options.claim ?? []).map(([name, value]) => [name, valueOf(value)]));
  const claims = { sub: options.subject, aud: options.audience, ...given };
  output.answer(await control.issueToken({ claims, seconds: options.for }), ({ token }) => token);
}

/** A claim is JSON where it reads as JSON, and text where not. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function issueAccessToken({ control, output }: Session, options: AccessTokenOptions): Promise<void> {
  const { provider, subject, application, client } = options;
  const order = { provider, subject, application, client, seconds: options.for };
  output.answer(await control.issueAccessToken(order), ({ token }) => token);
}

export async function issueAssertion({ control, output }: Session, options: AssertionOptions): Promise<void> {
  const attributes: Record<string, readonly string[]> = {};
  for (const [name, value] of options.attribute ?? []) attributes[name] = [...(attributes[name] ?? []), value];
  const { subject, sessionName, role, provider } = options;
  const roles = [{ roleArn: role, providerArn: provider }];
  const order = { subject, sessionName, roles, attributes, seconds: options.for };
  output.answer(await control.issueAssertion(order), ({ response }) => response);
}

export async function showMetadata({ control, output }: Session): Promise<void> {
  output.answer({ metadata: await control.samlMetadata() }, ({ metadata }) => metadata.trimEnd());
}

export async function rotateKey({ control, output }: Session): Promise<void> {
  output.answer(await control.rotateIdpKey(), ({ keyId }) => `the identity provider signs with the new key ${keyId}`);
}
