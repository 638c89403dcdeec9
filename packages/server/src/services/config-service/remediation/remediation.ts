/**
 * What is to be done about a rule's findings. It is kept; nothing is done until there is Systems Manager's automation.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationConfigurations.html
 */
import type { RemediationConfiguration } from "@aws-sdk/client-config-service";
import type { Context } from "../../../service/context.ts";
import { notImplemented, remediationNotFound } from "../errors.ts";
import { configArn, operation } from "../kit.ts";
import { remediations, type Remediation } from "./row.ts";
import { onRule } from "../rule/rule.ts";
import { requireRule } from "../rule/row.ts";

const shown = ({ id, given }: Remediation, context: Context): RemediationConfiguration => ({
  ...given,
  Arn: configArn(context, `remediation-configuration/${id}`),
});

export const putRemediationConfigurations = operation("PutRemediationConfigurations", {
  authorize: ({ RemediationConfigurations }, context) =>
    RemediationConfigurations.map(() => ({
      action: "config:PutRemediationConfigurations",
      resource: configArn(context, "remediation-configuration/*"),
    })),

  async handle({ RemediationConfigurations }, context) {
    for (const { Arn: _arn, ...given } of RemediationConfigurations) {
      const { ConfigRuleName: rule, Automatic } = given;
      await requireRule(rule, context.tx);
      // carried out by nobody, it would be a rule that says it repairs and does not
      if (Automatic === true) throw notImplemented("automatic remediation: Systems Manager's automation is not there");
      const before = await context.tx.get(remediations, rule);
      context.tx.put(remediations, { rule, id: before?.id ?? context.newId(), given: plain(given) });
    }
    return { FailedBatches: [] };
  },
});

/** Without what is not there. */
const plain = (given: object): Remediation["given"] => JSON.parse(JSON.stringify(given));

export const describeRemediationConfigurations = operation("DescribeRemediationConfigurations", {
  authorize: () => ({ action: "config:DescribeRemediationConfigurations", resource: "*" }),

  async handle({ ConfigRuleNames: names }, context) {
    const found = await Promise.all(names.map((name) => context.tx.get(remediations, name)));
    const there = found.filter((row) => row !== undefined);
    return { RemediationConfigurations: there.map((row) => shown(row, context)) };
  },
});

export const deleteRemediationConfiguration = operation("DeleteRemediationConfiguration", {
  authorize: ({ ConfigRuleName }, context) => onRule("DeleteRemediationConfiguration")(ConfigRuleName, context),

  async handle({ ConfigRuleName: name, ResourceType: type }, { tx }) {
    const row = await tx.get(remediations, name);
    if (row === undefined || (type !== undefined && row.given.ResourceType !== type)) throw remediationNotFound();
    tx.delete(remediations, name);
    return {};
  },
});
