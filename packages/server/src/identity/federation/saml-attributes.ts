/**
 * The attributes of an assertion that AWS reads.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
 */
import type { ClaimedSession, SamlIdentity } from "./federation.ts";
import { malformedAttribute, sessionNameInvalid, sessionNameMissing, sourceIdentityInvalid } from "./refusals.ts";
import { ASSERTION, attributeOf, childrenNamed, textOf } from "./saml-xml.ts";

const AWS = "https://aws.amazon.com/SAML/Attributes/";
const PRINCIPAL_TAG = `${AWS}PrincipalTag:`;
const NAME = /^[a-zA-Z_0-9+=,.@-]{2,64}$/;

/** Values by the attributes' names. */
export type SamlAttributes = ReadonlyMap<string, readonly string[]>;

/** @throws {IdentityRefused} */
export function attributesOf(assertion: Element): SamlAttributes {
  const attributes = new Map<string, readonly string[]>();
  for (const statement of childrenNamed(assertion, ASSERTION, "AttributeStatement")) {
    for (const attribute of childrenNamed(statement, ASSERTION, "Attribute")) {
      const name = attributeOf(attribute, "Name");
      if (name === undefined) continue;
      const values = childrenNamed(attribute, ASSERTION, "AttributeValue").map((value) => textOf(value) ?? "");
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  return attributes;
}

/** Pairs of a role and a provider, in either order; what is none is passed over. */
export function rolesOf(attributes: SamlAttributes): SamlIdentity["roles"] {
  return (attributes.get(`${AWS}Role`) ?? []).flatMap((value) => {
    const arns = value.split(",").map((arn) => arn.trim());
    const roleArn = arns.find((arn) => /^arn:[^:]+:iam::\d{12}:role\//.test(arn));
    const providerArn = arns.find((arn) => /^arn:[^:]+:iam::\d{12}:saml-provider\//.test(arn));
    return roleArn === undefined || providerArn === undefined || arns.length !== 2 ? [] : [{ roleArn, providerArn }];
  });
}

/** @throws {IdentityRefused} */
export function sessionNameOf(attributes: SamlAttributes): string {
  const name = onlyValue(attributes, `${AWS}RoleSessionName`);
  if (name === undefined) throw sessionNameMissing();
  if (!NAME.test(name)) throw sessionNameInvalid();
  return name;
}

/**
 * How long a session of the console lasts; sessions of the API do not ask for it.
 * @throws {IdentityRefused} where it is not from 900 to 43,200 seconds
 */
export function checkSessionDuration(attributes: SamlAttributes): void {
  const name = `${AWS}SessionDuration`;
  const value = onlyValue(attributes, name);
  if (value === undefined) return;
  const seconds = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (seconds < 900 || seconds > 43_200) throw malformedAttribute(name);
}

/** @throws {IdentityRefused} */
export function claimedByAttributes(attributes: SamlAttributes): ClaimedSession {
  const sourceIdentity = onlyValue(attributes, `${AWS}SourceIdentity`);
  if (sourceIdentity !== undefined && (!NAME.test(sourceIdentity) || /^aws:/i.test(sourceIdentity))) {
    throw sourceIdentityInvalid();
  }
  const names = [...attributes.keys()].filter((name) => name.startsWith(PRINCIPAL_TAG));
  return {
    tags: names.map((name) => ({
      Key: name.slice(PRINCIPAL_TAG.length),
      Value: onlyValue(attributes, name) ?? "",
    })),
    transitiveTagKeys: attributes.get(`${AWS}TransitiveTagKeys`) ?? [],
    sourceIdentity,
  };
}

function onlyValue(attributes: SamlAttributes, name: string): string | undefined {
  const [only, ...more] = attributes.get(name) ?? [];
  if (more.length > 0) throw malformedAttribute(name);
  return only;
}
