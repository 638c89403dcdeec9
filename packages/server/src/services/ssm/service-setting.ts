/**
 * Settings of Parameter Store, each with its default. Others of Systems Manager are not built.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html
 */
import { parseArn } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import { callerName } from "../../service/caller.ts";
import type { Context } from "../../service/context.ts";
import { settingUnknown, settingValueInvalid } from "./errors.ts";
import { operation, settingArn } from "./kit.ts";

interface Setting {
  readonly id: string;
  readonly value: string;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string;
}

const settings = table<Setting>("ssm.service-setting", "region", ({ id }) => [id]);

const USUAL = {
  "/ssm/parameter-store/default-parameter-tier": {
    value: "Standard",
    values: ["Standard", "Advanced", "Intelligent-Tiering"],
  },
  "/ssm/parameter-store/high-throughput-enabled": { value: "false", values: ["true", "false"] },
} as const;

type SettingId = keyof typeof USUAL;
const isSettingId = (id: string): id is SettingId => Object.hasOwn(USUAL, id);

/** An id, or an ARN of one. @throws {AwsError} `ServiceSettingNotFound` */
function requireId(text: string): SettingId {
  const id = parseArn(text)?.resource.replace(/^servicesetting/, "") ?? text;
  if (!isSettingId(id)) throw settingUnknown(text);
  return id;
}

export const settingOf = async (id: SettingId, { tx }: Context): Promise<string> =>
  (await tx.get(settings, id))?.value ?? USUAL[id].value;

const onSetting =
  (action: "GetServiceSetting" | "UpdateServiceSetting" | "ResetServiceSetting") =>
  ({ SettingId: id }: { readonly SettingId: string }, context: Context) => ({
    action: `ssm:${action}`,
    resource: settingArn(context, parseArn(id)?.resource.replace(/^servicesetting/, "") ?? id),
  });

async function shown(id: SettingId, context: Context) {
  const kept = await context.tx.get(settings, id);
  return {
    SettingId: id,
    SettingValue: kept?.value ?? USUAL[id].value,
    LastModifiedDate: new Date(kept?.modifiedAtMs ?? 0),
    LastModifiedUser: kept?.modifiedBy ?? "System",
    ARN: settingArn(context, id),
    Status: kept === undefined ? "Default" : "Customized",
  };
}

export const getServiceSetting = operation("GetServiceSetting", {
  authorize: onSetting("GetServiceSetting"),
  handle: async ({ SettingId }, context) => ({ ServiceSetting: await shown(requireId(SettingId), context) }),
});

export const updateServiceSetting = operation("UpdateServiceSetting", {
  authorize: onSetting("UpdateServiceSetting"),

  async handle({ SettingId, SettingValue: value }, context) {
    const id = requireId(SettingId);
    const values: readonly string[] = USUAL[id].values;
    if (!values.includes(value)) throw settingValueInvalid(value);
    const modifiedBy = callerName(context.principal);
    context.tx.put(settings, { id, value, modifiedAtMs: context.now().getTime(), modifiedBy });
    return {};
  },
});

export const resetServiceSetting = operation("ResetServiceSetting", {
  authorize: onSetting("ResetServiceSetting"),

  async handle({ SettingId }, context) {
    const id = requireId(SettingId);
    context.tx.delete(settings, id);
    return { ServiceSetting: await shown(id, context) };
  },
});
