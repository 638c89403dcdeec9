/** Parameters, made and given new versions. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
import type { ConditionKeys } from "../../service/access.ts";
import { callerName } from "../../service/caller.ts";
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { allowedBy } from "./allowed-pattern.ts";
import {
  dataTypeUnknown,
  keyWithoutSecret,
  oldestLabelled,
  parameterExists,
  tagsWithOverwrite,
  typeChanged,
  typeMissing,
  valueEmpty,
  valueNested,
  valueTooLong,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { parsePolicies, schedulePolicies, type LifecyclePolicy } from "./lifecycle-policy.ts";
import { ADVANCED_CHARACTERS_MAX, STANDARD_CHARACTERS_MAX, VERSIONS_MAX } from "./limits.ts";
import { tellOfChange } from "./parameter-event.ts";
import { noteTier, tierOf } from "./parameter-tier.ts";
import { keyOf, requireNewName } from "./parameter-name.ts";
import {
  deleteVersion,
  homeOf,
  labelsOf,
  parameters,
  putParameterRow,
  putVersion,
  type Parameter,
  type ParameterKind,
  type ParameterTier,
} from "./parameter-row.ts";
import { MANAGED_KEY, sealValue } from "./secure-value.ts";
import { requireTags, tagsOf, type TagList } from "./tag-list.ts";

interface Given {
  readonly Name: string;
  readonly Value: string;
  readonly Description?: string | undefined;
  readonly Type?: ParameterKind | undefined;
  readonly KeyId?: string | undefined;
  readonly Overwrite?: boolean | undefined;
  readonly AllowedPattern?: string | undefined;
  readonly Tags?: TagList | undefined;
  readonly Tier?: string | undefined;
  readonly Policies?: string | undefined;
  readonly DataType?: string | undefined;
}

export const putParameter = operation("PutParameter", {
  async authorize(input, context) {
    const { Name, Tags = [] } = input;
    const asked = { requestTags: tagsOf(Tags), keys: keysOf(input) };
    const onPut = await onParameter("PutParameter", Name, context, asked);
    // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html (tags)
    return Tags.length === 0 ? onPut : [onPut, await onParameter("AddTagsToResource", Name, context, asked)];
  },

  async handle(input, context) {
    const { Name: name, Overwrite: overwrites = false, Tags = [] } = input;
    requireNewName(name);
    if (input.Value === "") throw valueEmpty();
    if (namesAnother(input.Value)) throw valueNested();
    if (overwrites && Tags.length > 0) throw tagsWithOverwrite();
    const before = await homeOf(context, context.tx).get(parameters, keyOf(name));
    if (before !== undefined && !overwrites) throw parameterExists();
    const parameter = await nextVersion(input, before, context);
    if (isNoImage(input.Value, parameter)) return { Version: parameter.version, Tier: parameter.tier };
    await store({ value: input.Value, parameter, before }, context);
    return { Version: parameter.version, Tier: parameter.tier };
  },
});

/** `{{…}}` would stand for another parameter. */
function namesAnother(value: string): boolean {
  const opening = value.indexOf("{{");
  return opening !== -1 && value.includes("}}", opening);
}

interface Stored {
  readonly value: string;
  readonly parameter: Parameter;
  readonly before: Parameter | undefined;
}

async function store({ value: plain, parameter, before }: Stored, context: Context): Promise<void> {
  const { tx } = context;
  const { key, oldestVersion } = parameter;
  if (before !== undefined && oldestVersion > before.oldestVersion) deleteVersion(before, before.oldestVersion, tx);
  await noteTier(parameter.tier, before, context);
  const value = parameter.type === "SecureString" ? await sealValue(plain, parameter, context) : plain;
  putParameterRow(parameter, tx);
  putVersion({ ...describedOf(parameter), key, value }, parameter, tx);
  schedulePolicies(parameter, context);
  await tellOfChange(before === undefined ? "Create" : "Update", parameter, context);
}

const keysOf = ({ Overwrite, Policies }: Pick<Given, "Overwrite" | "Policies">): ConditionKeys => ({
  "ssm:Overwrite": String(Overwrite ?? false),
  "ssm:Policies": Policies,
});

function describedOf({ name: _n, tags: _t, labels: _l, oldestVersion: _o, sharing: _s, ...described }: Parameter) {
  const { account: _account, region: _region, partition: _partition, ...version } = described;
  return version;
}

