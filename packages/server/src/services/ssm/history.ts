/** Versions of a parameter and their labels. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html */
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { tokenInvalid, tooManyLabels, versionNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { shownPolicies } from "./lifecycle-policy.ts";
import { HISTORY_PER_PAGE, LABELS_PER_VERSION_MAX } from "./limits.ts";
import { tellOfChange } from "./parameter-event.ts";
import {
  findVersion,
  labelsOf,
  putParameterRow,
  requireParameter,
  versionsOf,
  type Parameter,
  type ParameterVersion,
} from "./parameter-row.ts";
import { openValue } from "./secure-value.ts";

export const getParameterHistory = operation("GetParameterHistory", {
  authorize: ({ Name }, context) => onParameter("GetParameterHistory", Name, context),

  async handle({ Name, WithDecryption: decrypts = false, MaxResults, NextToken: token }, context) {
    const parameter = await requireParameter(Name, context);
    const limit = MaxResults ?? HISTORY_PER_PAGE.usual;
    const after = token === undefined ? undefined : Number(decodeToken(token, tokenInvalid)[0]);
    const rows = await versionsOf(parameter, { after, limit: limit + 1 }, context.tx);
    const given = rows.slice(0, limit);
    const last = given.at(-1);
    const isMore = rows.length > limit && last !== undefined;
    return {
      Parameters: await Promise.all(given.map((version) => shown(parameter, { version, decrypts }, context))),
      ...(isMore && { NextToken: encodeToken([last.version]) }),
    };
  },
});

interface Shown {
  readonly version: ParameterVersion;
  readonly decrypts: boolean;
}

async function shown(parameter: Parameter, { version, decrypts }: Shown, context: Context) {
  const { type, tier, description, allowedPattern, keyId, policies = [] } = version;
  const opens = decrypts && type === "SecureString";
  return {
    Name: parameter.name,
    Type: type,
    ...(keyId !== undefined && { KeyId: keyId }),
    LastModifiedDate: new Date(version.modifiedAtMs),
    LastModifiedUser: version.modifiedBy,
    ...(description !== undefined && { Description: description }),
    Value: opens ? await openValue(version.value, { ...parameter, tier }, context) : version.value,
    ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
    Version: version.version,
    Labels: labelsOf(parameter, version.version),
    Tier: tier,
    Policies: shownPolicies(policies),
    DataType: version.dataType,
  };
}

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html (requirements) */
const isLabel = (label: string): boolean => /^(?!aws|ssm)[a-z_.-][\w.-]*$/i.test(label);

export const labelParameterVersion = operation("LabelParameterVersion", {
  authorize: ({ Name }, context) => onParameter("LabelParameterVersion", Name, context),

  async handle({ Name, ParameterVersion, Labels }, context) {
    const parameter = await requireParameter(Name, context);
    const version = ParameterVersion ?? parameter.version;
    if ((await findVersion(parameter, version, context.tx)) === undefined) throw versionNotFound(version, Name);
    const valid = Labels.filter(isLabel);
    const labels = { ...parameter.labels, ...Object.fromEntries(valid.map((label) => [label, version])) };
    const labelled = { ...parameter, labels };
    if (labelsOf(labelled, version).length > LABELS_PER_VERSION_MAX) throw tooManyLabels();
    putParameterRow(labelled, context.tx);
    await tellOfChange("LabelParameterVersion", parameter, context);
    return { InvalidLabels: Labels.filter((label) => !isLabel(label)), ParameterVersion: version };
  },
});

export const unlabelParameterVersion = operation("UnlabelParameterVersion", {
  authorize: ({ Name }, context) => onParameter("UnlabelParameterVersion", Name, context),

  async handle({ Name, ParameterVersion: version, Labels }, context) {
    const parameter = await requireParameter(Name, context);
    if ((await findVersion(parameter, version, context.tx)) === undefined) throw versionNotFound(version, Name);
    const isThere = (label: string): boolean => parameter.labels[label] === version;
    const RemovedLabels = Labels.filter(isThere);
    const left = Object.entries(parameter.labels).filter(([label]) => !RemovedLabels.includes(label));
    putParameterRow({ ...parameter, labels: Object.fromEntries(left) }, context.tx);
    return { RemovedLabels, InvalidLabels: Labels.filter((label) => !isThere(label)) };
  },
});
