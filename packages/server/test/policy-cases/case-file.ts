/** The form of the case files, and their reading. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Layer, Reason } from "../../src/identity/decision.ts";
import type { CallingService, EndpointOrigin } from "../../src/identity/condition-keys.ts";
import type { ConditionKeys } from "../../src/service/access.ts";
import type { PrincipalName } from "./principals.ts";

/** A whole policy, or its statements alone, which are then of version 2012-10-17. */
export type CasePolicy = readonly object[] | { readonly Statement: unknown };

interface CaseLevel {
  readonly level: string;
  readonly policies: readonly CasePolicy[];
}

/** Where the expectation comes from: `documented` has the page, `traps` the rule that others broke. */
export type Provenance =
  | { readonly kind: "documented"; readonly url: string }
  | { readonly kind: "traps"; readonly rule: string }
  | { readonly kind: "assumed"; readonly because: string };

export interface PolicyCase {
  /** A sentence of fact. */
  readonly name: string;
  readonly provenance: Provenance;
  readonly principal: PrincipalName;
  readonly action: string;
  readonly resource: string;
  /** Owner of the resource; 111111111111 where left out. */
  readonly owner?: string;
  /** Allow nothing without the resource's own policy. */
  readonly required?: boolean;
  readonly identity?: readonly CasePolicy[];
  /** Shorthand for one identity policy that allows the action under this condition. */
  readonly condition?: object;
  readonly boundary?: CasePolicy;
  readonly session?: readonly CasePolicy[];
  readonly scps?: readonly CaseLevel[];
  readonly rcps?: readonly CaseLevel[];
  readonly resourcePolicy?: CasePolicy;
  readonly endpointPolicy?: CasePolicy;
  readonly grants?: readonly { readonly layer: "acl" | "grant"; readonly name: string }[];
  readonly keys?: ConditionKeys;
  readonly resourceTags?: Readonly<Record<string, string>>;
  readonly requestTags?: Readonly<Record<string, string>>;
  readonly tagKeys?: readonly string[];
  readonly principalTags?: Readonly<Record<string, string>>;
  readonly organization?: Readonly<Record<string, string | readonly string[]>>;
  readonly resourceOrganization?: Readonly<Record<string, string | readonly string[]>>;
  readonly sourceIp?: string;
  readonly secureTransport?: boolean;
  readonly userAgent?: string;
  readonly referer?: string;
  readonly region?: string;
  /** ISO 8601; 2026-01-15T12:00:00Z where left out. */
  readonly now?: string;
  readonly endpoint?: EndpointOrigin;
  readonly calling?: CallingService;
  readonly canonicalUser?: string;
  readonly expect: Expectation;
}

/** The decision, and what its decisive reason has to be. */
export interface Expectation {
  readonly decision: "allow" | "deny";
  readonly layer: Layer;
  readonly effect: Reason["effect"];
  readonly sid?: string;
  readonly level?: string;
  readonly policy?: string;
  /** A condition that the reason shows. */
  readonly condition?: { readonly key: string; readonly actual: readonly string[] | null; readonly met: boolean };
  /** What the caller is told. */
  readonly message?: string;
  readonly remedy?: object;
}

interface CaseFile {
  readonly about: string;
  /** What all cases of the file have in common. */
  readonly defaults?: Partial<PolicyCase>;
  readonly cases: readonly Partial<PolicyCase>[];
}

/** Every case below `folder`, by file. */
export function readCases(folder: string): ReadonlyMap<string, readonly PolicyCase[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return new Map(files.toSorted().map((name) => [relative(folder, join(folder, name)), casesOf(join(folder, name))]));
}

function casesOf(path: string): readonly PolicyCase[] {
  const file: CaseFile = JSON.parse(readFileSync(path, "utf8"));
  return file.cases.map((each) => complete({ ...file.defaults, ...each }, path));
}

function complete(given: Partial<PolicyCase>, path: string): PolicyCase {
  const { name, provenance, principal, action, resource, expect } = given;
  if (!name || !provenance || !principal || !action || !resource || !expect) {
    throw new Error(`an incomplete case in ${path}: ${name ?? JSON.stringify(given)}`);
  }
  return { ...given, name, provenance, principal, action, resource, expect };
}
