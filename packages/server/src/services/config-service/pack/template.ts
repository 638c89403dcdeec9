/**
 * The templates of conformance packs: the rules that one asks for.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { collectAtMost } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import {
  notImplemented,
  templateInvalid,
  templateMissing,
  templateTooLarge,
  templateTwice,
  templateUnreadable,
} from "../errors.ts";
import { PACK_RULES_MAX, TEMPLATE_BYTES_MAX } from "../limits.ts";
import { EFFORT_MAX, holds, resolve, type TemplateScope } from "./template-function.ts";
import { isMap, memberOf, readTemplate, textOf, type Value, type ValueMap } from "./template-text.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** A rule that a pack asks for: the input of `PutConfigRule`, without the pack's part of the name. */
export interface WantedRule {
  readonly name: string;
  readonly given: ValueMap;
}

export interface PackParameter {
  readonly name: string;
  readonly value: string;
}

export interface GivenTemplate {
  readonly TemplateBody?: string | undefined;
  readonly TemplateS3Uri?: string | undefined;
  readonly TemplateSSMDocumentDetails?: object | undefined;
}

/**
 * With the caller's own rights. A template in S3 counts before one that comes with the call.
 * Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/config_conformance_pack (template_s3_uri)
 * @throws {AwsError} `InvalidParameterValueException`, `InsufficientPermissionsException`
 */
export async function templateOf(given: GivenTemplate, context: Context): Promise<string> {
  const { TemplateBody: body, TemplateS3Uri: uri, TemplateSSMDocumentDetails: document } = given;
  const own = uri ?? body;
  if (own === undefined && document === undefined) throw templateMissing();
  if (own !== undefined && document !== undefined) throw templateTwice();
  if (own === undefined) throw notImplemented("a template that is a document of Systems Manager");
  return uri === undefined ? own : objectAt(uri, context);
}

/** What stands at `s3://bucket/key`. */
export async function objectAt(uri: string, context: Context): Promise<string> {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (Key === "") throw templateUnreadable(uri);
  const body = await bodyOf({ Bucket, Key, uri }, context);
  if (body === undefined) throw templateTooLarge();
  return Buffer.from(body).toString("utf8");
}

interface Place {
  readonly Bucket: string;
  readonly Key: string;
  readonly uri: string;
}

async function bodyOf({ Bucket, Key, uri }: Place, context: Context): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await context.call<S3Sdk, "GetObject">({
      service: "s3",
      operation: "GetObject",
      input: { Bucket, Key },
    });
    return Body && (await collectAtMost(Body, TEMPLATE_BYTES_MAX));
  } catch (error) {
    throw error instanceof AwsError ? templateUnreadable(uri) : error;
  }
}

/** @throws {AwsError} `ConformancePackTemplateValidationException` */
export async function wantedRules(
  text: string,
  given: readonly PackParameter[],
  context: Context,
): Promise<readonly WantedRule[]> {
  const template = await readTemplate(text);
  const resources = memberOf(template, "Resources");
  if (!isMap(resources) || Object.keys(resources).length === 0) throw templateInvalid("Template has no resources");
  const scope = scopeOf(template, given, context);
  const wanted = Object.entries(resources)
    .filter(([, resource]) => isIncluded(resource, scope))
    .map(([id, resource]) => wantedRule(id, resource, scope));
  // Source: https://github.com/awslabs/aws-config-rules/issues/430 (the words)
  if (wanted.length > PACK_RULES_MAX) {
    throw templateInvalid("Number of resources provided in the template exceeds the allowed limit");
  }
  if (new Set(wanted.map(({ name }) => name)).size < wanted.length) throw templateInvalid("Duplicate ConfigRuleName");
  return wanted;
}

function scopeOf(template: Value, given: readonly PackParameter[], context: Context): TemplateScope {
  const parameters = memberOf(template, "Parameters") ?? {};
  const names = new Map<string, string>([
    ["AWS::AccountId", context.account],
    ["AWS::Region", context.region],
    ["AWS::Partition", context.partition],
  ]);
  const unknown = given.find(({ name }) => memberOf(parameters, name) === undefined);
  if (unknown !== undefined) throw templateInvalid(`Parameters: [${unknown.name}] do not exist in the template`);
  for (const [name, parameter] of Object.entries(isMap(parameters) ? parameters : {})) {
    const value = given.find((one) => one.name === name)?.value ?? memberOf(parameter, "Default");
    if (value === undefined) throw templateInvalid(`Parameters: [${name}] must have values`);
    names.set(name, textOf(value));
  }
  return { names, conditions: memberOf(template, "Conditions"), within: [], effort: { left: EFFORT_MAX } };
}

function isIncluded(resource: Value, scope: TemplateScope): boolean {
  const condition = memberOf(resource, "Condition");
  return condition === undefined || holds(textOf(condition), scope);
}

function wantedRule(id: string, resource: Value, scope: TemplateScope): WantedRule {
  const type = memberOf(resource, "Type");
  if (type === "AWS::Config::RemediationConfiguration") throw notImplemented("a remediation in a conformance pack");
  if (type !== "AWS::Config::ConfigRule") throw templateInvalid(`Resource type of ${id} is not supported`);
  const properties = resolve(memberOf(resource, "Properties") ?? {}, scope);
  const name = memberOf(properties, "ConfigRuleName");
  if (!isMap(properties) || typeof name !== "string") throw templateInvalid(`ConfigRuleName of ${id} is missing`);
  const { InputParameters: parameters, ...given } = properties;
  return { name, given: { ...given, ...textParameters(parameters) } };
}

/** An object in templates, its text in calls. */
function textParameters(parameters: Value | undefined): ValueMap {
  if (typeof parameters === "string") return { InputParameters: parameters };
  if (!isMap(parameters) || Object.keys(parameters).length === 0) return {};
  const texts = Object.entries(parameters).map(([name, value]) => [name, textOf(value)]);
  return { InputParameters: JSON.stringify(Object.fromEntries(texts)) };
}
