/**
 * What EventBridge hears of parameters.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html#reference-eventbridge-events-parameter-store
 */
import type { Context } from "../../service/context.ts";
import type { LifecyclePolicy } from "./lifecycle-policy.ts";
import { arnOf, type Parameter } from "./parameter-row.ts";

export const tellOfChange = (
  operation: "Create" | "Update" | "Delete" | "LabelParameterVersion",
  parameter: Parameter,
  context: Context,
): Promise<void> =>
  context.announce(
    {
      source: "aws.ssm",
      detailType: "Parameter Store Change",
      resources: [arnOf(parameter)],
      detail: {
        operation,
        name: parameter.name,
        type: parameter.type,
        ...(parameter.description !== undefined && { description: parameter.description }),
      },
    },
    parameter,
  );

export const tellOfPolicy = (parameter: Parameter, policy: LifecyclePolicy, context: Context): Promise<void> =>
  context.announce(
    {
      source: "aws.ssm",
      detailType: "Parameter Store Policy Action",
      resources: [arnOf(parameter)],
      detail: {
        "action-reason": "",
        "action-status": "Success",
        "parameter-name": parameter.name,
        "parameter-type": parameter.type,
        "policy-type": policy.type,
        "policy-content": policy.text,
      },
    },
    parameter,
  );
