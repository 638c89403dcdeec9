/** Providers of SAML assertions: a key, and an account that knows its certificate. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { AssertionStep, SamlStep } from "../case-file.ts";
import { textAt, type World } from "../world.ts";
import { metadataText, signedResponse } from "./assertion.ts";
import { selfSigned } from "./certificate.ts";

interface Provider {
  readonly issuer: string;
  readonly own: KeyObject;
  /** One that the account does not know. */
  readonly foreign: KeyObject;
}

const providers = new WeakMap<World, Map<string, Provider>>();

const newKeyPair = promisify(generateKeyPair);
const RSA = { modulusLength: 2048 };

export async function makeSamlProvider({ saml, account: as = "home" }: SamlStep, world: World): Promise<void> {
  const Name = world.newName(saml);
  const issuer = `https://${Name}.example.com/saml`;
  const [own, foreign] = await Promise.all([newKeyPair("rsa", RSA), newKeyPair("rsa", RSA)]);
  const SAMLMetadataDocument = metadataText(issuer, selfSigned(own));
  const made = await world.make({ call: "iam:CreateSAMLProvider", as, with: { Name, SAMLMetadataDocument } });
  const arn = textAt(made, "SAMLProviderArn");
  world.onCleanUp(() => world.ask("iam:DeleteSAMLProvider", as, { SAMLProviderArn: arn }));
  world.add(saml, { name: Name, facts: { arn, issuer } });
  const known = providers.get(world) ?? new Map<string, Provider>();
  providers.set(world, known.set(saml, { issuer, own: own.privateKey, foreign: foreign.privateKey }));
}

const AWS = "https://aws.amazon.com/SAML/Attributes/";
const SIGN_IN = "https://signin.aws.amazon.com/saml";
const USUAL_SECONDS = 300;

export function makeAssertion(step: AssertionStep, world: World): void {
  const { assertion, of, role, attributes = {}, audience = SIGN_IN, ageSeconds = 0 } = step;
  const { issuer, session = "alice", forged = false } = step;
  const provider = providers.get(world)?.get(of);
  if (provider === undefined) throw new TypeError(`${of} is no provider of assertions`);
  const own = Object.entries(attributes).map(([name, values]) => [name.replace(/^aws:/, AWS), values] as const);
  const facts = {
    issuer: issuer ?? provider.issuer,
    subject: step.subject ?? "alice",
    audience,
    attributes: {
      [`${AWS}Role`]: [`${world.lookup(`${role}.arn`)},${world.lookup(`${of}.arn`)}`],
      ...(session !== null && { [`${AWS}RoleSessionName`]: [session] }),
      ...Object.fromEntries(own),
    },
    issuedAtMs: Date.now() - ageSeconds * 1000,
    seconds: USUAL_SECONDS,
  };
  world.add(assertion, { name: signedResponse(facts, forged ? provider.foreign : provider.own) });
}