/** The row as it is to be put. */
async function nextVersion(given: Given, before: Parameter | undefined, context: Context): Promise<Parameter> {
  const type = typeOf(given, before);
  const policies = policiesOf(given, before, context);
  const tier = await tierOf(given, { before, hasPolicies: policies.length > 0 }, context);
  requireValue(given.Value, tier);
  const { allowedPattern, description, keyId }: Partial<Parameter> = {
    ...before,
    ...inheritedOf(given, before, type),
  };
  if (allowedPattern !== undefined && allowedPattern !== "") await allowedBy(allowedPattern, given.Value);
  return {
    ...(before === undefined ? newRow(given, context) : withRoom(before)),
    type,
    tier,
    dataType: dataTypeOf(given, before),
    modifiedAtMs: context.now().getTime(),
    modifiedBy: callerName(context.principal),
    ...(description !== undefined && { description }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    ...(policies.length > 0 && { policies }),
    ...(keyId !== undefined && type === "SecureString" && { keyId }),
  };
}

/** What stays as it was, where nothing is said of it. */
function inheritedOf(
  { Description, AllowedPattern, KeyId }: Given,
  before: Pick<Parameter, "keyId"> | undefined,
  type: ParameterKind,
) {
  return {
    ...(Description !== undefined && { description: Description }),
    ...(AllowedPattern !== undefined && { allowedPattern: AllowedPattern }),
    ...(type === "SecureString" && { keyId: KeyId ?? before?.keyId ?? MANAGED_KEY }),
  };
}

function newRow({ Name, Tags = [] }: Given, { account, region, partition }: Context) {
  const tags = requireTags({}, Tags);
  return { key: keyOf(Name), name: Name, account, region, partition, tags, version: 1, oldestVersion: 1, labels: {} };
}

/** The row of the next version: the oldest is to go where there are a hundred. @throws {AwsError} `ParameterMaxVersionLimitExceeded` */
function withRoom(before: Parameter) {
  const { policies: _policies, keyId: _keyId, ...kept } = before;
  const version = before.version + 1;
  const { oldestVersion } = before;
  if (version - oldestVersion < VERSIONS_MAX) return { ...kept, version };
  if (labelsOf(before, oldestVersion).length > 0) throw oldestLabelled(before.name, oldestVersion);
  return { ...kept, version, oldestVersion: oldestVersion + 1 };
}

/** One of a single level changes its type. Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssm/parameter_test.go (TestAccSSMParameter_updateType) */
const isInHierarchy = ({ key }: Parameter): boolean => key.lastIndexOf("/") > 0;

function typeOf({ Type, KeyId }: Given, before: Parameter | undefined): ParameterKind {
  const type = Type ?? before?.type;
  if (type === undefined) throw typeMissing();
  if (before !== undefined && before.type !== type && isInHierarchy(before)) throw typeChanged();
  if (KeyId !== undefined && type !== "SecureString") throw keyWithoutSecret();
  return type;
}

/** Those of the version before stay, where nothing is said of them; an empty list takes them away. */
function policiesOf({ Policies }: Given, before: Parameter | undefined, context: Context): readonly LifecyclePolicy[] {
  if (Policies === undefined) return before?.policies ?? [];
  return parsePolicies(Policies, context.now().getTime());
}

function requireValue(value: string, tier: ParameterTier): void {
  const max = tier === "Advanced" ? ADVANCED_CHARACTERS_MAX : STANDARD_CHARACTERS_MAX;
  if (value.length > max) throw valueTooLong(tier);
}

const IMAGE = "aws:ec2:image";
const DATA_TYPES: ReadonlySet<string> = new Set(["text", IMAGE, "aws:ssm:integration"]);

/**
 * Values of images are looked at when the call was answered: what names none is nowhere then.
 * Differs: whether there is an image of that id is not asked yet, and no event tells of it.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#systemsmanager-PutParameter-request-DataType
 */
const isNoImage = (value: string, { dataType }: Parameter): boolean =>
  dataType === IMAGE && !/^ami-[\da-z]{8,17}$/.test(value);

function dataTypeOf({ DataType }: Given, before: Parameter | undefined): string {
  const type = DataType ?? before?.dataType ?? "text";
  if (!DATA_TYPES.has(type)) throw dataTypeUnknown(type);
  return type;
}
