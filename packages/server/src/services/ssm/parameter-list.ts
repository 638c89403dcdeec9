/** Lists of parameters: by path with their values, and described. */
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { pathInvalid, twoKindsOfFilters } from "./errors.ts";
import { isPath, requireFilters, type FilterRules, type Matches, type StringFilter } from "./filter.ts";
import { shownParameter, type Reading } from "./get-parameter.ts";
import { operation } from "./kit.ts";
import { shownPolicies } from "./lifecycle-policy.ts";
import { BY_PATH_PER_PAGE, DESCRIBED_PER_PAGE } from "./limits.ts";
import { arnOf, findVersion, parameters, type Parameter } from "./parameter-row.ts";
import { pageBelow } from "./path-walk.ts";
import { isPublicName, publicBelow } from "./public-parameter.ts";
import { pageOf } from "../../kernel/page.ts";
import { tokenInvalid } from "./errors.ts";
import { parseAccountId, parseArn } from "../../kernel/arn.ts";

const BY_PATH: FilterRules = { keys: ["Type", "KeyId", "Label"], listed: "Type, KeyId" };
const DESCRIBED: FilterRules = {
  keys: ["Path", "Name", "Type", "KeyId", "Tier", "DataType", "tag"],
  listed: "Path, Name, Type, KeyId, Tier",
};

export const getParametersByPath = operation("GetParametersByPath", {
  authorize: ({ Path, Recursive = false }, context) =>
    onParameter("GetParametersByPath", Path, context, { keys: { "ssm:Recursive": String(Recursive) } }),

  async handle(input, context) {
    const { Path, Recursive = false, ParameterFilters = [], MaxResults, NextToken: token } = input;
    if (!isPath(Path)) throw pathInvalid();
    const path = Path.replace(/\/$/, "");
    const limit = MaxResults ?? BY_PATH_PER_PAGE.usual;
    const reading = { decrypts: input.WithDecryption ?? false };
    if (isPublicName(`${path}/`)) {
      const { rows, next } = pageOf(publicBelow(path, Recursive, context), {
        token,
        limit,
        orderOf: ({ Name }) => [Name],
        invalidToken: tokenInvalid,
      });
      return { Parameters: [...rows], ...(next !== undefined && { NextToken: next }) };
    }
    const label = ParameterFilters.find(({ Key }) => Key === "Label");
    const plain = requireFilters(
      ParameterFilters.filter((filter) => filter !== label),
      BY_PATH,
    );
    const matches: Matches = (parameter) => plain(parameter) && numberOf(parameter, label) !== undefined;
    const { rows, next } = await pageBelow({ path, isRecursive: Recursive, token, limit, matches }, context.tx);
    const found = await Promise.all(rows.map((parameter) => shownAs(parameter, { label, reading }, context)));
    return { Parameters: found.filter((one) => one !== undefined), ...(next !== undefined && { NextToken: next }) };
  },
});

/** Of a parameter the version that the label is on, the newest where none is asked for. */
function numberOf({ labels, version }: Parameter, label: StringFilter | undefined): number | undefined {
  if (label === undefined) return version;
  const name = (label.Values ?? []).find((value) => Object.hasOwn(labels, value));
  return name === undefined ? undefined : labels[name];
}

interface As {
  readonly label: StringFilter | undefined;
  readonly reading: Reading;
}

async function shownAs(parameter: Parameter, { label, reading }: As, context: Context) {
  const number = numberOf(parameter, label);
  const version = number === undefined ? undefined : await findVersion(parameter, number, context.tx);
  return version && shownParameter(parameter, { version, ...reading }, context);
}

export const describeParameters = operation("DescribeParameters", {
  authorize: () => ({ action: "ssm:DescribeParameters", resource: "*" }),

  async handle(input, context) {
    const { Filters = [], ParameterFilters = [], MaxResults, NextToken: token, Shared = false } = input;
    if (Filters.length > 0 && ParameterFilters.length > 0) throw twoKindsOfFilters();
    const old = Filters.map(({ Key, Values }) => ({ Key, Option: "BeginsWith", Values }));
    const matches = requireFilters([...old, ...ParameterFilters], DESCRIBED);
    const limit = MaxResults ?? DESCRIBED_PER_PAGE.usual;
    const { rows, next } = Shared
      ? pageOf((await sharedWithMe(context)).filter(matches), {
          token,
          limit,
          orderOf: (parameter) => [arnOf(parameter)],
          invalidToken: tokenInvalid,
        })
      : await pageBelow({ path: "", isRecursive: true, token, limit, matches }, context.tx);
    return { Parameters: rows.map(described), ...(next !== undefined && { NextToken: next }) };
  },
});

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html */
async function sharedWithMe({ sharing, account, region, tx }: Context): Promise<readonly Parameter[]> {
  const shared = await sharing.sharedWith(account, { type: "ssm:Parameter", region }, tx);
  const found = await Promise.all(
    shared.map(async ({ arn }) => {
      const parts = parseArn(arn);
      const owner = parseAccountId(parts?.account ?? "");
      if (parts === undefined || owner === undefined) return undefined;
      return tx.in({ account: owner, region }).get(parameters, parts.resource.replace(/^parameter/, ""));
    }),
  );
  return found.filter((parameter) => parameter !== undefined);
}

function described(parameter: Parameter) {
  const { description, allowedPattern, keyId, policies = [] } = parameter;
  return {
    Name: parameter.name,
    ARN: arnOf(parameter),
    Type: parameter.type,
    ...(keyId !== undefined && { KeyId: keyId }),
    LastModifiedDate: new Date(parameter.modifiedAtMs),
    LastModifiedUser: parameter.modifiedBy,
    ...(description !== undefined && { Description: description }),
    ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
    Version: parameter.version,
    Tier: parameter.tier,
    Policies: shownPolicies(policies),
    DataType: parameter.dataType,
  };
}
