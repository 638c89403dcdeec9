/** How long items are kept. Source: https://docs.aws.amazon.com/config/latest/developerguide/delete-config-data-with-retention-period.html */
import { table, type Transaction } from "../../../kernel/table.ts";
import { retentionNotFound, tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { RETENTION_DAYS_USUAL } from "../limits.ts";

interface Retention {
  readonly days: number;
}

const retentions = table<Retention>("config.retention", "region", () => []);
/** There is one of each account and region. */
const NAME = "default";

export const retentionDaysOf = async (tx: Transaction): Promise<number> =>
  (await tx.get(retentions))?.days ?? RETENTION_DAYS_USUAL;

export const putRetentionConfiguration = operation("PutRetentionConfiguration", {
  authorize: () => ({ action: "config:PutRetentionConfiguration", resource: "*" }),

  async handle({ RetentionPeriodInDays: days }, { tx }) {
    tx.put(retentions, { days });
    return { RetentionConfiguration: { Name: NAME, RetentionPeriodInDays: days } };
  },
});

export const describeRetentionConfigurations = operation("DescribeRetentionConfigurations", {
  authorize: () => ({ action: "config:DescribeRetentionConfigurations", resource: "*" }),

  async handle({ RetentionConfigurationNames: names = [], NextToken }, { tx }) {
    if (NextToken !== undefined) throw tokenInvalid();
    const kept = await tx.get(retentions);
    const unknown = names.find((name) => kept === undefined || name !== NAME);
    if (unknown !== undefined) throw retentionNotFound(unknown);
    return { RetentionConfigurations: kept ? [{ Name: NAME, RetentionPeriodInDays: kept.days }] : [] };
  },
});

export const deleteRetentionConfiguration = operation("DeleteRetentionConfiguration", {
  authorize: () => ({ action: "config:DeleteRetentionConfiguration", resource: "*" }),

  async handle({ RetentionConfigurationName: name }, { tx }) {
    if (name !== NAME || (await tx.get(retentions)) === undefined) throw retentionNotFound(name);
    tx.delete(retentions);
    return {};
  },
});
