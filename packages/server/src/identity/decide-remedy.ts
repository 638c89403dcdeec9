/** The smallest statement that would turn an implicit denial into an allow, as the lacking layer writes it. */
import type { Decision, Layer } from "./decision.ts";
import type { Question } from "./decide-layers.ts";
import type { Principal } from "./principal.ts";

export function remedyFor(layer: Layer, { principal, access }: Question): NonNullable<Decision["remedy"]> {
  const { action, resource } = access;
  if (layer === "resource") {
    const named = { Effect: "Allow", Principal: principalOf(principal), Action: action };
    return { layer, statement: isTrust(action) ? named : { ...named, Resource: resource } };
  }
  const plain = { Effect: "Allow", Action: action, Resource: resource };
  return { layer, statement: layer === "rcp" || layer === "endpoint" ? { ...plain, Principal: "*" } : plain };
}

/** Trust policies name no resource. */
const isTrust = (action: string): boolean =>
  /^sts:(?:AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity)$/.test(action);

function principalOf(principal: Principal): object | "*" {
  if (principal.type === "anonymous") return "*";
  if (principal.type === "service") return { Service: principal.service };
  return { AWS: principal.type === "role-session" ? principal.roleArn : principal.arn };
}
