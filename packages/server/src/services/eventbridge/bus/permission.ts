/**
 * The policy of a bus: whole, or statement by statement.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 */
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import { onBus } from "../access.ts";
import { arnOf, buses, homeOf, requireBus, type Bus } from "./row.ts";
import {
  permissionActionInvalid,
  permissionMissing,
  policyMalformed,
  policyTooLong,
  statementNotFound,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { POLICY_CHARACTERS_MAX } from "../limits.ts";

interface Statement {
  readonly Sid?: unknown;
  readonly [member: string]: unknown;
}

interface GivenStatement {
  readonly Action?: string | undefined;
  readonly Principal?: string | undefined;
  readonly StatementId?: string | undefined;
  readonly Condition?: { readonly Type?: string; readonly Key?: string; readonly Value?: string } | undefined;
}

export const putPermission = operation("PutPermission", {
  authorize: ({ EventBusName }, context) => onBus("PutPermission", EventBusName, context),

  async handle({ EventBusName, Policy, ...given }, context) {
    const bus = await requireBus(EventBusName, context);
    if (Policy !== undefined) await putPolicy(bus, Policy, context);
    else {
      const statement = statementOf(given, bus);
      const others = (await statementsOf(bus, context)).filter(({ Sid }) => Sid !== statement.Sid);
      await putStatements(bus, [...others, statement], context);
    }
    return {};
  },
});

/** @throws {AwsError} `ValidationException` */
function statementOf({ Action, Principal, StatementId, Condition }: GivenStatement, bus: Bus): Statement {
  if (Action === undefined) throw permissionMissing("Action");
  if (Principal === undefined) throw permissionMissing("Principal");
  if (StatementId === undefined) throw permissionMissing("StatementId");
  if (Action !== "events:PutEvents") throw permissionActionInvalid();
  const principal = Principal === "*" ? "*" : { AWS: `arn:${bus.partition}:iam::${Principal}:root` };
  const { Type = "", Key = "", Value = "" } = Condition ?? {};
  return {
    Sid: StatementId,
    Effect: "Allow",
    Principal: principal,
    Action,
    Resource: arnOf(bus),
    ...(Condition !== undefined && { Condition: { [Type]: { [Key]: Value } } }),
  };
}

export const removePermission = operation("RemovePermission", {
  authorize: ({ EventBusName }, context) => onBus("RemovePermission", EventBusName, context),

  async handle({ EventBusName, StatementId, RemoveAllPermissions }, context) {
    const bus = await requireBus(EventBusName, context);
    if (RemoveAllPermissions) {
      await putStatements(bus, [], context);
      return {};
    }
    if (StatementId === undefined) throw permissionMissing("StatementId");
    const statements = await statementsOf(bus, context);
    const others = statements.filter(({ Sid }) => Sid !== StatementId);
    if (others.length === statements.length) throw statementNotFound();
    await putStatements(bus, others, context);
    return {};
  },
});

async function statementsOf({ policy, ...place }: Bus, { directory, tx }: Context): Promise<readonly Statement[]> {
  if (policy === undefined) return [];
  const { Statement: all }: { Statement: Statement | readonly Statement[] } = JSON.parse(
    await directory.showPrincipals(policy, { ...place, tx }),
  );
  return isList(all) ? all : [all];
}

const isList = (all: Statement | readonly Statement[]): all is readonly Statement[] => Array.isArray(all);

async function putStatements(bus: Bus, statements: readonly Statement[], context: Context): Promise<void> {
  if (statements.length > 0) {
    await putPolicy(bus, JSON.stringify({ Version: "2012-10-17", Statement: statements }), context);
    return;
  }
  const { policy: _was, ...bare } = bus;
  homeOf(bus, context.tx).put(buses, { ...bare, changedAtMs: context.now().getTime() });
}

/** @throws {AwsError} `ValidationException`, `PolicyLengthExceededException` */
async function putPolicy(bus: Bus, text: string, context: Context): Promise<void> {
  if (text.length > POLICY_CHARACTERS_MAX) throw policyTooLong();
  const rules = { actions: await busActions(), isResource: () => true, applies: () => true };
  if (validatePolicy(text, "resource", rules)) throw policyMalformed();
  const pinned = await context.directory.pinPrincipals(text, { ...bus, tx: context.tx });
  if (pinned.kind === "unknown") throw policyMalformed();
  homeOf(bus, context.tx).put(buses, { ...bus, policy: pinned, changedAtMs: context.now().getTime() });
}

async function busActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../../models/iam/events.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `events:${String(name)}`);
}
