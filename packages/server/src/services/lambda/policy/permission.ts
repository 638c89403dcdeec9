/**
 * Who may invoke a function: its own policy, a statement at a time.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onQualified } from "../access.ts";
import { requireNamed } from "../function/alias.ts";
import { noPolicy, noPolicyFor, policyOfLatest, resourceMissing } from "../errors.ts";
import { functionArn, LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { findFunction, type Target } from "../function/row.ts";
import { operation, type LambdaSdk } from "../kit.ts";
import { policies, policyOf, type FunctionPolicy } from "./row.ts";
import { requireRevision } from "../revision.ts";
import {
  documentOf,
  pinned,
  principalOf,
  type PolicyDocument,
  withoutStatement,
  withStatement,
  type Statement,
} from "./statement.ts";

type Added = InputOf<LambdaSdk, "AddPermission">;

export const addPermission = operation("AddPermission", {
  authorize: ({ FunctionName, Qualifier, Principal, FunctionUrlAuthType }, context) =>
    onQualified("AddPermission", { name: FunctionName, qualifier: Qualifier }, context, {
      keys: { "lambda:Principal": Principal, "lambda:FunctionUrlAuthType": FunctionUrlAuthType },
    }),

  async handle(input, context) {
    const place = placeOf(input.FunctionName, context, input.Qualifier);
    if (place.qualifier === LATEST) throw policyOfLatest();
    const target = await requireNamed(place);
    const policy = await policyOf(place);
    requireRevision(revisedOf(policy, target), input.RevisionId, "GetPolicy");
    const added = statementOf(input, place);
    await putPolicy(place, withStatement(await documentOf(policy, place, context), added), context);
    return { Statement: JSON.stringify(added) };
  },
});

export const removePermission = operation("RemovePermission", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("RemovePermission", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier, StatementId, RevisionId }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    if ((await findFunction(place)) === undefined) throw noPolicyFor(functionArn(place, place.qualifier));
    const target = await requireNamed(place);
    const policy = await policyOf(place);
    if (policy === undefined) throw noPolicy();
    const left = withoutStatement(await documentOf(policy, place, context), StatementId);
    requireRevision(revisedOf(policy, target), RevisionId, "GetPolicy");
    await putPolicy(place, left, context);
    return {};
  },
});

export const getPolicy = operation("GetPolicy", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetPolicy", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    const policy = await policyOf(place);
    if (policy === undefined) throw resourceMissing();
    return { Policy: await context.directory.showPrincipals(policy, place), RevisionId: policy.revisionId };
  },
});

/** Where there is no policy yet, its revision is that of what it is for. */
const revisedOf = (policy: FunctionPolicy | undefined, { alias, configuration }: Target) =>
  policy ?? alias ?? configuration;

function statementOf(input: Added, place: FunctionPlace): Statement {
  const Condition = conditionOf(input);
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(input.Principal, place.partition),
    Action: input.Action,
    Resource: functionArn(place, place.qualifier),
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

function conditionOf(input: Added): NonNullable<Statement["Condition"]> {
  const { SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken, FunctionUrlAuthType, InvokedViaFunctionUrl } =
    input;
  const equals = {
    ...(SourceAccount !== undefined && { "AWS:SourceAccount": SourceAccount }),
    ...(EventSourceToken !== undefined && { "lambda:EventSourceToken": EventSourceToken }),
    ...(PrincipalOrgID !== undefined && { "aws:PrincipalOrgID": PrincipalOrgID }),
    ...(FunctionUrlAuthType !== undefined && { "lambda:FunctionUrlAuthType": FunctionUrlAuthType }),
  };
  return {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": SourceArn } }),
    ...(InvokedViaFunctionUrl !== undefined && {
      Bool: { "lambda:InvokedViaFunctionUrl": String(InvokedViaFunctionUrl) },
    }),
  };
}

async function putPolicy(place: FunctionPlace, document: PolicyDocument, context: Context): Promise<void> {
  const { name, tx, qualifier = "" } = place;
  if (document.Statement.length === 0) {
    tx.delete(policies, name, qualifier);
    return;
  }
  const policy = await pinned(JSON.stringify(document), place, context);
  tx.put(policies, { ...policy, name, qualifier, revisionId: context.newId() });
}
