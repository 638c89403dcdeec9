/** The smallest statement that would turn an implicit denial into an allow, as each lacking layer writes it. */
import type { Reason, Remedy } from "./decision.ts";
import type { Question } from "./decide-layers.ts";
import { literalPattern } from "./policy/literal-pattern.ts";
import type { Principal } from "./principal.ts";

export const remedyFor = ({ layer, level }: Lack, question: Question): Remedy => ({
  layer,
  ...(level !== undefined && { level }),
  statement: statementFor(layer, question),
});

/** The layer, and the level of it, that would have to allow. */
export type Lack = Pick<Reason, "layer" | "level">;

function statementFor(layer: Lack["layer"], { principal, access }: Question): object {
  const { action } = access;
  const resource = patternOf(access.resource);
  if (layer === "resource") {
    const named = { Effect: "Allow", Principal: principalOf(principal), Action: action };
    return isTrust(action) ? named : { ...named, Resource: resource };
  }
  const plain = { Effect: "Allow", Action: action, Resource: resource };
  return layer === "rcp" || layer === "endpoint" ? { ...plain, Principal: "*" } : plain;
}

/** What lies behind some resources is part of their name: `log-group:app:*`. */
const patternOf = (resource: string): string =>
  resource === "*" ? resource : literalPattern(resource).replace(/:\$\{\*\}$/, ":*");

/** Trust policies name no resource. */
const isTrust = (action: string): boolean =>
  /^sts:(?:AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity)$/.test(action);

function principalOf(principal: Principal): object | "*" {
  if (principal.type === "anonymous") return "*";
  if (principal.type === "service") return { Service: principal.service };
  return { AWS: principal.type === "role-session" ? principal.roleArn : principal.arn };
}
