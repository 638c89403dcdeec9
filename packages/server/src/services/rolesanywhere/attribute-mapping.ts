/** What of a certificate becomes tags of a session. Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/attribute-mapping.html */
import type { OutputOf } from "../../service/sdk.ts";
import { alternativeNamesOf, issuerOf, subjectOf, type Certificate } from "./certificate.ts";
import { invalidSpecifier, mappingNotFound } from "./errors.ts";
import type { RolesAnywhereSdk } from "./kit.ts";
import { TAG_VALUE_CHARACTERS_MAX } from "./limits.ts";

export type CertificateField = "x509Subject" | "x509Issuer" | "x509SAN";

/** The specifiers of each field that is mapped. */
export type AttributeMappings = Readonly<Partial<Record<CertificateField, readonly string[]>>>;

const FIELDS: readonly CertificateField[] = ["x509Issuer", "x509SAN", "x509Subject"];

/** All the parts of names, and the first of each kind of alternative name. */
const EVERY_NAME = "Name/*";

export const DEFAULT_MAPPINGS: AttributeMappings = {
  x509Issuer: ["*"],
  x509SAN: ["DNS", "URI", EVERY_NAME],
  x509Subject: ["*"],
};

/** Replaces what was mapped of the field. @throws {AwsError} `ValidationException` */
export function withMapping(
  present: AttributeMappings,
  field: CertificateField,
  specifiers: readonly string[],
): AttributeMappings {
  const meant = specifiers.map((specifier) => (field === "x509SAN" ? ofAlternativeName(specifier) : specifier));
  const invalid = meant.find((specifier) => !isSpecifier(field, specifier));
  if (invalid !== undefined) throw invalidSpecifier(invalid);
  return { ...present, [field]: [...new Set(meant)] };
}

const ofAlternativeName = (specifier: string): string => (/^Name\/?$/.test(specifier) ? EVERY_NAME : specifier);

const isSpecifier = (field: CertificateField, specifier: string): boolean =>
  field === "x509SAN" ? /^(DNS|URI|Name\/(\*|[A-Za-z]+))$/.test(specifier) : /^(\*|[A-Za-z]+)$/.test(specifier);

/**
 * Without those specifiers; without the field where none are named.
 *
 * @throws {AwsError} `ResourceNotFoundException`
 */
export function withoutMapping(
  present: AttributeMappings,
  field: CertificateField,
  specifiers: readonly string[] = [],
): AttributeMappings {
  const held = present[field];
  if (held === undefined) throw mappingNotFound(field);
  const kept = specifiers.length === 0 ? [] : held.filter((specifier) => !specifiers.includes(specifier));
  const { [field]: _, ...others } = present;
  return kept.length === 0 ? others : { ...others, [field]: kept };
}

type Shown = NonNullable<NonNullable<OutputOf<RolesAnywhereSdk, "GetProfile">["profile"]>["attributeMappings"]>;

export const formatMappings = (mappings: AttributeMappings): Shown =>
  FIELDS.flatMap((certificateField) => {
    const specifiers = mappings[certificateField];
    return specifiers === undefined
      ? []
      : [{ certificateField, mappingRules: specifiers.map((specifier) => ({ specifier })) }];
  });

const PARTS = { x509Subject: subjectOf, x509Issuer: issuerOf, x509SAN: alternativeNamesOf } as const;

/** What a tag's value may be; of others the session has none, so that no condition takes one for another. */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `x509Subject/CN`, `x509SAN/URI` and their like. */
export function sessionTagsOf(certificate: Certificate, mappings: AttributeMappings) {
  return FIELDS.flatMap((field) => {
    const specifiers = mappings[field] ?? [];
    return [...PARTS[field](certificate)]
      .filter(([name]) => specifiers.some((specifier) => covers(specifier, name)))
      .filter(([, value]) => TAG_VALUE.test(value) && value.length <= TAG_VALUE_CHARACTERS_MAX)
      .map(([name, Value]) => ({ Key: `${field}/${name}`, Value }));
  });
}

const covers = (specifier: string, name: string): boolean =>
  specifier === name || specifier === "*" || (specifier === EVERY_NAME && name.startsWith("Name/"));
