/**
 * Condition keys of an assertion's attributes.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html#saml-attribute-mapping
 */
import { findOwn } from "../../kernel/lookup.ts";
import type { SamlAttributes } from "./saml-attributes.ts";

const EDU_PERSON = "urn:oid:1.3.6.1.4.1.5923.1.1.1.";
const EDU_ORG = "urn:oid:1.3.6.1.4.1.5923.1.2.1.";
const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

const KEYS: Readonly<Record<string, string>> = {
  [`${EDU_PERSON}1`]: "eduPersonAffiliation",
  [`${EDU_PERSON}2`]: "eduPersonNickname",
  [`${EDU_PERSON}3`]: "eduPersonOrgDN",
  [`${EDU_PERSON}4`]: "eduPersonOrgUnitDN",
  [`${EDU_PERSON}5`]: "eduPersonPrimaryAffiliation",
  [`${EDU_PERSON}6`]: "eduPersonPrincipalName",
  [`${EDU_PERSON}7`]: "eduPersonEntitlement",
  [`${EDU_PERSON}8`]: "eduPersonPrimaryOrgUnitDN",
  [`${EDU_PERSON}9`]: "eduPersonScopedAffiliation",
  [`${EDU_PERSON}10`]: "eduPersonTargetedID",
  [`${EDU_PERSON}11`]: "eduPersonAssurance",
  [`${EDU_ORG}2`]: "eduOrgHomePageURI",
  [`${EDU_ORG}3`]: "eduOrgIdentityAuthNPolicyURI",
  [`${EDU_ORG}4`]: "eduOrgLegalName",
  [`${EDU_ORG}5`]: "eduOrgSuperiorURI",
  [`${EDU_ORG}6`]: "eduOrgWhitePagesURI",
  "urn:oid:2.5.4.3": "cn",
  "urn:oid:2.5.4.4": "surname",
  "urn:oid:2.5.4.42": "givenName",
  "urn:oid:2.5.4.45": "x500UniqueIdentifier",
  "urn:oid:0.9.2342.19200300.100.1.1": "uid",
  "urn:oid:0.9.2342.19200300.100.1.3": "mail",
  "urn:oid:0.9.2342.19200300.100.1.45": "organizationStatus",
  "http://schemas.xmlsoap.org/claims/CommonName": "commonName",
  "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "primaryGroupSID",
  [`${CLAIMS}emailaddress`]: "mail",
  [`${CLAIMS}givenname`]: "givenName",
  [`${CLAIMS}name`]: "name",
  [`${CLAIMS}surname`]: "surname",
};

export function attributeKeys(attributes: SamlAttributes): Readonly<Record<string, readonly string[]>> {
  const keys: Record<string, readonly string[]> = {};
  for (const [name, values] of attributes) {
    const known = findOwn(KEYS, name);
    if (known === undefined || values.length === 0) continue;
    const key = `saml:${known}`;
    keys[key] = [...(keys[key] ?? []), ...values];
  }
  return keys;
}
