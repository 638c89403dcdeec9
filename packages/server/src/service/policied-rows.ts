import type { PinnedPolicy } from "../identity/directory.ts";
import { everyRow } from "../kernel/every-row.ts";
import type { Table } from "../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "./policied.ts";

interface PoliciedRows<Row> {
  /** In CloudFormation's words: `AWS::SQS::Queue`. */
  readonly type: string;
  /** All of an account. */
  readonly rows: Table<Row>;
  /** The row that the ARN is of, if any is: it is compared with the row's own. */
  readonly find: (arn: string, place: PoliciedPlace) => Promise<Row | undefined>;
  /** `undefined`: it does not count any more. */
  readonly show: (row: Row, place: PoliciedPlace) => Promise<ShownRow | undefined>;
}

type ShownRow = Omit<PoliciedResource, "owner" | "publicAccess">;

/** A type of resource whose policies are a table's rows, or stand by them, and may be public. */
export const policiedRows = <Row>({ type, rows, find, show }: PoliciedRows<Row>): Policied => ({
  type,

  async list(place) {
    const found: PoliciedResource[] = [];
    for await (const row of everyRow(place.tx, rows)) {
      const shown = await show(row, place);
      if (shown !== undefined) found.push(withOwner(shown, place));
    }
    return found;
  },

  async find(arn, place) {
    const row = await find(arn, place);
    const shown = row && (await show(row, place));
    return shown?.arn === arn ? withOwner(shown, place) : undefined;
  },
});

const withOwner = (shown: ShownRow, { account: owner }: PoliciedPlace): PoliciedResource => ({
  ...shown,
  owner,
  publicAccess: "possible",
});

/** The text of a policy that is kept with unique ids, as its readers see it. */
export const shownPolicy = async (
  policy: PinnedPolicy | undefined,
  place: PoliciedPlace,
): Promise<string | undefined> => policy && place.directory.showPrincipals(policy, place);
