/** Parameters, read by name. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
import { AwsError } from "../../kernel/aws-error.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { labelNotFound, readParameterNotFound, versionNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { parseName, requireReadableName } from "./parameter-name.ts";
import { arnOf, findParameter, findVersion, type Parameter, type ParameterVersion } from "./parameter-row.ts";
import { findPublic, isPublicName } from "./public-parameter.ts";
import { isSecretName, secretParameter } from "./secret-reference.ts";
import { openValue } from "./secure-value.ts";

export interface Reading {
  readonly decrypts: boolean;
}

/** What nobody needs a right in the account's own parameters for is asked about all the same. */
export const getParameter = operation("GetParameter", {
  authorize: ({ Name }, context) => onParameter("GetParameter", Name, context),
  handle: async ({ Name, WithDecryption: decrypts = false }, context) => ({
    Parameter: await readNamed(Name, { decrypts }, context),
  }),
});

export const getParameters = operation("GetParameters", {
  authorize: ({ Names }, context) => Promise.all(Names.map((name) => onParameter("GetParameters", name, context))),

  async handle({ Names, WithDecryption: decrypts = false }, context) {
    const found: Awaited<ReturnType<typeof readNamed>>[] = [];
    const InvalidParameters: string[] = [];
    for (const name of new Set(Names)) {
      const read = await readIfThere(name, { decrypts }, context);
      if (read === undefined) InvalidParameters.push(name);
      else found.push(read);
    }
    // Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html (in alphabetical order)
    return {
      Parameters: found.toSorted((one, other) => ((one.Name ?? "") < (other.Name ?? "") ? -1 : 1)),
      InvalidParameters,
    };
  },
});

const NOT_THERE: ReadonlySet<string> = new Set(["ParameterNotFound", "ParameterVersionNotFound"]);

async function readIfThere(name: string, reading: Reading, context: Context) {
  try {
    return await readNamed(name, reading, context);
  } catch (error) {
    if (error instanceof AwsError && NOT_THERE.has(error.code)) return undefined;
    throw error;
  }
}

/** @throws {AwsError} `ParameterNotFound`, `ParameterVersionNotFound`, `ValidationException` */
async function readNamed(name: string, reading: Reading, context: Context) {
  if (isSecretName(name)) return secretParameter(name, reading, context);
  requireReadableName(name);
  const named = parseName(name, context);
  if (isPublicName(named.key)) {
    const found = named.isImpossible === true ? undefined : findPublic(named.key, context);
    if (found === undefined) throw readParameterNotFound();
    return found;
  }
  const parameter = await findParameter(name, context);
  if (parameter === undefined) throw readParameterNotFound();
  const { selector } = named;
  const version = await requireVersion(parameter, selector, context);
  const shown = await shownParameter(parameter, { version, ...reading }, context);
  return {
    ...shown,
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/ssm/test_ssm.py (validated: test_put_parameters, by the name that was asked for)
    ...(!name.startsWith("arn:") && { Name: name.split(":")[0] }),
    ...(selector !== undefined && { Selector: `:${selector}` }),
  };
}

/** @throws {AwsError} `ParameterVersionNotFound` */
async function requireVersion(
  parameter: Parameter,
  selector: string | undefined,
  { tx }: Context,
): Promise<ParameterVersion> {
  const { name, labels } = parameter;
  const isNumber = selector !== undefined && /^\d+$/.test(selector);
  const labelled = selector === undefined ? parameter.version : findOwn(labels, selector);
  const number = isNumber ? Number(selector) : labelled;
  const version = number === undefined ? undefined : await findVersion(parameter, number, tx);
  if (version !== undefined) return version;
  throw isNumber ? versionNotFound(selector, name) : labelNotFound(selector ?? "", name);
}

interface Shown extends Reading {
  readonly version: ParameterVersion;
}

export async function shownParameter(parameter: Parameter, { version, decrypts }: Shown, context: Context) {
  const opens = decrypts && version.type === "SecureString";
  return {
    Name: parameter.name,
    Type: version.type,
    Value: opens ? await openValue(version.value, { ...parameter, tier: version.tier }, context) : version.value,
    Version: version.version,
    LastModifiedDate: new Date(version.modifiedAtMs),
    ARN: arnOf(parameter),
    DataType: version.dataType,
  };
}
